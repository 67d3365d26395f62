"""Addresses of the room's pages."""

from django.urls import path

from cxm.local import views

urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<str:name>/", views.outbox_mail, name="outbox_mail"),
    path("outbox/<str:name>/body/", views.outbox_body, name="outbox_body"),
]
