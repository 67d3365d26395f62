"""Addresses of the room's pages."""

from django.urls import path

from cxm.workspaces import views

urlpatterns = [path("switch-workspace/", views.switch_workspace, name="switch_workspace")]
