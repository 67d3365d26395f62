"""Collects the API routes of all rooms, named by string, into one router."""

from django.urls import path
from django.utils.module_loading import import_string
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

ROOMS = (
    "cxm.workspaces",
    "cxm.customers",
    "cxm.kpis",
    "touchpoints.catalogue",
    "touchpoints.campaigns",
    "touchpoints.interactions",
    "surveys.questionnaires",
    "surveys.invitations",
    "surveys.responses",
    "journeys.personas",
    # Before the maps: "import" is no map's id.
    "journeys.exports",
    "journeys.maps",
    "journeys.sharing",
)

router = SimpleRouter()
for room in ROOMS:
    for prefix, viewset, basename in import_string(f"{room}.api_urls.routes"):
        router.register(prefix, viewset, basename)

urlpatterns = [
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
    path("redoc", SpectacularRedocView.as_view(url_name="schema"), name="api-redoc"),
    *router.urls,
]
