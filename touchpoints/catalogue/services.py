"""Writes to the catalogue that touch more than one row."""

from __future__ import annotations

from django.db import transaction

from cxm.workspaces.models import Workspace
from touchpoints.catalogue.channels import DEFAULT_CHANNELS
from touchpoints.catalogue.models import Channel, Goal


def create_default_channels(*, workspace: Workspace) -> int:
    """Add the usual channels that the workspace lacks, and return how many there are now.

    Channels that exist under one of the keys stay as they are.
    """
    Channel.objects.bulk_create(
        [
            Channel(
                workspace=workspace,
                key=channel.key,
                name=channel.name,
                kind=channel.kind,
                icon=channel.icon,
                position=position,
            )
            for position, channel in enumerate(DEFAULT_CHANNELS)
        ],
        ignore_conflicts=True,
    )
    return Channel.objects.for_workspace(workspace).count()


@transaction.atomic
def make_primary(*, goal: Goal) -> Goal:
    """Make this the goal by which conversion is measured; the one before steps back."""
    Goal.objects.filter(workspace_id=goal.workspace_id, is_primary=True).exclude(
        pk=goal.pk
    ).update(is_primary=False)
    goal.is_primary = True
    goal.save()
    return goal
