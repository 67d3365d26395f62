"""Public addresses of the room."""

from django.urls import path

from touchpoints.tracking.views import public

urlpatterns = [
    path("t.js", public.snippet, name="snippet"),
    path("p/<str:code>.gif", public.pixel, name="pixel"),
    path("c/<str:code>", public.redirect, name="redirect"),
]
