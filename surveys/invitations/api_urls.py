"""The room's routes of the API."""

from surveys.invitations.viewsets import CampaignViewSet, InvitationViewSet

routes = [
    ("campaigns", CampaignViewSet, "campaign"),
    ("invitations", InvitationViewSet, "invitation"),
]
