"""The base of every staff door: scoped to the workspace, permissions by role, changes audited."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from cxm.workspaces import audit
from cxm.workspaces.models import Workspace, WorkspaceModel


def workspace_of(request: HttpRequest) -> Workspace | None:
    """Return the workspace of the request, None for a user who is a member of none."""
    found: Workspace | None = getattr(request, "workspace", None)
    return found


class WorkspaceAdmin(ModelAdmin):
    """Staff door to rows of the current workspace.

    Django's own log is not written: ``audit`` keeps the one log of changes.
    """

    compressed_fields = True
    warn_unsaved_form = True
    list_per_page = 50
    show_full_result_count = True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return the rows of the current workspace."""
        queryset: models.QuerySet[Any] = super().get_queryset(request)
        workspace = workspace_of(request)
        if workspace is None:
            return queryset.none()
        return queryset.filter(workspace_id=workspace.pk)

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Read an address without a scheme as https."""
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Put a new row into the current workspace."""
        row = super().save_form(request, form, change)
        if isinstance(row, WorkspaceModel):
            row.fill_workspace()
        return row

    def log_addition(self, request: HttpRequest, object: Any, message: Any) -> Any:
        """Write "added" into the audit log."""
        audit.record("added", object, {})

    def log_change(self, request: HttpRequest, object: Any, message: Any) -> Any:
        """Write "changed" into the audit log, with the values that ``save_model`` compared."""
        changes = getattr(request, "_audit_changes", {})
        if changes or _inlines_changed(message):
            audit.record("changed", object, {**changes, **_inline_changes(message)})

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Write "deleted" into the audit log for each row."""
        for row in queryset:
            audit.record("deleted", row, {})

    def log_deletion(self, request: HttpRequest, object: Any, object_repr: str) -> None:
        """Write "deleted" into the audit log."""
        audit.record("deleted", object, {})

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        """Save the row and remember what changed."""
        if change:
            request._audit_changes = {  # type: ignore[attr-defined]
                name: (form.initial.get(name), form.cleaned_data.get(name))
                for name in form.changed_data
            }
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Put the rows of inlines into the current workspace too."""
        for row in formset.save(commit=False):
            if isinstance(row, WorkspaceModel):
                row.fill_workspace()
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()


class WorkspaceTabularInline(TabularInline):
    """Rows of the current workspace below their parent."""

    extra = 0
    tab = False


def _inlines_changed(message: Any) -> bool:
    return bool(_inline_changes(message))


def _inline_changes(message: Any) -> dict[str, tuple[object, object]]:
    """Read from Django's change message which rows of inlines were touched."""
    found: dict[str, tuple[object, object]] = {}
    if not isinstance(message, list):
        return found
    for entry in message:
        for verb, what in entry.items():
            if isinstance(what, dict) and "name" in what:
                found[f"{what['name']}: {what.get('object', '')}"] = (None, verb)
    return found
