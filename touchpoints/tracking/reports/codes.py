"""Codes of placements: whose a code is, and the list of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q

from cxm.common.scope import token_scope, workspace_scope
from cxm.workspaces.models import Workspace
from touchpoints.campaigns.codes import is_code
from touchpoints.campaigns.models import Campaign, Placement

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which codes are asked for: words in names, a campaign, the number of the page."""

    words: str = ""
    campaign: UUID | None = None
    page: int = 1


@contextmanager
def placement_behind(code: str) -> Iterator[Placement | None]:
    """Open the scope of the workspace that a code belongs to, and give its placement with its
    campaign; None for unknown and retired codes.

    The code itself opens the sight of its row, whatever workspace it belongs to.
    """
    placement = None
    if is_code(code):
        with token_scope(code):
            placement = Placement.objects.filter(code=code).first()
    if placement is None:
        yield None
        return
    with workspace_scope(placement.workspace_id):
        yield None if placement.campaign.is_archived else placement


def placements_page(workspace: Workspace, wanted: Wanted) -> Page[Placement]:
    """Return a page of placements with their campaigns, the newest campaign first."""
    rows = (
        Placement.objects.for_workspace(workspace)
        .exclude(campaign__status=Campaign.Status.ARCHIVED)
        .select_related("campaign", "touchpoint")
        .order_by("-campaign__starts_on", "campaign__name", "campaign_id", "name", "pk")
    )
    for word in wanted.words.split()[:5]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(campaign__name__icontains=word)
            | Q(target_url__icontains=word)
            | Q(code=word)
        )
    if wanted.campaign is not None:
        rows = rows.filter(campaign_id=wanted.campaign)
    return Paginator(rows, PAGE_SIZE).get_page(wanted.page)
