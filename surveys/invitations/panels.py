"""Sends that somebody must look at."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cxm.dashboards.registry import Need, attention
from cxm.workspaces.models import Workspace
from surveys.invitations.models import Invitation

_LIST = "admin:invitations_invitation_changelist"


@attention(
    key="uncertain-sends", order=20, entry="invitations", permission="invitations.view_invitation"
)
def uncertain(workspace: Workspace) -> Need | None:
    """Count the mails of which nobody knows whether they left."""
    found = _count(Invitation.Status.UNCERTAIN)
    return Need(
        count=found,
        severity="watch",
        title=_("Mails may or may not have left"),
        detail=_("The connection broke off. They are not sent again by themselves."),
        action_label=_("Decide"),
        url=f"{reverse(_LIST)}?status__exact={Invitation.Status.UNCERTAIN}",
    )


@attention(key="failed-sends", order=40, permission="invitations.view_invitation")
def failed(workspace: Workspace) -> Need | None:
    """Count the invitations that the mail server refused for good, bounces left out."""
    found = Invitation.objects.filter(status=Invitation.Status.FAILED).exclude(reason="bounced")
    return Need(
        count=found.count(),
        severity="plain",
        title=_("Invitations were refused"),
        detail=_("The mail server did not take them."),
        action_label=_("Look at them"),
        url=f"{reverse(_LIST)}?status__exact={Invitation.Status.FAILED}",
    )


def _count(status: str) -> int:
    return Invitation.objects.filter(status=status).count()
