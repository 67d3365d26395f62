"""Addresses of the room's pages."""

from django.urls import path

from surveys.responses.views import preview, results

urlpatterns = [
    path("results/", results.overview, name="results"),
    path("results/<uuid:survey_id>/", results.survey_results, name="results_survey"),
    path("results/<uuid:survey_id>/export/", results.export, name="results_export"),
    path("surveys/<uuid:survey_id>/preview/", preview.preview, name="survey_preview"),
]
