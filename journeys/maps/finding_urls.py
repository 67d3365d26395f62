"""Addresses of the pages of pain points and opportunities; names end in what is done."""

from __future__ import annotations

from django.urls import URLPattern, path

from journeys.maps import finding_views


def _paths(kind: str, base: str, many: str, one: str) -> list[URLPattern]:
    of = {"kind": kind}
    row = f"{base}<uuid:pk>/"
    return [
        path(base, finding_views.finding_list, of, name=many),
        path(f"{base}new/", finding_views.finding_new, of, name=f"{one}_new"),
        path(row, finding_views.finding_page, of, name=one),
        path(f"{row}merge/", finding_views.finding_merge, of, name=f"{one}_merge"),
        path(f"{row}add/", finding_views.finding_add, of, name=f"{one}_add"),
        path(f"{row}delete/", finding_views.finding_delete, of, name=f"{one}_delete"),
    ]


urlpatterns = [
    *_paths("pain", "journeys/pain-points/", "pain_points", "pain_point"),
    *_paths("idea", "journeys/opportunities/", "opportunities", "opportunity"),
]
