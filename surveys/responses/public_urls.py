"""Public addresses of the room."""

from django.urls import path

from surveys.responses.views import public

urlpatterns = [
    path("s/<str:token>/", public.survey_page, name="survey_page"),
    path("s/<str:token>/stop/", public.stop_page, name="survey_stop"),
]
