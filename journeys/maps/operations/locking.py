"""Locks before changes: versions first, then findings, each in the order of their ids.

Who changes what several maps share changes several drafts. Everybody who does locks in this one
order, so that two who meet take turns and never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from journeys.maps.models import Card, Opportunity, PainPoint, Version
from journeys.maps.operations.findings import drafts_with
from journeys.maps.operations.verbs import Insert, Sent, Update

SHARED_FIELDS = frozenset({"text", "severity", "status", "pain_point", "opportunity"})
MOST_TRIES = 8


class _MoreToLockError(Exception):
    """What was locked is not all that is concerned."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What operations name: cards whose shared words may change, and findings."""

    cards: frozenset[UUID]
    pains: frozenset[UUID]
    ideas: frozenset[UUID]

    @classmethod
    def of(cls, sent: Iterable[Sent]) -> Concern:
        """Read it out of operations."""
        cards: set[UUID] = set()
        named: dict[str, set[UUID]] = {"pain_point": set(), "opportunity": set()}
        for one in sent:
            if isinstance(one.verb, Update):
                if one.verb.kind == "card" and SHARED_FIELDS & set(one.verb.fields):
                    cards.add(one.verb.id)
                fields = [one.verb.fields]
            elif isinstance(one.verb, Insert):
                fields = [row.fields for row in one.verb.rows]
            else:
                continue
            for name, ids in named.items():
                ids |= {found for f in fields if isinstance(found := f.get(name), UUID)}
        return cls(
            frozenset(cards), frozenset(named["pain_point"]), frozenset(named["opportunity"])
        )


def lock_versions(version_id: UUID, sent: Sequence[Sent]) -> dict[UUID, Version]:
    """Lock a version and every draft that its operations reach, until the transaction ends.

    Whoever shows a finding for the first time locks its row: so that nobody changes it between
    our look and our lock, we look again once we have it, and begin anew where there is more.

    Raises:
        DomainError: others change the same too quickly ("busy").
    """
    concern = Concern.of(sent)
    wanted = {version_id}
    for _try in range(MOST_TRIES):
        try:
            with transaction.atomic():
                return _lock(wanted, version_id, concern)
        except _MoreToLockError as more:
            # The locks went with the savepoint.
            wanted |= set(more.args[0])
    raise DomainError(_("Others change the same at this moment. Try again."), code="busy")


def _lock(wanted: set[UUID], version_id: UUID, concern: Concern) -> dict[UUID, Version]:
    # No key: rows that only point to the version, such as who is present, need not wait.
    versions = {
        version.pk: version
        for version in Version.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=wanted)
        .select_related("map")
        .order_by("pk")
    }
    pains, ideas = set(concern.pains), set(concern.ideas)
    if concern.cards:
        for pain, idea in (
            Card.objects.filter(pk__in=concern.cards, lane__version=version_id)
            .order_by()
            .values_list("pain_point_id", "opportunity_id")
        ):
            pains |= {pain} - {None}
            ideas |= {idea} - {None}
    for model, ids in ((PainPoint, pains), (Opportunity, ideas)):
        if ids:
            rows = model.objects.select_for_update(no_key=True).filter(pk__in=ids)
            list(rows.order_by("pk").values_list("pk"))
    if concern.cards and (pains or ideas):
        more = drafts_with(pains, ideas) - wanted
        if more:
            raise _MoreToLockError(more)
    return versions
