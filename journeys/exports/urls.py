"""Addresses of the room's pages."""

from django.urls import path

from journeys.exports import views

urlpatterns = [
    path("journeys/import/", views.map_import, name="map_import"),
    path("journeys/<uuid:map_id>/export/", views.map_export, name="map_export"),
    path(
        "journeys/<uuid:map_id>/export.<str:format>", views.map_export_file, name="map_export_file"
    ),
]
