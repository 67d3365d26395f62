"""Addresses of the room's pages."""

from django.urls import path

from touchpoints.interactions import campaigns_views, views

urlpatterns = [
    path("interactions/", views.interactions_page, name="interactions"),
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
    path(
        "touchpoints/<uuid:pk>/export/<slug:table>/",
        views.export_touchpoint,
        name="touchpoint_export",
    ),
]
