"""Public addresses of the room."""

from django.urls import path

from touchpoints.tracking.views import public

urlpatterns = [
    path("t.js", public.snippet, name="snippet"),
]
