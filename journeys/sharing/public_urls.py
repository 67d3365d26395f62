"""Public addresses of the room."""

from django.urls import path

from journeys.sharing.views import public

urlpatterns = [
    path("j/<str:token>/", public.shared_page, name="shared_map"),
    path("j/<str:token>/scores/", public.shared_scores, name="shared_scores"),
    path("j/<str:token>/pictures/<str:name>", public.shared_picture, name="shared_picture"),
    path("j/<str:token>/embed/", public.embedded_page, name="embedded_map"),
]
