"""Addresses of the room's pages."""

from django.urls import path

from journeys.personas import views

urlpatterns = [
    path("personas/", views.persona_list, name="personas"),
    path("personas/new/", views.persona_new, name="persona_new"),
    path("personas/compare/", views.persona_compare, name="persona_compare"),
    path("personas/<uuid:pk>/", views.persona_page, name="persona"),
    path("personas/<uuid:pk>/says/", views.persona_says, name="persona_says"),
    path("personas/<uuid:pk>/edit/", views.persona_edit, name="persona_edit"),
    path("personas/<uuid:pk>/print/", views.persona_print, name="persona_print"),
    path("personas/<uuid:pk>/portrait/", views.persona_portrait, name="persona_portrait"),
    path("personas/<uuid:pk>/copy/", views.persona_copy, name="persona_copy"),
    path("personas/<uuid:pk>/delete/", views.persona_delete, name="persona_delete"),
]
