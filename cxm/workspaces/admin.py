"""Staff doors to the settings of a workspace."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.decorators import action

from cxm.workspaces.admin_base import WorkspaceAdmin, workspace_of
from cxm.workspaces.keyscopes import SCOPES
from cxm.workspaces.models import ApiKey, AuditEntry, Membership, User, Workspace
from cxm.workspaces.services import give_token, revoke_api_key

# Roles take the place of groups; the schedule's tables are the operator's, in code.
admin.site.unregister(Group)
for schedule in (ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule):
    admin.site.unregister(schedule)


@admin.register(Workspace)
class WorkspaceSettingsAdmin(WorkspaceAdmin):
    """The settings of the current workspace."""

    fieldsets = (
        (None, {"fields": ("name", "timezone", "language")}),
        (
            _("What customers see"),
            {
                "fields": (
                    "brand_color",
                    "legal_name",
                    "address",
                    "contact_email",
                    "privacy_url",
                    "sender_name",
                    "sender_email",
                )
            },
        ),
        (
            _("Rules"),
            {
                "fields": (
                    "min_answers",
                    "min_visits",
                    "confidence",
                    "contact_gap_days",
                    "answer_retention_months",
                    "interaction_retention_months",
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return the current workspace alone; it has no workspace above it."""
        workspace = workspace_of(request)
        if workspace is None:
            return Workspace.objects.none()
        return Workspace.objects.filter(pk=workspace.pk)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Open the settings at once: there is one workspace to list."""
        workspace = workspace_of(request)
        if workspace is None or not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:workspaces_workspace_change", workspace.pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Workspaces are added by the operator, with `manage.py create_owner`."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes a whole workspace by a click."""
        return False


class MembershipForm(forms.ModelForm[Membership]):
    """Invites a colleague by e-mail address, or changes their role."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    password = forms.CharField(
        label=_("First password"),
        required=False,
        widget=forms.PasswordInput(render_value=False),
        help_text=_("Only for somebody who does not log in here yet. Ask them to change it."),
    )

    class Meta:
        model = Membership
        fields = ("role", "title")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.user_id:
            for name in ("email", "name", "password"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Find the user, or check that a new one can be made."""
        data = super().clean() or {}
        if "email" not in self.fields or "email" not in data:
            return data
        user = User.objects.filter(email=data["email"].strip().lower()).first()
        if user is None and len(data.get("password") or "") < 10:
            self.add_error("password", _("Choose a password of at least 10 characters."))
        elif user is not None and Membership.objects.filter(user=user).exists():
            self.add_error("email", _("This user is a member already."))
        if user is not None:
            self.instance.user = user
        return data

    def _post_clean(self) -> None:
        # The user of a new member may not exist yet; the rest of the row is checked as usual.
        if "email" in self.fields and self.instance.user_id is None and not self.errors:
            self.instance.user = User.objects.create_user(
                self.cleaned_data["email"],
                self.cleaned_data["password"],
                name=self.cleaned_data["name"] or self.cleaned_data["email"].partition("@")[0],
            )
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, not in the stubs


@admin.register(Membership)
class MembershipAdmin(WorkspaceAdmin):
    """Who works in this workspace, and as what."""

    form = MembershipForm
    list_display = ("person", "email", "role", "title", "last_login")
    list_filter = ("role",)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email", "title")

    @admin.display(description=_("Name"), ordering="user__name")
    def person(self, member: Membership) -> str:
        """Return the user's name."""
        return str(member.user)

    @admin.display(description=_("E-mail address"), ordering="user__email")
    def email(self, member: Membership) -> str:
        """Return the address the user logs in with."""
        return member.user.email

    @admin.display(description=_("Last login"), ordering="user__last_login")
    def last_login(self, member: Membership) -> object:
        """Return when the user was here last."""
        return member.user.last_login

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Ask for the person only when adding one."""
        person = [] if obj else ["email", "name", "password"]
        return [*person, "role", "title"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep at least one owner."""
        if isinstance(obj, Membership) and obj.role == Membership.Role.OWNER:
            owners = Membership.objects.filter(role=Membership.Role.OWNER, workspace=obj.workspace)
            if owners.count() < 2:
                return False
        return bool(super().has_delete_permission(request, obj))

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer no deletion of many: one owner must stay."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class ApiKeyForm(forms.ModelForm[ApiKey]):
    """A new key; scopes are chosen, not typed."""

    scopes = forms.MultipleChoiceField(
        label=_("May use"),
        choices=[(name, _("everything") if name == "*" else name) for name in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "expires_at")


@admin.register(ApiKey)
class ApiKeyAdmin(WorkspaceAdmin):
    """Keys for other systems. The text of a key is shown once, right after it was made."""

    form = ApiKeyForm
    list_display = ("name", "begins_with", "shown_scopes", "last_used_at", "expires_at", "state")
    search_fields = ("name", "prefix")
    actions_detail = ("revoke",)

    @admin.display(description=_("Begins with"))
    def begins_with(self, key: ApiKey) -> str:
        """Return the first characters, by which a key is recognised."""
        return f"{key.prefix}…"

    @admin.display(description=_("May use"))
    def shown_scopes(self, key: ApiKey) -> str:
        """Return the scopes as one line."""
        return ", ".join(key.scopes)

    @admin.display(description=_("State"))
    def state(self, key: ApiKey) -> str:
        """Return whether the key still opens."""
        return str(_("revoked") if key.revoked_at else _("active"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is made and revoked, never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A revoked key stays, so that the log still names it."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        """Make the key and show it this once."""
        token = give_token(obj)
        obj.created_by = request.user if isinstance(request.user, User) else None
        super().save_model(request, obj, form, change)
        messages.success(
            request,
            format_html(
                "{} <code class='cxm-secret'>{}</code>",
                _("Copy the key now; it is not shown again:"),
                token,
            ),
        )

    @action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Close the door to this key."""
        key = get_object_or_404(self.get_queryset(request), pk=object_id)
        revoke_api_key(key=key)
        messages.success(request, _("The key is revoked."))
        return redirect("admin:workspaces_apikey_changelist")

    def has_revoke_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may add keys may revoke them."""
        return bool(self.has_add_permission(request))


@admin.register(AuditEntry)
class AuditEntryAdmin(WorkspaceAdmin):
    """What was changed, by whom, when. Nobody changes it here."""

    list_display = ("created_at", "actor_name", "action", "object_kind", "object_name", "summary")
    list_filter = ("action", "object_kind")
    search_fields = ("actor_name", "object_name", "object_id")
    date_hierarchy = "created_at"
    list_fullwidth = True

    @admin.display(description=_("Changes"))
    def summary(self, entry: AuditEntry) -> str:
        """Return the changes as one line."""
        return "; ".join(
            f"{name}: {old or '–'} → {new or '–'}" for name, (old, new) in entry.changes.items()
        )[:160]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The log is written by doors only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The log is never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The log is never shortened by hand."""
        return False
