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
    path("touchpoints/<uuid:pk>/", views.touchpoint_page, name="touchpoint"),
]
