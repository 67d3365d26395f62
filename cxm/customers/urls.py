"""Addresses of the room's pages."""

from django.urls import URLPattern, path

from cxm.customers import views

urlpatterns: list[URLPattern] = [
    path("customers/<uuid:pk>/", views.customer_page, name="customer"),
    path("customers/<uuid:pk>/contact/", views.show_contact, name="customer_contact"),
    path("customers/<uuid:pk>/export/", views.export, name="customer_export"),
    path("customers/<uuid:pk>/erase/", views.erase, name="customer_erase"),
]
