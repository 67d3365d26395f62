"""Addresses of the pages on which the team makes and revokes share links."""

from django.urls import path

from journeys.sharing.views import links

urlpatterns = [
    path("journeys/<uuid:map_id>/share/", links.share_page, name="map_share"),
    path(
        "journeys/<uuid:map_id>/share/<uuid:link_id>/revoke/",
        links.share_revoke,
        name="map_share_revoke",
    ),
]
