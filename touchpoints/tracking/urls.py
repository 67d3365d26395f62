"""Addresses of the room's pages."""

from django.urls import path

from touchpoints.tracking.views import heat, pages, pictures

urlpatterns = [
    path("tracking/", pages.codes_page, name="tracking"),
    path("tracking/seen/", pages.seen_part, name="tracking-seen"),
    path("tracking/add/<str:kind>/", pages.add_source, name="tracking-add"),
    path("tracking/heat/", heat.heat_page, name="tracking-heat"),
    path("tracking/heat/picture/", pictures.put_picture, name="tracking-put-picture"),
    path("tracking/heat/picture/<uuid:pk>/", pictures.page_picture, name="tracking-picture"),
    path(
        "tracking/heat/picture/<uuid:pk>/drop/", pictures.drop_picture, name="tracking-drop-picture"
    ),
    path("tracking/qr/<uuid:pk>.<str:extension>", pages.qr_code, name="tracking-qr"),
]
