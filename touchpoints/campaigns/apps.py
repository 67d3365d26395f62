"""The room of campaigns."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Registers the room: what we place, what we planned for it, and what it cost."""

    name = "touchpoints.campaigns"
    label = "campaigns"
    verbose_name = "Campaigns"
