"""Contacts without a touchpoint, grouped by what they have in common, with what could be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from cxm.common.clock import day_of, now
from cxm.dashboards.charts import Spark, sparkline
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.conditions import ADDRESS, BEGINS, EVENT, IS, KIND, SOURCE, Condition
from touchpoints.catalogue.models import Channel, IgnoredGroup
from touchpoints.interactions.models import Interaction
from touchpoints.interactions.recent import source_names
from touchpoints.interactions.records import (
    CLICKED,
    CONTACTS,
    OFFLINE,
    PAGE_LEFT,
    PLACEMENT_CLICKED,
    PLACEMENT_VIEWED,
    TRACK,
)
from touchpoints.interactions.reports import unmatched

DAYS: Final = 30
# The newest so many are grouped: enough to see what is missing, few enough for a page.
MOST_GROUPED: Final = 100_000
MOST_GROUPS: Final = 50
# What home counts, as it counts what belongs nowhere without any group being let be.
LATELY: Final = 7
MOST_LATELY: Final = 10_000
MOST_SAMPLES: Final = 3
# What our own codes send says nothing by its name.
_OWN: Final = (CLICKED, PAGE_LEFT, PLACEMENT_VIEWED, PLACEMENT_CLICKED)

_GROUPS: Final = """
WITH newest AS (
    SELECT kind, event, name, url, source_id, channel_id, occurred_at
    FROM interactions_interaction
    WHERE workspace_id = %(workspace)s AND touchpoint_id IS NULL AND occurred_at >= %(start)s
        AND kind = ANY(%(kinds)s) AND event <> %(left)s
    ORDER BY occurred_at DESC LIMIT %(most)s
), placed AS (
    SELECT *, '/' || split_part(split_part(split_part(
        regexp_replace(url, '^([a-z][a-z0-9+.-]*:)?//[^/?#]*', '', 'i'), '?', 1), '#', 1), '/', 2)
        AS page, kind = ANY(%(by_event)s) AND event <> '' AND event <> ALL(%(own)s) AS has_event
    FROM newest
), named AS (
    SELECT *,
        CASE WHEN has_event THEN 'event' WHEN url <> '' THEN 'page' ELSE 'source' END AS basis,
        left(CASE WHEN has_event THEN lower(event) WHEN url <> '' THEN lower(page)
            ELSE source_id || ':' || kind END, 300) AS value
    FROM placed
), kept AS (
    SELECT *, row_number() OVER (PARTITION BY basis, value ORDER BY occurred_at DESC) AS place
    FROM named
    WHERE NOT EXISTS (
        SELECT 1 FROM catalogue_ignoredgroup AS ignored
        WHERE ignored.workspace_id = %(workspace)s AND ignored.basis = named.basis
            AND ignored.value = named.value
    )
), daily AS (
    SELECT basis, value, (occurred_at AT TIME ZONE %(zone)s)::date AS day, channel_id,
        count(*) AS n, max(occurred_at) AS last_at, max(event) AS event,
        array_agg(left(coalesce(nullif(url, ''), nullif(name, ''), nullif(event, ''), kind), 120)
            ORDER BY occurred_at DESC) FILTER (WHERE place <= %(samples)s) AS samples
    FROM kept GROUP BY basis, value, day, channel_id
)
SELECT basis, value, sum(n)::bigint, max(last_at), max(event),
    (array_agg(channel_id ORDER BY n DESC) FILTER (WHERE channel_id IS NOT NULL))[1],
    array_agg(day ORDER BY day, channel_id), array_agg(n ORDER BY day, channel_id),
    string_agg(array_to_string(samples, E'\\n'), E'\\n' ORDER BY last_at DESC),
    sum(sum(n)) OVER ()::bigint, count(*) OVER ()
FROM daily GROUP BY basis, value ORDER BY 3 DESC, 1, 2 LIMIT %(groups)s
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Contacts that have something in common, and the touchpoint that they could make.

    Attributes:
        basis, value: what they have in common; together they name the group.
        label: the same for people.
        days: how many on each of the last days, oldest first.
        conditions: of the rule that would lead them to the new touchpoint.
        channel: most of them came on it; None where that is not known.
    """

    basis: str
    value: str
    label: str
    count: int
    share: float
    last_at: datetime
    days: Sequence[int]
    samples: Sequence[str]
    name: str
    conditions: Sequence[Condition]
    channel: UUID | None

    @property
    def spark(self) -> Spark:
        """Return the course of the days, to be drawn."""
        return sparkline([float(n) for n in self.days], width=120, height=46)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """All groups of the last days: the largest of them, and how much there is."""

    groups: Sequence[Group]
    count: int
    all_groups: int

    @property
    def is_partial(self) -> bool:
        """Whether there is more than was grouped."""
        return self.count >= MOST_GROUPED


def unmatched_groups(
    *, workspace: Workspace, days: int = DAYS, most: int = MOST_GROUPED
) -> Unmatched:
    """Return what the newest contacts without a touchpoint have in common, in three queries."""
    today = day_of(now(), workspace.timezone)
    first = today - timedelta(days=days - 1)
    with connection.cursor() as cursor:
        cursor.execute(
            _GROUPS,
            {
                "workspace": workspace.pk,
                "start": datetime.combine(first, time.min, ZoneInfo(workspace.timezone)),
                "kinds": list(CONTACTS),
                "by_event": [TRACK, OFFLINE],
                "own": list(_OWN),
                "left": PAGE_LEFT,
                "most": most,
                "zone": workspace.timezone,
                "samples": MOST_SAMPLES,
                "groups": MOST_GROUPS,
            },
        )
        rows = cursor.fetchall()
    if not rows:
        return Unmatched((), 0, 0)
    total, all_groups = rows[0][-2:]
    sources = {str(pk): name for pk, name in source_names(workspace.pk).items()}
    channels = set(Channel.objects.for_workspace(workspace).values_list("pk", flat=True))
    groups = []
    for basis, value, count, last_at, event, channel, on, numbers, samples, *_rest in rows:
        label, name, conditions = _proposal(basis, value, event, sources)
        groups.append(
            Group(
                basis=basis,
                value=value,
                label=label,
                count=count,
                share=count / total,
                last_at=last_at,
                days=_course(first, days, on, numbers),
                samples=list(dict.fromkeys((samples or "").split("\n")))[:MOST_SAMPLES],
                name=name,
                conditions=conditions,
                channel=channel if channel in channels else None,
            )
        )
    return Unmatched(groups, total, all_groups)


def find_group(*, workspace: Workspace, basis: str, value: str) -> Group | None:
    """Return the group with this name, as long as there are contacts in it."""
    found = unmatched_groups(workspace=workspace)
    return next((g for g in found.groups if (g.basis, g.value) == (basis, value)), None)


def without_place(workspace: Workspace) -> int:
    """Return how many contacts of the last days belong nowhere and shall not stay there."""
    if not IgnoredGroup.objects.for_workspace(workspace).exists():
        return unmatched(workspace)
    found = unmatched_groups(workspace=workspace, days=LATELY, most=MOST_LATELY)
    return found.count


def label_of(basis: str, value: str, sources: Mapping[str, str]) -> str:
    """Return a group's name for people."""
    if basis == IgnoredGroup.Basis.EVENT:
        return _("Event “%(name)s”") % {"name": value}
    if basis == IgnoredGroup.Basis.PAGE:
        return _("Pages below %(path)s") % {"path": value} if value != "/" else _("The start page")
    source, _colon, kind = value.partition(":")
    kinds = dict(Interaction.Kind.choices)
    return f"{sources.get(source, _('Unknown source'))}: {kinds.get(kind, kind)}"


def _proposal(
    basis: str, value: str, event: str, sources: Mapping[str, str]
) -> tuple[str, str, Sequence[Condition]]:
    """Return label, name and conditions of what could be made of a group."""
    if basis == IgnoredGroup.Basis.EVENT:
        return label_of(basis, event, sources), in_words(event), [Condition(EVENT, IS, event)]
    if basis == IgnoredGroup.Basis.PAGE:
        label = label_of(basis, value, sources)
        if value == "/":
            return label, _("Start page"), [Condition(ADDRESS, IS, value)]
        return label, in_words(value.strip("/")), [Condition(ADDRESS, BEGINS, value)]
    source, _colon, kind = value.partition(":")
    name = sources.get(source, "")
    conditions = [Condition(SOURCE, IS, name), Condition(KIND, IS, kind)]
    return label_of(basis, value, sources), name, conditions


def in_words(text: str) -> str:
    """Return a technical name as words: "order_completed" is "Order completed"."""
    words = []
    before = ""
    for sign in text.rpartition(".")[0] if text.endswith((".html", ".php")) else text:
        if sign in "_-+%. /" and sign != " ":
            words.append(" ")
        elif sign.isupper() and before.islower():
            words.append(f" {sign.lower()}")
        else:
            words.append(sign)
        before = sign
    found = " ".join("".join(words).split())
    return found[:1].upper() + found[1:]


def _course(first: date, days: int, on: Sequence[date], numbers: Sequence[int]) -> list[int]:
    found = [0] * days
    for day, number in zip(on, numbers, strict=True):
        place = (day - first).days
        if 0 <= place < days:
            found[place] += int(number)
    return found
