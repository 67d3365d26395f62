"""Changes of pain points and opportunities, and of the cards that repeat what they say.

Drafts are changed by operations, so that whoever has one open sees it; published versions keep
what they said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.workspaces.models import Membership
from journeys.maps import services
from journeys.maps.finding_reports import Finding, FindingKind, older_maps
from journeys.maps.models import Card, JourneyMap, Lane, Step, Version
from journeys.maps.operations.findings import drafts_with
from journeys.maps.operations.verbs import Delete, Insert, Row, Sent, Update, Verb
from journeys.maps.syncing import change

# What a card calls what the row calls otherwise.
ON_CARD = {"title": "text", "severity": "severity", "status": "status"}
# What the editor shows beside the card, and no card repeats.
BESIDE = {"impact", "effort", "owner", "owner_id"}
FILLED_BY_MERGING = ("description", "severity", "impact", "effort", "owner_id")


@transaction.atomic
def edit_finding(
    *, kind: FindingKind, row: Finding, values: Mapping[str, Any], by: Membership | None
) -> Finding:
    """Change a finding; its cards on all drafts say the same from now on.

    Whoever has one of the drafts open learns of everything that the editor shows of it.

    Raises:
        DomainError: a draft changed at this very moment ("busy").
    """
    # 1. What cards repeat: an operation on one card reaches the row and all other cards.
    shared = {name: values[name] for name in kind.copies if name in values}
    changed = {name: value for name, value in shared.items() if value != getattr(row, name)}
    beside = any(values[name] != getattr(row, name) for name in BESIDE & values.keys())
    cards = _cards_on_drafts(kind, row) if changed or beside else []
    cards = [one for one in cards if one.lane.entry.shape == kind.shape]
    card = cards[0] if cards and changed else None
    verbs: dict[UUID, list[Verb]] = {}
    if card is not None:
        fields = {ON_CARD[name]: value for name, value in shared.items()}
        verbs[card.lane.version_id] = [Update("card", card.pk, fields, {})]
    if beside:
        # To name the row again changes no card, and brings what is new about it.
        for one in {found.lane.version_id: found for found in cards}.values():
            verbs.setdefault(one.lane.version_id, []).append(
                Update("card", one.pk, {kind.column: row.pk}, {})
            )
    if verbs:
        _carry_out(verbs, by)
    # 2. What only the row has; and everything where no draft shows it.
    own = {name: value for name, value in values.items() if card is None or name not in shared}
    kind.model.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    row.refresh_from_db()
    for name, value in own.items():
        setattr(row, name, value)
    row.save(update_fields=[*own, "updated_at"])
    return row


@transaction.atomic
def merge_findings(
    *, kind: FindingKind, row: Finding, into: Finding, by: Membership | None
) -> tuple[bool, list[JourneyMap]]:
    """Let one finding stand for two: cards of `row` show `into`, wherever they can still change.

    What was published says what it said. A map that is published without a draft gets one, in
    which the cards are changed. `row` goes away unless published or older versions name it; then
    it stays for them alone, and lists leave it out. Empty fields of `into` are filled from it.

    Returns:
        Whether `row` is gone, and the maps for which a draft was begun.

    Raises:
        DomainError: both are the same ("same_finding").
    """
    if row.pk == into.pk:
        raise DomainError(_("Choose another one."), code="same_finding")
    begun = _begin_drafts(kind, row)
    verbs: dict[UUID, list[Verb]] = defaultdict(list)
    there = set(
        Card.objects.filter(**{kind.column: into.pk}, lane__version__status=Version.Status.DRAFT)
        .order_by()
        .values_list("lane_id", "step_id")
    )
    for card in _cards_on_drafts(kind, row):
        version = card.lane.version_id
        cell = (card.lane_id, card.step_id)
        if cell in there:
            # Twice in one cell would say nothing more.
            verbs[version].append(Delete("card", (card.pk,)))
        else:
            there.add(cell)
            verbs[version].append(Update("card", card.pk, {kind.column: into.pk}, {}))
    _carry_out(verbs, by)
    filled = [
        name
        for name in FILLED_BY_MERGING
        if hasattr(into, name) and getattr(into, name) in ("", None) and getattr(row, name)
    ]
    if filled:
        edit_finding(
            kind=kind, row=into, values={name: getattr(row, name) for name in filled}, by=by
        )
    if Card.objects.filter(**{kind.column: row.pk}).exists():
        return False, begun
    row.delete()
    return True, begun


@transaction.atomic
def delete_finding(*, kind: FindingKind, row: Finding) -> None:
    """Delete a finding that stands on no card.

    Raises:
        DomainError: cards name it, in whatever version ("finding_in_use").
    """
    maps = older_maps(kind, row)
    if maps:
        names = ", ".join(journey.name for journey in maps)
        raise DomainError(
            _("It stands on %(maps)s, or did in an older version. Merge it instead.")
            % {"maps": names},
            code="finding_in_use",
        )
    row.delete()


@transaction.atomic
def add_to_step(*, kind: FindingKind, row: Finding, step: Step, by: Membership | None) -> Card:
    """Put a finding on a step of a map's draft; where there is none, one is begun.

    Raises:
        DomainError: it stands there already ("finding_there").
    """
    draft = services.start_draft(journey=step.stage.version.map)
    target = Step.objects.filter(stage__version=draft, key=step.key).order_by("pk").first()
    if target is None:
        raise DomainError(_("That step is not on the draft any more."), code="unknown_step")
    there = Card.objects.filter(**{kind.column: row.pk}, step=target, lane__version=draft)
    if there.exists():
        raise DomainError(_("It stands on that step already."), code="finding_there")
    rows: list[Row] = []
    lanes = Lane.objects.filter(version=draft).order_by("position")
    own = [lane for lane in lanes if lane.entry.shape == kind.shape]
    if own:
        lane_id = next((lane.pk for lane in own if lane.kind == kind.lane), own[0].pk)
    else:
        lane_id = uuid4()
        rows.append(Row("lane", lane_id, lane_id, None, {}, {"kind": kind.lane}))
    card_id = uuid4()
    rows.append(
        Row(
            "card",
            card_id,
            card_id,
            None,
            {"lane": lane_id, "step": target.pk},
            {"text": row.title, kind.column: row.pk},
        )
    )
    _carry_out({draft.pk: [Insert(tuple(rows))]}, by)
    return Card.objects.get(pk=card_id)


def _begin_drafts(kind: FindingKind, row: Finding) -> list[JourneyMap]:
    """Begin a draft for each map that shows a finding as published and has none."""
    published = (
        Version.objects.published()
        .filter(lanes__cards__in=Card.objects.filter(**{kind.column: row.pk}))
        .values("map")
    )
    drafts = Version.objects.drafts().values("map")
    maps = JourneyMap.objects.filter(pk__in=published).exclude(pk__in=drafts).order_by("pk")
    begun = list(maps)
    for journey in begun:
        services.start_draft(journey=journey)
    return begun


def _cards_on_drafts(kind: FindingKind, row: Finding) -> list[Card]:
    return list(
        Card.objects.filter(**{kind.column: row.pk}, lane__version__status=Version.Status.DRAFT)
        .select_related("lane")
        .order_by("lane__version", "pk")
    )


def _carry_out(verbs: Mapping[UUID, list[Verb]], by: Membership | None) -> None:
    """Carry out operations on several drafts, all or none.

    All drafts that are concerned are locked first and in the order of their ids, as those do who
    change one of them.
    """
    reached = set(verbs)
    for own in verbs.values():
        ids = [f for verb in own if isinstance(verb, Update) for f in verb.fields.values()]
        named = [found for found in ids if isinstance(found, UUID)]
        reached |= drafts_with(named, named)
    list(
        Version.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=reached)
        .order_by("pk")
        .values_list("pk")
    )
    for version_id in sorted(verbs):
        version = Version.objects.get(pk=version_id)
        sent = [Sent(uuid4(), verb) for verb in verbs[version_id]]
        outcome = change(version=version, sent=sent, by=by)
        for result in outcome.results:
            if result.error is not None:
                raise result.error
