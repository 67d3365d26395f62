"""Addresses of the room's pages."""

from django.urls import path

from touchpoints.interactions import views

urlpatterns = [
    path("interactions/", views.interactions_page, name="interactions"),
    path("touchpoints/<uuid:pk>/", views.touchpoint_page, name="touchpoint"),
]
