"""Addresses of the room's pages; how a campaign goes stands above, with its interactions."""

from django.urls import path

from touchpoints.campaigns import views

urlpatterns = [
    path("campaigns/<uuid:pk>/plan/", views.plan_page, name="marketing-plan"),
    path("campaigns/<uuid:pk>/plan.<slug:kind>", views.plan_file, name="marketing-plan-file"),
    path("campaigns/<uuid:pk>/spend/", views.spend_page, name="marketing-spend"),
    path("campaigns/<uuid:pk>/copy/", views.copy_page, name="marketing-copy"),
    path("campaigns/<uuid:pk>/archive/", views.archive_page, name="marketing-archive"),
]
