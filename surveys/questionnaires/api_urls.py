"""The room's routes of the API."""

from surveys.questionnaires.viewsets import SurveyViewSet

routes = [("surveys", SurveyViewSet, "survey")]
