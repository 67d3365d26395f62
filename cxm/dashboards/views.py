"""The home page: "How are we doing?"."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from cxm.dashboards import registry, reports
from cxm.dashboards.registry import Window
from cxm.kpis import reports as figures
from cxm.workspaces.models import Workspace

if TYPE_CHECKING:
    from cxm.workspaces.models import User

T = TypeVar("T")

logger = logging.getLogger(__name__)

NEEDS_SHOWN = 5
LINKS = {
    "kpis": "kpis",
    "results": "results",
    "journeys": "map_list",
    "sources": "sources",
    "surveys": "admin:questionnaires_survey_changelist",
}


def home_context(request: HttpRequest, context: dict[str, object]) -> dict[str, object]:
    """Fill the admin's index: Unfold calls this with the shell's context.

    Each part is read and rendered by itself; one that fails says so and the rest stays.
    """
    workspace: Workspace | None = getattr(request, "workspace", None)
    if workspace is None:
        return {**context, "workspace": None}
    user: User = request.user  # type: ignore[assignment]
    window = reports.window_of(workspace, reports.chosen_days(request.GET.get("period")))
    compare = request.GET.get("compare") != "none"
    base = {
        "request": request,
        "workspace": workspace,
        "window": window,
        "compare": compare,
        "links": {key: _link(name) for key, name in LINKS.items()},
    }
    found = _read(lambda: reports.overview(workspace, window, compare=compare), "overview")
    needs = registry.needs(workspace, user.has_perm)
    # The sidebar of this page takes its counts from the same answers.
    request.cxm_needs = needs  # type: ignore[attr-defined]
    lines = [need for _item, need in needs if need.title]

    def part(template: str, source: Callable[[], dict[str, object]]) -> SafeString:
        return _part(template, base, source)

    parts: dict[str, object] = {
        "needs": part("dashboards/parts/needs.html", lambda: {"needs": lines[:NEEDS_SHOWN]}),
        "scored_at": _read(figures.scored_at, "scored_at"),
        **{
            slot: registry.render_panels(slot, workspace, window, user.has_perm, request)
            for slot in registry.SLOTS
        },
    }
    if found is not None:
        parts["scores"] = part("dashboards/parts/scores.html", lambda: {"overview": found})
        if compare:
            parts["changes"] = part(
                "dashboards/parts/changes.html", lambda: {"changed": reports.what_changed(window)}
            )
        parts["nps"] = part(
            "dashboards/parts/nps.html", lambda: {"nps": reports.nps_course(workspace, found.nps)}
        )
    return {
        **context,
        **base,
        "title": "",
        "overview": found,
        "answer": _read(lambda: reports.answer(found), "answer") if found else None,
        "broken": found is None,
        "parts": parts,
        "needs": lines,
        "periods": [_period(workspace, days, window) for days in reports.PERIODS],
    }


def _period(workspace: Workspace, days: int, chosen: Window) -> tuple[Window, bool]:
    return reports.window_of(workspace, days), days == chosen.days


def _link(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _read(source: Callable[[], T], name: str) -> T | None:
    """Return what a part says; None, and a line in the log, when it fails."""
    try:
        with registry.guard():
            return source()
    except Exception:
        logger.exception("The part %s of the home page failed.", name)
        return None


def _part(
    template: str, base: dict[str, object], source: Callable[[], dict[str, object]]
) -> SafeString:
    """Return a part's HTML; the broken card when it fails."""
    try:
        with registry.guard():
            return render_to_string(template, {**base, **source()})
    except Exception:
        logger.exception("The part %s of the home page failed.", template)
        return render_to_string("cxm/parts/broken_card.html")
