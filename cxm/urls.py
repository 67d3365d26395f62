"""The addresses of the house; each room brings its own, named here by string."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from cxm.api.errors import not_found

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="root"),
    path("app/", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("health/", include("cxm.health.urls")),
    path("app/", include("cxm.workspaces.urls")),
    path("app/", include("cxm.local.urls")),
    path("app/", include("cxm.customers.urls")),
    path("app/", include("cxm.kpis.urls")),
    path("app/", include("touchpoints.catalogue.urls")),
    path("app/", include("touchpoints.campaigns.urls")),
    path("app/", include("touchpoints.interactions.urls")),
    path("app/", include("touchpoints.interactions.rules_urls")),
    path("app/", include("touchpoints.tracking.urls")),
    path("app/", include("surveys.invitations.urls")),
    path("app/", include("surveys.responses.urls")),
    path("app/", include("journeys.personas.urls")),
    path("app/", include("journeys.exports.urls")),
    path("app/", include("journeys.maps.urls")),
    path("app/", include("journeys.scores.urls")),
    path("app/", include("journeys.sharing.urls")),
    path("", include("touchpoints.tracking.public_urls")),
    path("", include("surveys.responses.public_urls")),
    path("", include("surveys.invitations.public_urls")),
    path("", include("journeys.sharing.public_urls")),
    path("api/v1/", include("cxm.api_urls")),
    re_path(r"^api/", not_found),
]
