"""Addresses of the pages that change maps. The map itself is drawn by journeys.scores."""

from django.urls import include, path

from journeys.maps import (
    comment_views,
    editor_views,
    new_views,
    version_views,
    view_views,
    views,
)

urlpatterns = [
    path("", include("journeys.maps.finding_urls")),
    path("journeys/pictures/<str:name>", editor_views.map_picture, name="map_picture"),
    path("journeys/<uuid:map_id>/sync/", editor_views.map_sync, name="map_sync"),
    path(
        "journeys/<uuid:map_id>/touchpoints/", editor_views.map_touchpoints, name="map_touchpoints"
    ),
    path("journeys/<uuid:map_id>/search/", editor_views.map_search, name="map_search"),
    path("journeys/<uuid:map_id>/templates/", editor_views.map_templates, name="map_templates"),
    path("journeys/<uuid:map_id>/pictures/", editor_views.map_pictures, name="map_pictures"),
    path("journeys/new/", new_views.map_new, name="map_new"),
    path("journeys/<uuid:map_id>/copy/", new_views.map_copy, name="map_copy"),
    path("journeys/<uuid:map_id>/main/", new_views.map_make_main, name="map_make_main"),
    path("journeys/<uuid:map_id>/delete/", new_views.map_delete, name="map_delete"),
    path("journeys/<uuid:map_id>/publish/", version_views.map_publish, name="map_publish"),
    path("journeys/<uuid:map_id>/versions/", version_views.map_versions, name="map_versions"),
    path("journeys/<uuid:map_id>/versions/diff/", version_views.map_diff, name="map_diff"),
    path("journeys/<uuid:map_id>/comments/", comment_views.map_comments, name="map_comments"),
    path(
        "journeys/<uuid:map_id>/comments/<uuid:comment_id>/",
        comment_views.map_comment,
        name="map_comment",
    ),
    path("journeys/<uuid:map_id>/views/", view_views.map_views, name="map_views"),
    path("journeys/<uuid:map_id>/views/<uuid:view_id>/", view_views.map_view, name="map_view"),
    path("journeys/<uuid:map_id>/draft/", views.map_draft, name="map_draft"),
]
