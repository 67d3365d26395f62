"""Addresses of the room's pages."""

from django.urls import path

from cxm.kpis import views

urlpatterns = [
    path("kpis/", views.kpis, name="kpis"),
    path("kpis/export.csv", views.export_kpis, name="kpi_export"),
    path("kpis/components/<slug:kind>/<uuid:subject_id>/", views.components, name="kpi_components"),
]
