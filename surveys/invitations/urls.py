"""Addresses of the room's pages."""

from django.urls import path

from surveys.invitations import views

urlpatterns = [
    path("campaigns/<uuid:campaign_id>/send/", views.campaign_page, name="campaign_send"),
    path(
        "campaigns/<uuid:campaign_id>/progress/",
        views.campaign_progress,
        name="campaign_progress",
    ),
]
