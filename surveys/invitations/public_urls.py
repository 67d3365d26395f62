"""Public addresses of the room."""

from django.urls import path

from surveys.invitations import views

urlpatterns = [path("u/<str:token>/", views.unsubscribe, name="unsubscribe")]
