"""The room of invitations: who is asked, when, and what became of the mail."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvitationsConfig(AppConfig):
    """Registers the room and its entries of the registries."""

    name = "surveys.invitations"
    label = "invitations"
    verbose_name = _("Invitations")

    def ready(self) -> None:
        """Fill the registries of the ground floor."""
        import_module("surveys.invitations.metrics")
        import_module("surveys.invitations.panels")
