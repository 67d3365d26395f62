"""What the room's doors share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models, transaction
from django.http import HttpRequest

from cxm.workspaces.admin_base import WorkspaceAdmin
from touchpoints.catalogue import services


class CatalogueAdmin(WorkspaceAdmin):
    """A list with the way to the room's other pages above it."""

    list_before_template = "catalogue/_tabs.html"

    class Media:
        css = {"all": ("catalogue/catalogue.css",)}


class CountingAdmin(CatalogueAdmin):
    """Figures are counted by these rows: a change asks for a new count in the same transaction.

    Attributes:
        counting: the fields that matter; None for every one.
    """

    counting: ClassVar[frozenset[str] | None] = None

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save, then ask."""
        super().save_related(request, form, formsets, change)
        if self.counting is None or not self.counting.isdisjoint(form.changed_data):
            self.count_again(request)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one row and ask."""
        with transaction.atomic():
            super().delete_model(request, obj)
            self.count_again(request)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete the chosen rows and ask."""
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            self.count_again(request)

    def count_again(self, request: HttpRequest) -> None:
        """Ask for a new count."""
        services.refigure()
