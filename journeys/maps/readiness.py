"""What stands in the way of publishing a draft, and what somebody should know before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.maps.diffing import Diff, Snapshot, Thing, compare
from journeys.maps.models import Comment, Version
from journeys.maps.snapshots import load_snapshots
from touchpoints.catalogue.models import Touchpoint

RESPONSIBLE: Final = "responsible"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know before publishing; `where` are keys of what it is about."""

    code: str
    detail: str
    where: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Readiness:
    """What publishing a draft would change, what forbids it, and what speaks against it."""

    before: Snapshot
    after: Snapshot
    diff: Diff
    blockers: tuple[Notice, ...]
    warnings: tuple[Notice, ...]


def readiness_of(draft: Version, live: Version | None) -> Readiness:
    """Compare a draft with what is live; 7 queries."""
    snapshots = load_snapshots([draft] if live is None else [draft, live])
    after = snapshots[draft.pk]
    before = Snapshot.of([]) if live is None else snapshots[live.pk]
    diff = compare(before, after)
    blockers: list[Notice] = []
    if not after.things["step"]:
        blockers.append(Notice("map_empty", _("Add a step before you publish.")))
    warnings = [
        *_unchanged(diff, live),
        *_without_department(after),
        *_retired_touchpoints(after),
        *_open_threads(draft),
    ]
    return Readiness(before, after, diff, tuple(blockers), tuple(warnings))


def steps_without_department(snapshot: Snapshot) -> list[UUID]:
    """Return the steps that no card of the lane of departments covers, from left to right. Pure.

    Empty where the map has no such lane, or hides it.
    """
    lanes = {
        lane.key
        for lane in snapshot.things["lane"].values()
        if lane.fields["kind"] == RESPONSIBLE and not lane.fields["hidden"]
    }
    if not lanes:
        return []
    steps = list(snapshot.things["step"])
    index = {key: number for number, key in enumerate(steps)}
    covered: set[UUID] = set()
    for card in snapshot.things["card"].values():
        lane, step = card.parents
        if lane in lanes:
            covered.update(steps[index[step] : index[step] + _span(card)])
    return [key for key in steps if key not in covered]


def _span(card: Thing) -> int:
    span = card.fields["span"]
    return span if isinstance(span, int) else 1


def _unchanged(diff: Diff, live: Version | None) -> Sequence[Notice]:
    if live is None or diff.changes:
        return ()
    detail = _("Nothing has changed since version %(number)s.") % {"number": live.number}
    return (Notice("unchanged", detail),)


def _without_department(snapshot: Snapshot) -> Sequence[Notice]:
    gaps = steps_without_department(snapshot)
    if not gaps:
        return ()
    detail = ngettext(
        "%(count)s step has no responsible department.",
        "%(count)s steps have no responsible department.",
        len(gaps),
    ) % {"count": capfirst(str(apnumber(len(gaps))))}
    return (Notice("responsible_missing", detail, tuple(gaps)),)


def _retired_touchpoints(snapshot: Snapshot) -> Sequence[Notice]:
    on_map: dict[str, list[UUID]] = {}
    for card in snapshot.things["card"].values():
        if touchpoint := card.fields["touchpoint"]:
            on_map.setdefault(str(touchpoint), []).append(card.key)
    retired = Touchpoint.objects.filter(pk__in=on_map, status=Touchpoint.Status.RETIRED)
    found = list(retired.order_by("name", "pk").values_list("pk", "name")) if on_map else []
    if not found:
        return ()
    detail = _("No longer in use: %(names)s.") % {"names": ", ".join(name for _pk, name in found)}
    where = tuple(key for pk, _name in found for key in on_map[str(pk)])
    return (Notice("touchpoint_retired", detail, where),)


def _open_threads(draft: Version) -> Sequence[Notice]:
    anchors = list(
        Comment.objects.filter(
            map=draft.map_id, thread__isnull=True, resolved_at__isnull=True
        ).values_list("anchor", flat=True)
    )
    if not anchors:
        return ()
    detail = ngettext(
        "%(count)s discussion is still open.",
        "%(count)s discussions are still open.",
        len(anchors),
    ) % {"count": capfirst(str(apnumber(len(anchors))))}
    return (
        Notice("discussions_open", detail, tuple(dict.fromkeys(key for key in anchors if key))),
    )
