"""Writes on whole maps and their versions. Changes within a draft stand in editing.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.common.clock import day_of, now
from cxm.kpis.windows import period_of
from cxm.workspaces.models import Membership, Workspace
from journeys.maps.copying import copy_contents
from journeys.maps.editing import require_draft
from journeys.maps.filling import fill_version, phase_model_of
from journeys.maps.models import Card, JourneyMap, Lane, MapPersona, Stage, Step, Version
from journeys.maps.plans import MapPlan
from journeys.maps.starters import STARTERS
from journeys.personas.models import Persona

EMPTY_PLAN = MapPlan()
# The period that a map shows unless somebody asks for another one.
USUAL_WINDOW = "90d"


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
        phase_model=phase_model_of(workspace, plan),
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
    fill_version(version, plan)
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
        Prefetch("lanes__cards", Card.objects.in_order()),
    )
    return versions.order_by("-number")[0]


@transaction.atomic
def publish_version(*, version: Version, by: Membership | None, note: str = "") -> Version:
    """Freeze the draft with the window of its figures, and retire the version that was live.

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
    locked.note = note
    # Up to yesterday: the day of today is not over, its figures still change.
    yesterday = day_of(locked.published_at, locked.workspace.timezone) - timedelta(days=1)
    locked.window_start, locked.window_end = period_of(USUAL_WINDOW, yesterday)
    locked.save(
        update_fields=[
            "status",
            "published_at",
            "published_by",
            "note",
            "window_start",
            "window_end",
            "updated_at",
        ]
    )
    return locked


@transaction.atomic
def start_draft(*, journey: JourneyMap) -> Version:
    """Return the draft of a map; where there is none, make one from the published version."""
    # The map's row is the lock: two editors who start at once get the same draft.
    JourneyMap.objects.select_for_update().get(pk=journey.pk)
    draft = Version.objects.drafts().filter(map=journey).first()
    if draft is not None:
        return draft
    versions = Version.objects.filter(map=journey).order_by("-number")
    return new_draft(journey=journey, source=versions.published().first() or versions.first())


def new_draft(*, journey: JourneyMap, source: Version | None, revision: int = 0) -> Version:
    """Make a draft that says what `source` says, with the next number; call it under a lock."""
    highest = Version.objects.filter(map=journey).aggregate(highest=Max("number"))["highest"] or 0
    draft = Version.objects.create(
        workspace_id=journey.workspace_id,
        map=journey,
        number=highest + 1,
        made_from=source,
        revision=revision,
    )
    if source is not None:
        copy_contents(source=source, target=draft)
    return draft
