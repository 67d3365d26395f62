"""Addresses of the pages where rules meet what is stored."""

from django.urls import path

from touchpoints.interactions import rules_views

urlpatterns = [
    path("touchpoints/unmatched/", rules_views.unmatched_page, name="touchpoint_unmatched"),
    path("touchpoints/unmatched/adopt/", rules_views.unmatched_adopt, name="unmatched_adopt"),
    path("touchpoints/unmatched/ignore/", rules_views.unmatched_ignore, name="unmatched_ignore"),
    path(
        "touchpoints/unmatched/<uuid:pk>/restore/",
        rules_views.unmatched_restore,
        name="unmatched_restore",
    ),
    path("reassignments/", rules_views.reassignment_start, name="reassignment_start"),
    path("reassignments/<uuid:pk>/", rules_views.reassignment_page, name="reassignment"),
    path(
        "reassignments/<uuid:pk>/cancel/",
        rules_views.reassignment_cancel,
        name="reassignment_cancel",
    ),
]
