"""What a workspace begins with, and what an import adds to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from cxm.api.errors import DomainError
from cxm.workspaces.models import Workspace
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.catalogue.channels import DEFAULT_CHANNELS
from touchpoints.catalogue.models import Channel, Dimension, Goal, Phase, PhaseModel, Touchpoint
from touchpoints.catalogue.phases import DEFAULT_MODELS
from touchpoints.catalogue.services.counting import recount_goals, refigure
from touchpoints.catalogue.specs import CatalogueSpec

Row = TypeVar("Row", Channel, Touchpoint, Goal, Dimension)


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
def create_default_phases(*, workspace: Workspace) -> None:
    """Add the usual phase models that the workspace lacks.

    A model that exists under one of the keys stays as it is, with its phases.
    """
    there = set(PhaseModel.objects.for_workspace(workspace).values_list("key", flat=True))
    has_default = PhaseModel.objects.for_workspace(workspace).filter(is_default=True).exists()
    missing = [model for model in DEFAULT_MODELS if model.key not in there]
    made = PhaseModel.objects.bulk_create(
        PhaseModel(
            workspace=workspace,
            key=model.key,
            name=model.name,
            is_cycle=model.is_cycle,
            is_default=model.is_default and not has_default,
        )
        for model in missing
    )
    Phase.objects.bulk_create(
        Phase(workspace=workspace, model=model, key=key, name=name, position=position)
        for model, default in zip(made, missing, strict=True)
        for position, (key, name) in enumerate(default.phases)
    )


def phases_by_key(*, workspace: Workspace) -> dict[str, Phase]:
    """Return the phases as imports name them: "model/phase", and "phase" of the model used first.

    A phase that only one model has is found by its key alone, too.
    """
    found: dict[str, Phase] = {}
    for phase in (
        Phase.objects.for_workspace(workspace)
        .select_related("model")
        .order_by("-model__is_default", "model__created_at", "position")
    ):
        found.setdefault(phase.key, phase)
        found[f"{phase.model.key}/{phase.key}"] = phase
    return found


@transaction.atomic
def apply_catalogue(*, workspace: Workspace, spec: CatalogueSpec) -> None:
    """Add what the workspace lacks of a catalogue; what exists under a key stays as it is.

    Raises:
        DomainError: an entry is not valid, or a touchpoint names a channel or a phase that is
            nowhere (code "invalid_catalogue").
    """
    if not spec:
        return
    create_default_channels(workspace=workspace)
    create_default_phases(workspace=workspace)
    _add(
        Channel(workspace=workspace, key=new.key, name=new.name, kind=new.kind, icon=new.icon)
        for new in spec.channels
    )
    channels = {c.key: c for c in Channel.objects.for_workspace(workspace)}
    phases = phases_by_key(workspace=workspace)
    for new in spec.touchpoints:
        if new.phase and new.phase not in phases:
            raise DomainError(
                f"The touchpoint “{new.key}” names the phase “{new.phase}”, which is nowhere.",
                code="invalid_catalogue",
            )
        if new.channel not in channels:
            raise DomainError(
                f"The touchpoint “{new.key}” names the channel “{new.channel}”, which is nowhere.",
                code="invalid_catalogue",
            )
    _add(
        Touchpoint(
            workspace=workspace,
            key=new.key,
            name=new.name,
            channel=channels[new.channel],
            phase=phases.get(new.phase),
            description=new.description,
            icon=new.icon,
            event_names=list(new.event_names),
            page_prefix=new.page_prefix,
            goal_event=new.goal_event,
            moment_of_truth=new.moment_of_truth,
        )
        for new in spec.touchpoints
    )
    has_primary = Goal.objects.for_workspace(workspace).filter(is_primary=True).exists()
    first = next((goal.key for goal in spec.goals if goal.primary), None)
    goals = _add(
        Goal(
            workspace=workspace,
            key=new.key,
            name=new.name,
            kind=new.kind,
            event_name=new.event_name,
            page_pattern=new.page_pattern,
            value=new.value,
            currency=new.currency,
            once_per_visit=new.once_per_visit,
            is_primary=not has_primary and new.key == first,
        )
        for new in spec.goals
    )
    dimensions = _add(
        Dimension(workspace=workspace, key=new.key, title=new.title, property=new.property)
        for new in spec.dimensions
    )
    if goals:
        recount_goals()
    elif dimensions:
        refigure()


def _add(rows: Iterable[Row]) -> int:
    """Save the rows whose keys are not taken and return how many that were."""
    wanted = list(rows)
    if not wanted:
        return 0
    there: WorkspaceQuerySet[Row] = type(wanted[0]).objects.filter(
        workspace_id=wanted[0].workspace_id
    )
    keys = [row.key for row in wanted]
    taken = set(there.filter(key__in=keys).values_list("key", flat=True))
    new = [row for row in wanted if row.key not in taken]
    for row in new:
        try:
            row.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            raise DomainError(
                f"“{row.key}”: {'; '.join(error.messages)}", code="invalid_catalogue"
            ) from error
    there.bulk_create(new)
    return len(new)
