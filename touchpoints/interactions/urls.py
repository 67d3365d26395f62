"""Addresses of the room's pages."""

from django.urls import path

from touchpoints.interactions import campaigns_views, views

urlpatterns = [
    path("contacts/new/", views.contact_new, name="contact_new"),
    path("contacts/customers/", views.contact_customers, name="contact_customers"),
    path("contacts/<uuid:pk>/undo/", views.contact_undo, name="contact_undo"),
    path("contacts/imports/", views.imports_page, name="contacts_imports"),
    path("contacts/imports/<uuid:pk>/", views.import_page, name="contacts_import"),
    path(
        "contacts/imports/<uuid:pk>/progress/",
        views.import_progress,
        name="contacts_import_progress",
    ),
    path("contacts/imports/<uuid:pk>/drop/", views.import_drop, name="contacts_import_drop"),
    path("sources/", views.sources_page, name="sources"),
    path("sources/export/", views.export_sources, name="sources_export"),
    path("quarantine/", views.quarantine_page, name="quarantine"),
    path("quarantine/touchpoint/", views.make_touchpoint, name="quarantine_touchpoint"),
    path("quarantine/rows/<uuid:pk>/", views.quarantine_row, name="quarantine_row"),
    path(
        "quarantine/rows/<uuid:pk>/show/", views.quarantine_row_shown, name="quarantine_row_shown"
    ),
    path("quarantine/retries/<uuid:pk>/", views.retry_progress, name="retry_progress"),
    path("quarantine/<slug:code>/", views.quarantine_reason, name="quarantine_reason"),
    path("live/", views.live_page, name="live"),
    path("live/rows/", views.live_rows, name="live_rows"),
    path("live/export/", views.export_live, name="live_export"),
    path("interactions/", views.interactions_page, name="interactions"),
    path("interactions/export/", views.export_interactions, name="interactions_export"),
    path("campaigns/", campaigns_views.campaigns_page, name="marketing-campaigns"),
    path("campaigns/<uuid:pk>/", campaigns_views.campaign_page, name="marketing-campaign"),
    path(
        "campaigns/<uuid:pk>/<slug:what>.<slug:kind>",
        campaigns_views.campaign_file,
        name="marketing-campaign-file",
    ),
    path("touchpoints/", views.touchpoints_page, name="touchpoints"),
    path("touchpoints/export/", views.export_touchpoints, name="touchpoints_export"),
    path("touchpoints/<uuid:pk>/", views.touchpoint_page, name="touchpoint"),
    path("touchpoints/<uuid:pk>/visitors/", views.touchpoint_visitors, name="touchpoint_visitors"),
    path("touchpoints/<uuid:pk>/goals/", views.touchpoint_goals, name="touchpoint_goals"),
    path("touchpoints/<uuid:pk>/around/", views.touchpoint_around, name="touchpoint_around"),
    path(
        "touchpoints/<uuid:pk>/export/<slug:table>/",
        views.export_touchpoint,
        name="touchpoint_export",
    ),
]
