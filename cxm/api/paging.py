"""Pages of lists: by cursor, so that rows that arrive meanwhile shift nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from rest_framework.pagination import CursorPagination

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

DEFAULT_SIZE = 100
LARGEST_SIZE = 1000


class CursorPages(CursorPagination):
    """Answers {"next", "previous", "results"}; `?page_size=` up to 1,000.

    The order comes from the view's ``ordering``, which must end in a unique column.
    """

    page_size = DEFAULT_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_SIZE
    ordering = ("created_at", "id")

    def get_ordering(self, request: Request, queryset: Any, view: APIView) -> Any:
        """Return the view's own order where it has one.

        Raises:
            ImproperlyConfigured: the order is not unique, so pages could lose rows.
        """
        ordering = tuple(getattr(view, "ordering", None) or self.ordering)
        if ordering[-1].lstrip("-") != "id":
            raise ImproperlyConfigured("An order of pages must end in the id.")
        return ordering
