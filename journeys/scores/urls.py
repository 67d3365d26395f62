"""Addresses of the room's pages."""

from django.urls import path

from journeys.scores import list_views, quote_views, views

urlpatterns = [
    path("journeys/", list_views.map_list, name="map_list"),
    path("journeys/<uuid:map_id>/", views.map_page, name="map_page"),
    path("journeys/<uuid:map_id>/scores/", views.map_scores, name="map_scores"),
    path("journeys/<uuid:map_id>/quotes/", quote_views.map_quotes, name="map_quotes"),
    path("journeys/<uuid:map_id>/read/", views.map_read, name="map_read"),
    path("journeys/<uuid:map_id>/steps/<uuid:step_id>/", views.map_step, name="map_step"),
]
