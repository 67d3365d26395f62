"""Addresses of the room's pages."""

from django.urls import path

from touchpoints.tracking.views import heat, pages

urlpatterns = [
    path("tracking/", pages.codes_page, name="tracking"),
    path("tracking/seen/", pages.seen_part, name="tracking-seen"),
    path("tracking/add/<str:kind>/", pages.add_source, name="tracking-add"),
    path("tracking/heat/", heat.heat_page, name="tracking-heat"),
    path("tracking/qr/<uuid:pk>.<str:extension>", pages.qr_code, name="tracking-qr"),
]
