"""Clicks and scroll depth of a page, read at a bounded cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connection

from cxm.common.clock import now
from cxm.common.statistics import z_for
from cxm.workspaces.models import Workspace
from touchpoints.interactions.records import CLICKED, PAGE_LEFT
from touchpoints.tracking import sql
from touchpoints.tracking.heat import (
    Click,
    HeatMap,
    Leave,
    device_of,
    heat_map,
    read_click,
    read_leave,
)

# Interactions that are read for a page, the newest first: some tenths of a second.
MOST_SCANNED: Final = 100_000
# Clicks and leaves that are drawn.
MOST_POINTS: Final = 20_000
MOST_PATHS: Final = 100
USUAL_DAYS: Final = 30
DEVICES: Final = ("desktop", "tablet", "phone")


@dataclass(frozen=True, slots=True)
class Question:
    """Which page is asked for; None asks for all. `days` back from now."""

    days: int = USUAL_DAYS
    path: str = ""
    device: str = ""
    touchpoint: UUID | None = None
    source: UUID | None = None

    def at(self, path: str) -> Question:
        """Return the same for another path."""
        return replace(self, path=path)


@dataclass(frozen=True, slots=True)
class PathCount:
    """A path with what is known of it."""

    path: str
    clicks: int
    leaves: int


@dataclass(frozen=True, slots=True)
class PagePaths:
    """The paths of a window. `read` interactions were looked at, the oldest of `since`."""

    paths: Sequence[PathCount]
    read: int
    since: datetime | None

    @property
    def cut(self) -> bool:
        """Whether there were more than could be looked at."""
        return self.read >= MOST_SCANNED


@dataclass(frozen=True, slots=True)
class PageHeat:
    """A page's figure for one class of devices, with how often each class occurs."""

    path: str
    device: str
    devices: tuple[tuple[str, int], ...]
    heat: HeatMap
    sampled: bool


def page_paths(workspace: Workspace, question: Question) -> PagePaths:
    """Return the paths that were clicked on, the most clicked first, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(sql.PATHS, _parameters(workspace, question))
        rows = cursor.fetchall()
    paths = [PathCount(path, clicks, leaves) for _, _, path, clicks, leaves in rows if path]
    return PagePaths(paths, rows[0][0], rows[0][1])


def page_heat(workspace: Workspace, question: Question) -> PageHeat:
    """Return the figure of a path, in one query; for the device asked for, else the usual one."""
    with connection.cursor() as cursor:
        cursor.execute(sql.POINTS, _parameters(workspace, question))
        rows = cursor.fetchall()
    clicks: dict[str, list[Click]] = {}
    leaves: dict[str, list[Leave]] = {}
    counts: Counter[str] = Counter()
    for own_id, event, text in rows:
        properties = msgspec.json.decode(text)
        if event == CLICKED:
            click = read_click(properties)
            if click is not None:
                clicks.setdefault(device_of(click.width), []).append(click)
                counts[device_of(click.width)] += 1
        else:
            leave = read_leave(properties, own_id)
            if leave is not None:
                leaves.setdefault(device_of(leave.width), []).append(leave)
                counts[device_of(leave.width)] += 1
    usual = max(DEVICES, key=lambda device: counts[device])
    device = question.device if question.device in DEVICES else usual
    z = z_for(workspace.confidence)
    return PageHeat(
        path=question.path,
        device=device,
        devices=tuple((each, counts[each]) for each in DEVICES),
        heat=heat_map(clicks.get(device, []), leaves.get(device, []), z),
        sampled=len(rows) >= MOST_POINTS,
    )


def _parameters(workspace: Workspace, question: Question) -> dict[str, Any]:
    moment = now()
    return {
        "workspace": workspace.pk,
        "start": moment - timedelta(days=question.days),
        "end": moment + timedelta(days=1),
        "touchpoint": question.touchpoint,
        "source": question.source,
        "scanned": MOST_SCANNED,
        "points": MOST_POINTS,
        "paths": MOST_PATHS,
        "events": [CLICKED, PAGE_LEFT],
        "clicked": CLICKED,
        "left": PAGE_LEFT,
        "path": question.path,
    }
