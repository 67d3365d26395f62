"""Versions and maps that begin as copies of others: restored, as it shall be, duplicated."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.workspaces.models import Membership
from journeys.maps.copying import copy_contents
from journeys.maps.models import (
    Card,
    JourneyMap,
    MapPersona,
    MapView,
    Operation,
    PainPoint,
    Version,
)
from journeys.maps.services import new_draft

LONGEST_NAME = 120
RELOAD = {"op": "reload"}


@transaction.atomic
def restore_version(*, version: Version, by: Membership | None) -> Version:
    """Begin a draft with the contents of an older version, and return it.

    What the draft said until now is kept as a retired version, so that it can be restored in its
    turn. Windows in which that draft is open learn that they must reload. About 20 queries.

    Raises:
        DomainError: the version is the draft itself ("is_draft").
    """
    # 1. The map's row is the lock of its versions. Whoever publishes the draft meanwhile has
    #    locked its row: we wait, and find no draft any more.
    journey = JourneyMap.objects.select_for_update(no_key=True).get(pk=version.map_id)
    draft = Version.objects.drafts().filter(map=journey).select_for_update().first()
    if draft is None:
        return new_draft(journey=journey, source=version)
    if draft.pk == version.pk:
        raise DomainError(_("This is the draft. Choose an older version."), code="is_draft")
    # 2. Put the draft away as it is; its operations end with the order to reload.
    draft.revision += 1
    Operation.objects.create(
        workspace_id=draft.workspace_id,
        version=draft,
        number=draft.revision,
        content=RELOAD,
        by=by,
    )
    draft.status = Version.Status.RETIRED
    draft.published_at = now()
    draft.published_by = by
    draft.note = _("Before restoring version %(number)s") % {"number": version.number}
    draft.save()
    # 3. A new draft goes on counting, so that no window takes it for the old one.
    return new_draft(journey=journey, source=version, revision=draft.revision)


@transaction.atomic
def to_be_of(*, version: Version) -> JourneyMap:
    """Return the to-be journey of a map; where there is none, make it as a copy of a version.

    Keys stay, so that each card can be shown beside what it says today.

    Raises:
        DomainError: the map is a to-be journey itself ("is_to_be").
    """
    journey = (
        JourneyMap.objects.select_for_update(of=("self",), no_key=True)
        .select_related("counterpart")
        .get(pk=version.map_id)
    )
    if journey.kind == JourneyMap.Kind.TO_BE:
        raise DomainError(_("This journey shows what shall be already."), code="is_to_be")
    if journey.counterpart is not None:
        return journey.counterpart
    found = JourneyMap.objects.filter(
        workspace_id=journey.workspace_id,
        kind=JourneyMap.Kind.TO_BE,
        name=journey.name,
        counterpart=None,
    ).first()
    if found is None:
        name = free_name(journey.workspace_id, journey.name, JourneyMap.Kind.TO_BE)
        found = duplicate_map(source=version, name=name, kind=JourneyMap.Kind.TO_BE)
        _part_pain_points(found)
    _link(journey, found)
    return found


@transaction.atomic
def duplicate_map(
    *,
    source: Version,
    name: str,
    kind: str | None = None,
    personas: Sequence[UUID] | None = None,
) -> JourneyMap:
    """Make a map whose first draft says what a version of another map says.

    Personas, views and settings come along; comments, share links and figures of its own do not.
    Pain points and opportunities are shared with the other map. About 20 queries.

    Raises:
        DomainError: the workspace has a map of this name and kind ("name_taken").
    """
    model = source.map
    kind = kind or model.kind
    taken = JourneyMap.objects.filter(workspace_id=model.workspace_id, kind=kind, name=name)
    if taken.exists():
        raise DomainError(_("There is a journey of this name already."), code="name_taken")
    journey = JourneyMap.objects.create(
        workspace_id=model.workspace_id,
        name=name,
        kind=kind,
        cyclic=model.cyclic,
        cycle_name=model.cycle_name,
        phase_model_id=model.phase_model_id,
    )
    if personas is None:
        personas = list(MapPersona.objects.filter(map=model).values_list("persona_id", flat=True))
    MapPersona.objects.bulk_create(
        MapPersona(
            workspace_id=journey.workspace_id,
            map=journey,
            persona_id=persona_id,
            position=position,
        )
        for position, persona_id in enumerate(personas)
    )
    MapView.objects.bulk_create(
        MapView(
            workspace_id=journey.workspace_id,
            map=journey,
            name=view.name,
            lanes=view.lanes,
            position=view.position,
        )
        for view in MapView.objects.filter(map=model)
    )
    draft = Version.objects.create(
        workspace_id=journey.workspace_id, map=journey, number=1, made_from=source
    )
    copy_contents(source=source, target=draft)
    return journey


def free_name(workspace_id: UUID, name: str, kind: str) -> str:
    """Return a name that no map of this kind has: the wanted one, else with a number; 1 query."""
    taken = set(
        JourneyMap.objects.filter(workspace_id=workspace_id, kind=kind).values_list(
            "name", flat=True
        )
    )
    number, found = 1, name
    while found in taken:
        number += 1
        ending = f" {number}"
        found = name[: LONGEST_NAME - len(ending)] + ending
    return found


def _link(as_is: JourneyMap, to_be: JourneyMap) -> None:
    """Let the two maps name each other."""
    as_is.counterpart, to_be.counterpart = to_be, as_is
    for journey in (as_is, to_be):
        journey.save(update_fields=["counterpart", "updated_at"])


def _part_pain_points(journey: JourneyMap) -> None:
    """Give a to-be journey pain points of its own.

    Who writes there that something shall not hurt any more does not mean that it never did. Its
    opportunities stay shared: an idea is what leads from one journey to the other.
    """
    cards = list(
        Card.objects.filter(lane__version__map=journey, pain_point__isnull=False).select_related(
            "pain_point"
        )
    )
    own: dict[UUID, PainPoint] = {}
    for card in cards:
        shared = card.pain_point
        if shared is None:
            continue
        card.pain_point = own.setdefault(
            shared.pk,
            PainPoint(
                workspace_id=journey.workspace_id,
                title=shared.title,
                description=shared.description,
                severity=shared.severity,
            ),
        )
    PainPoint.objects.bulk_create(own.values())
    Card.objects.bulk_update(cards, ["pain_point"])
