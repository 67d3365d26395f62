"""Addresses of the room's pages: the touchpoint's page stands with its interactions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
