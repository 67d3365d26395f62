"""Addresses of the room."""

from django.urls import path

from cxm.health import views

urlpatterns = [
    path("live", views.live, name="health-live"),
    path("ready", views.ready, name="health-ready"),
]
