"""Writes on whole maps and their versions. Changes within a draft stand in editing.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.workspaces.models import Membership, Workspace
from journeys.maps.editing import require_draft
from journeys.maps.models import Card, JourneyMap, Lane, MapPersona, Stage, Step, Version
from journeys.maps.plans import CardPlan, MapPlan
from journeys.maps.starters import STARTERS
from journeys.personas.models import Persona
from touchpoints.catalogue.models import Touchpoint

EMPTY_PLAN = MapPlan()


@transaction.atomic
def create_map(
    *,
    workspace: Workspace,
    name: str,
    personas: Sequence[Persona] = (),
    kind: str = JourneyMap.Kind.AS_IS,
    template: str = "blank",
    plan: MapPlan | None = None,
) -> JourneyMap:
    """Create a map with its first draft, filled from a plan or from a template of that key.

    The first map of a workspace is the one on the home page. A constant number of queries.

    Raises:
        DomainError: there is no such template (code "unknown_template"), or the plan names a
            touchpoint that the workspace does not have ("unknown_touchpoint").
    """
    if plan is None:
        if template not in STARTERS:
            raise DomainError(_("There is no such template."), code="unknown_template")
        plan = STARTERS[template].plan
    journey = JourneyMap.objects.create(
        workspace=workspace,
        name=name,
        kind=kind,
        cyclic=plan.cyclic,
        cycle_name=str(plan.cycle_name),
        is_main=not JourneyMap.objects.for_workspace(workspace).filter(is_main=True).exists(),
    )
    MapPersona.objects.bulk_create(
        MapPersona(workspace=workspace, map=journey, persona=persona, position=position)
        for position, persona in enumerate(personas)
    )
    add_first_draft(journey=journey, plan=plan)
    return journey


@transaction.atomic
def add_first_draft(*, journey: JourneyMap, plan: MapPlan = EMPTY_PLAN) -> Version:
    """Give a new map its first draft, with the usual lanes unless the plan says otherwise."""
    version = Version.objects.create(workspace_id=journey.workspace_id, map=journey, number=1)
    _fill(version, plan)
    return version


@transaction.atomic
def set_personas(*, journey: JourneyMap, personas: Sequence[Persona]) -> None:
    """Let the map be about these personas, in this order."""
    MapPersona.objects.filter(map=journey).delete()
    MapPersona.objects.bulk_create(
        MapPersona(
            workspace_id=journey.workspace_id, map=journey, persona=persona, position=position
        )
        for position, persona in enumerate(personas)
    )


def draft_of(journey: JourneyMap) -> Version:
    """Return the draft of a map.

    Raises:
        DomainError: it has none ("no_draft").
    """
    draft = Version.objects.drafts().filter(map=journey).first()
    if draft is None:
        raise DomainError(_("This journey has no draft. Start one first."), code="no_draft")
    return draft


def current_version(journey: JourneyMap) -> Version:
    """Return the draft with all its contents, or the newest version where there is none."""
    versions = Version.objects.filter(map=journey).prefetch_related(
        Prefetch("stages", Stage.objects.order_by("position")),
        Prefetch("stages__steps", Step.objects.order_by("position")),
        Prefetch("lanes", Lane.objects.order_by("position")),
        Prefetch("lanes__cards", Card.objects.order_by("step", "position")),
    )
    return versions.order_by("-number")[0]


@transaction.atomic
def publish_version(*, version: Version, by: Membership | None) -> Version:
    """Freeze the draft and retire the version that was live.

    Raises:
        DomainError: it is no draft ("version_frozen"), or it has no step yet ("map_empty").
    """
    locked = require_draft(version.pk)
    if not Step.objects.filter(stage__version=locked).exists():
        raise DomainError(_("Add a step before you publish."), code="map_empty")
    # The live one first: there is at most one published version at any moment.
    Version.objects.published().filter(map_id=locked.map_id).update(status=Version.Status.RETIRED)
    locked.status = Version.Status.PUBLISHED
    locked.published_at = now()
    locked.published_by = by
    locked.save(update_fields=["status", "published_at", "published_by", "updated_at"])
    return locked


@transaction.atomic
def start_draft(*, journey: JourneyMap) -> Version:
    """Return the draft of a map; where there is none, make one from the published version."""
    # The map's row is the lock: two editors who start at once get the same draft.
    JourneyMap.objects.select_for_update().get(pk=journey.pk)
    draft = Version.objects.drafts().filter(map=journey).first()
    if draft is not None:
        return draft
    latest = Version.objects.filter(map=journey).order_by("-number").first()
    highest = Version.objects.filter(map=journey).aggregate(highest=Max("number"))["highest"] or 0
    draft = Version.objects.create(
        workspace_id=journey.workspace_id, map=journey, number=highest + 1
    )
    if latest is not None:
        copy_contents(source=latest, target=draft)
    return draft


@transaction.atomic
def copy_contents(*, source: Version, target: Version) -> None:
    """Copy stages, steps, lanes and cards of one version into an empty draft; 9 queries."""
    owner = target.workspace_id
    stages: dict[UUID, Stage] = {}
    for stage in source.stages.all():
        stages[stage.pk] = Stage(
            workspace_id=owner,
            version=target,
            name=stage.name,
            phase=stage.phase,
            position=stage.position,
        )
    Stage.objects.bulk_create(stages.values())
    steps: dict[UUID, Step] = {}
    for step in Step.objects.filter(stage__version=source):
        steps[step.pk] = Step(
            workspace_id=owner,
            stage=stages[step.stage_id],
            name=step.name,
            position=step.position,
            metric=step.metric,
        )
    Step.objects.bulk_create(steps.values())
    lanes: dict[UUID, Lane] = {}
    for lane in source.lanes.all():
        lanes[lane.pk] = Lane(
            workspace_id=owner,
            version=target,
            kind=lane.kind,
            name=lane.name,
            position=lane.position,
            hidden=lane.hidden,
        )
    Lane.objects.bulk_create(lanes.values())
    Card.objects.bulk_create(
        Card(
            workspace_id=owner,
            lane=lanes[card.lane_id],
            step=steps[card.step_id],
            position=card.position,
            span=card.span,
            text=card.text,
            touchpoint_id=card.touchpoint_id,
            valence=card.valence,
            severity=card.severity,
            status=card.status,
        )
        for card in Card.objects.of_version(source)
    )


def _fill(version: Version, plan: MapPlan) -> None:
    """Write a plan's columns, rows and cards into an empty draft."""
    owner = version.workspace_id
    lanes = {
        kind: Lane(workspace_id=owner, version=version, kind=kind, position=position)
        for position, kind in enumerate(plan.lanes)
    }
    Lane.objects.bulk_create(lanes.values())
    stages: list[Stage] = []
    steps: list[Step] = []
    cards: list[Card] = []
    for stage_position, stage_plan in enumerate(plan.stages):
        stage = Stage(
            workspace_id=owner,
            version=version,
            name=str(stage_plan.name),
            phase=stage_plan.phase,
            position=stage_position,
        )
        stages.append(stage)
        for step_position, step_plan in enumerate(stage_plan.steps):
            step = Step(
                workspace_id=owner,
                stage=stage,
                name=str(step_plan.name),
                position=step_position,
                metric=step_plan.metric,
            )
            steps.append(step)
            for kind, plans in step_plan.cards.items():
                cards.extend(
                    _planned_card(lanes[kind], step, position, card_plan)
                    for position, card_plan in enumerate(plans)
                )
    _require_touchpoints({card.touchpoint_id for card in cards if card.touchpoint_id})
    Stage.objects.bulk_create(stages)
    Step.objects.bulk_create(steps)
    Card.objects.bulk_create(cards)


def _planned_card(lane: Lane, step: Step, position: int, plan: CardPlan) -> Card:
    return Card(
        workspace_id=lane.workspace_id,
        lane=lane,
        step=step,
        position=position,
        span=plan.span,
        text=str(plan.text),
        touchpoint_id=plan.touchpoint,
        valence=None if plan.valence is None else Decimal(str(plan.valence)),
        severity=plan.severity,
        status=plan.status,
    )


def _require_touchpoints(ids: Iterable[UUID]) -> None:
    """Refuse ids that this workspace's catalogue does not have; one query."""
    wanted = set(ids)
    known = set(Touchpoint.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted - known:
        raise DomainError(_("There is no such touchpoint."), code="unknown_touchpoint")
