"""Makers of campaigns, inside the scope that they open themselves, and what their pages say."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from django.contrib.messages import get_messages
from django.urls import reverse

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from touchpoints.campaigns.models import Campaign, Placement, PlanLine, Spend
from touchpoints.catalogue.models import Phase, PhaseModel

FIRST = date(2026, 5, 1)
LAST = date(2026, 5, 31)
_numbers = count(1)


def make_campaign(workspace: Workspace, **overrides: Any) -> Campaign:
    """Make a campaign of May."""
    number = next(_numbers)
    fields = {
        "key": f"campaign-{number}",
        "name": f"Campaign {number}",
        "starts_on": FIRST,
        "ends_on": LAST,
        "status": Campaign.Status.ACTIVE,
        **overrides,
    }
    fields.setdefault("utm_campaign", fields["key"])
    with workspace_scope(workspace.pk):
        return Campaign.objects.create(workspace=workspace, **fields)


def make_placement(campaign: Campaign, **overrides: Any) -> Placement:
    """Make a link of a campaign."""
    number = next(_numbers)
    fields = {"name": f"Placement {number}", "target_url": "https://shop.example/", **overrides}
    with workspace_scope(campaign.workspace_id):
        return Placement.objects.create(
            workspace_id=campaign.workspace_id, campaign=campaign, **fields
        )


def make_line(campaign: Campaign, **overrides: Any) -> PlanLine:
    """Make a line of a plan, of 100."""
    with workspace_scope(campaign.workspace_id):
        return PlanLine.objects.create(
            workspace_id=campaign.workspace_id, campaign=campaign, **{"budget": 100, **overrides}
        )


def make_spend(campaign: Campaign, **overrides: Any) -> Spend:
    """Make what a campaign cost on its first day, 10."""
    with workspace_scope(campaign.workspace_id):
        return Spend.objects.create(
            workspace_id=campaign.workspace_id,
            campaign=campaign,
            **{"day": campaign.starts_on, "amount": 10, **overrides},
        )


def make_phases(workspace: Workspace, *names: str) -> list[Phase]:
    """Make a phase model used first, with these phases."""
    with workspace_scope(workspace.pk):
        PhaseModel.objects.filter(is_default=True).update(is_default=False)
        model = PhaseModel.objects.create(
            workspace=workspace, key=f"model-{next(_numbers)}", name="Ours", is_default=True
        )
        return [
            Phase.objects.create(
                workspace=workspace, model=model, key=name.lower(), name=name, position=place
            )
            for place, name in enumerate(names)
        ]


def spend_address(campaign: Campaign) -> str:
    """Return where spend is entered."""
    return reverse("marketing-spend", args=[campaign.pk])


def said(answer: Any) -> str:
    """Return the messages of an answer."""
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))
