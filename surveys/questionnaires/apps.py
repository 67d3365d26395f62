"""The room of surveys and their questions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionnairesConfig(AppConfig):
    """Registers the room."""

    name = "surveys.questionnaires"
    label = "questionnaires"
    verbose_name = _("Surveys")
