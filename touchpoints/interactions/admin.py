"""Staff doors to sources, quarantine and mappings. Interactions have a page of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from cxm.workspaces import audit
from cxm.workspaces.admin_base import WorkspaceAdmin, workspace_of
from touchpoints.interactions import services
from touchpoints.interactions.models import ImportMapping, Quarantined, Source

# Rows tried again by one click: a request has to end.
MOST_REPLAYED = 5000


@admin.register(Source)
class SourceAdmin(WorkspaceAdmin):
    """Systems that send interactions. The text of a key is shown once, right after it was made."""

    lead = _(
        "Systems that send interactions. Point a Segment client at this site with a source's key, "
        "or import a file with manage.py import_interactions."
    )
    list_display = ("name", "kind", "begins_with", "last_seen_at", "expected_hours", "state")
    list_filter = ("kind",)
    search_fields = ("name", "prefix")
    fields = ("name", "expected_hours")
    actions = ("new_key", "revoke")

    @admin.display(description=_("Key"), empty_value="–")
    def begins_with(self, source: Source) -> str | None:
        """Return the first characters, by which a key is recognised."""
        return f"{source.prefix}…" if source.prefix else None

    @admin.display(description=_("State"))
    def state(self, source: Source) -> str:
        """Return whether the source may send."""
        if source.revoked_at:
            return str(_("revoked"))
        return str(_("active") if source.last_seen_at else _("nothing came yet"))

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        """Save; a new source gets its key, which is shown this once."""
        if change:
            super().save_model(request, obj, form, change)
            return
        self._show_key(request, services.give_key(source=obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A source stays, since interactions name it; revoke it instead."""
        return False

    @admin.action(description=_("Give a new key"), permissions=["rekey"])
    def new_key(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Give the chosen sources other keys; those before stop working."""
        for source in queryset.filter(revoked_at=None):
            self._show_key(request, services.give_key(source=source))
            audit.record("changed the key of", source, {})

    @admin.action(description=_("Revoke"), permissions=["rekey"])
    def revoke(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Close the door to the chosen sources."""
        for source in queryset:
            services.revoke_source(source=source)
        messages.success(request, _("Revoked; what was sent stays."))

    def has_rekey_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may add sources may give and revoke keys."""
        return bool(self.has_add_permission(request))

    def _show_key(self, request: HttpRequest, token: str) -> None:
        messages.success(
            request,
            format_html(
                "{} <code class='cxm-secret'>{}</code>",
                _("Copy the key now; it is not shown again:"),
                token,
            ),
        )


@admin.register(Quarantined)
class QuarantinedAdmin(WorkspaceAdmin):
    """What came in and could not be stored."""

    lead = _(
        "Rows that came in and could not be stored, as they came, with the reason. Mend the cause, "
        "then try them again: none is counted twice."
    )
    list_display = ("received_at", "reason", "detail", "source", "outcome", "replayed_at")
    list_filter = ("outcome", "reason", "source")
    list_select_related = ("source",)
    search_fields = ("detail", "raw")
    readonly_fields = (
        "source",
        "received_at",
        "reason",
        "detail",
        "origin",
        "outcome",
        "replayed_at",
        "raw",
    )
    fields = readonly_fields
    actions = ("try_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come in by doors, not by hand."""
        return False

    def has_replay_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change the room may try rows again."""
        return bool(request.user.has_perm("interactions.change_quarantined"))

    @admin.action(description=_("Try the selected rows again"), permissions=["replay"])
    def try_again(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Try the chosen rows again and say what became of them."""
        workspace = workspace_of(request)
        if workspace is None:
            return
        waiting = queryset.filter(outcome=Quarantined.Outcome.OPEN).order_by("received_at", "pk")
        ids = list(waiting.values_list("pk", flat=True)[:MOST_REPLAYED])
        counts = services.replay(workspace=workspace, ids=ids)
        audit.record(
            "tried again rows of",
            workspace,
            {"stored": (0, counts.stored), "read": (0, counts.read)},
        )
        messages.success(
            request,
            text(
                "%(read)d tried again: %(stored)d stored, %(duplicate)d there already, "
                "%(quarantined)d still refused."
            )
            % {
                "read": counts.read,
                "stored": counts.stored,
                "duplicate": counts.duplicate,
                "quarantined": counts.quarantined,
            },
        )


@admin.register(ImportMapping)
class ImportMappingAdmin(WorkspaceAdmin):
    """How rows of files become interactions, as imported last."""

    lead = _("How rows of files become interactions, as they were imported last.")
    list_display = ("name", "updated_at")
    search_fields = ("name",)
    fields = ("name", "content")
    readonly_fields = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A mapping comes with an import."""
        return False
