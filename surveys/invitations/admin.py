"""Staff doors to campaigns and invitations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action

from cxm.workspaces import audit
from cxm.workspaces.admin_base import WorkspaceAdmin, WorkspaceTabularInline, workspace_of
from surveys.invitations import services
from surveys.invitations.models import Campaign, CampaignText, Invitation
from surveys.invitations.words import reason_in_words


class CampaignTextInline(WorkspaceTabularInline):
    """What the campaign says, one row for each language."""

    model = CampaignText
    fields = ("language", "subject", "occasion")


@admin.register(Campaign)
class CampaignAdmin(WorkspaceAdmin):
    """Campaigns: a survey sent to a segment."""

    lead = _("Surveys sent to segments, and how far each sending is.")
    list_display = ("name", "survey", "whom", "status", "sent", "answered", "launched_at")
    list_filter = ("status",)
    list_select_related = ("survey", "segment")
    search_fields = ("name", "survey__name")
    autocomplete_fields = ("survey", "segment")
    fields = ("name", "survey", "segment", "expires_days")
    inlines: ClassVar[list[type[WorkspaceTabularInline]]] = [CampaignTextInline]
    actions_detail = ("send",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count what left and what was answered."""
        left = (Invitation.Status.SENT, Invitation.Status.UNCERTAIN)
        rows: QuerySet[Any] = super().get_queryset(request)
        found: QuerySet[Any] = rows.annotate(
            n_sent=Count("invitations", filter=Q(invitations__status__in=left)),
            n_answered=Count("invitations__answered_at"),
        )
        return found

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft may go: that somebody was asked stays known."""
        draft = obj is not None and obj.status == Campaign.Status.DRAFT
        return draft and bool(super().has_delete_permission(request, obj))

    @admin.display(description=_("Segment"))
    def whom(self, campaign: Campaign) -> str:
        """Return whom it is for."""
        return campaign.segment.name if campaign.segment else str(_("Everyone"))

    @admin.display(description=_("Sent"), ordering="n_sent")
    def sent(self, campaign: Any) -> int:
        """Return how many mails left."""
        return int(campaign.n_sent)

    @admin.display(description=_("Answered"), ordering="n_answered")
    def answered(self, campaign: Any) -> int:
        """Return how many customers answered."""
        return int(campaign.n_answered)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was launched is what was sent: only its name may still change."""
        if obj is not None and obj.status != Campaign.Status.DRAFT:
            return ("survey", "segment", "expires_days")
        return ()

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Go on to the page that says whom it would reach."""
        if "_addanother" in request.POST or "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("campaign_send", args=[obj.pk]))

    @action(description=_("Send and progress"))
    def send(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to the page that sends it."""
        return HttpResponseRedirect(reverse("campaign_send", args=[object_id]))


@admin.register(Invitation)
class InvitationAdmin(WorkspaceAdmin):
    """The outbox: every invitation and what became of it. Only the workers change it."""

    lead = _("Every invitation and what became of it.")
    list_display = ("customer", "campaign", "status", "why", "due_at", "sent_at", "answered_at")
    list_filter = ("status", "reason", "campaign")
    list_select_related = ("customer", "campaign")
    search_fields = ("customer__number__iexact", "customer__name", "campaign__name")
    date_hierarchy = "created_at"
    list_fullwidth = True
    actions = ("leave_as_sent", "send_again", "retry")

    @admin.display(description=_("Why"), ordering="reason")
    def why(self, invitation: Invitation) -> str:
        """Return the reason in words."""
        return reason_in_words(invitation.reason) if invitation.reason else ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Invitations come from campaigns."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the actions change one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """That somebody was asked stays known, or they would be asked again."""
        return False

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Who may send campaigns may settle what is uncertain."""
        return bool(request.user.has_perm("invitations.change_campaign"))

    @admin.action(description=_("Uncertain: it arrived, leave it as sent"), permissions=["send"])
    def leave_as_sent(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Settle uncertain ones as sent."""
        self._settle(request, queryset, "marked as sent", arrived=True)

    @admin.action(description=_("Uncertain: send it again"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Queue uncertain ones again."""
        self._settle(request, queryset, "sent again", arrived=False)

    @admin.action(description=_("Failed: try again"), permissions=["send"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """Queue failed ones again."""
        rows = list(queryset.filter(status=Invitation.Status.FAILED))
        changed = services.retry_failed(invitations=[row.pk for row in rows])
        self._say(request, rows, "tried again", changed)

    def _settle(
        self, request: HttpRequest, queryset: QuerySet[Invitation], verb: str, *, arrived: bool
    ) -> None:
        workspace = workspace_of(request)
        if workspace is None:
            return
        rows = list(queryset.filter(status=Invitation.Status.UNCERTAIN))
        changed = services.resolve_uncertain(
            workspace=workspace, invitations=[row.pk for row in rows], arrived=arrived
        )
        self._say(request, rows, verb, changed)

    def _say(self, request: HttpRequest, rows: list[Invitation], verb: str, changed: int) -> None:
        for row in rows:
            audit.record(verb, row, {})
        messages.success(
            request,
            ngettext("%(n)s invitation changed.", "%(n)s invitations changed.", changed)
            % {"n": changed},
        )
