"""Addresses of the room's pages."""

from django.urls import URLPattern, path

from cxm.customers import views

urlpatterns: list[URLPattern] = [
    path("customers/<uuid:pk>/", views.customer_page, name="customer"),
    path("customers/<uuid:pk>/timeline/", views.timeline_part, name="customer_timeline"),
    path(
        "customers/<uuid:pk>/timeline/export/",
        views.export_timeline,
        name="customer_timeline_export",
    ),
    path("customers/<uuid:pk>/contact/", views.show_contact, name="customer_contact"),
    path("customers/<uuid:pk>/export/", views.export, name="customer_export"),
    path("customers/<uuid:pk>/erase/", views.erase, name="customer_erase"),
    path("customers/<uuid:pk>/merge/", views.merge_page, name="customer_merge"),
    path("customers/merges/<uuid:pk>/undo/", views.undo, name="customer_merge_undo"),
    path("customers/identities/<uuid:pk>/", views.identity_page, name="customer_identity"),
    path("customers/identities/<uuid:pk>/split/", views.split, name="customer_identity_split"),
    path("customers/identities/<uuid:pk>/share/", views.share, name="customer_identity_share"),
    path(
        "customers/identities/<uuid:pk>/unshare/", views.unshare, name="customer_identity_unshare"
    ),
    path("customers/duplicates/", views.duplicates, name="duplicates"),
    path("customers/duplicates/<uuid:pk>/merge/", views.merge_suggested, name="duplicates_merge"),
    path("customers/duplicates/<uuid:pk>/apart/", views.tell_apart, name="duplicates_apart"),
    path("customers/shared/", views.shared_identities, name="shared_identities"),
]
