"""Staff doors to responses: read, and note that a reply was given."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cxm.workspaces import audit
from cxm.workspaces.admin_base import WorkspaceAdmin, WorkspaceTabularInline
from surveys.questionnaires.kinds import COMMENT, NPS
from surveys.responses.models import Answer, Response
from surveys.responses.services import mark_replied


class AnswerInline(WorkspaceTabularInline):
    """The answers of a response."""

    model = Answer
    fields = ("question", "number", "text")
    readonly_fields = fields
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Customers answer, not we."""
        return False


class ReplyFilter(admin.SimpleListFilter):
    """Who asked for a reply, and whether they got one."""

    title = _("reply")
    parameter_name = "reply"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """Return the choices."""
        return [("open", _("asked for, not given")), ("given", _("given"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Response]) -> QuerySet[Response]:
        """Keep what was chosen."""
        if self.value() == "open":
            return queryset.filter(wants_reply=True, replied_at=None)
        if self.value() == "given":
            return queryset.filter(replied_at__isnull=False)
        return queryset


@admin.register(Response)
class ResponseAdmin(WorkspaceAdmin):
    """Every response with its score and comment."""

    lead = _("Every answer, newest first.")
    list_display = (
        "submitted_at",
        "customer",
        "survey",
        "score",
        "comment",
        "wants_reply",
        "reply_due_at",
        "replied_at",
    )
    list_filter = (ReplyFilter, "survey", "via")
    list_select_related = ("customer", "survey")
    search_fields = ("customer__number__iexact", "customer__name", "answers__text")
    list_fullwidth = True
    inlines: ClassVar[list[type[WorkspaceTabularInline]]] = [AnswerInline]
    actions = ("note_reply",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Add score and comment to each row."""
        answers = Answer.objects.filter(response=OuterRef("pk")).order_by()
        rows: QuerySet[Any] = super().get_queryset(request)
        found: QuerySet[Any] = rows.annotate(
            n_score=Subquery(answers.filter(question__kind=NPS).values("number")[:1]),
            words=Subquery(answers.filter(question__kind=COMMENT).values("text")[:1]),
        )
        return found

    @admin.display(description=_("Score"), ordering="n_score")
    def score(self, response: Any) -> int | None:
        """Return the chosen number."""
        found: int | None = response.n_score
        return found

    @admin.display(description=_("Comment"))
    def comment(self, response: Any) -> str:
        """Return the beginning of the comment."""
        words: str = response.words or ""
        return words if len(words) <= 80 else f"{words[:79]}…"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Answers come from customers, or through the API from who spoke with them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a customer said is not edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Figures stand on it; erasing the customer takes the words away and leaves the number."""
        return False

    def has_reply_permission(self, request: HttpRequest) -> bool:
        """Who may write in this room may say that a reply was given."""
        return bool(request.user.has_perm("responses.change_response"))

    @admin.action(description=_("A reply was given"), permissions=["reply"])
    def note_reply(self, request: HttpRequest, queryset: QuerySet[Response]) -> None:
        """Note that the promise was kept."""
        rows = list(queryset.filter(wants_reply=True, replied_at=None))
        changed = mark_replied(responses=[row.pk for row in rows])
        for row in rows:
            audit.record("replied", row, {})
        messages.success(
            request,
            ngettext("%(n)s reply noted.", "%(n)s replies noted.", changed) % {"n": changed},
        )
