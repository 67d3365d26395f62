"""The room's panel on the home page."""

from __future__ import annotations

from collections.abc import Mapping

from cxm.dashboards.registry import Window, panel
from cxm.workspaces.models import Workspace
from journeys.maps.models import JourneyMap
from journeys.maps.reports import load_outlines
from journeys.scores import words
from journeys.scores.reports import score_outlines


@panel(
    key="journey-strip",
    slot="journey",
    template="scores/panels/strip.html",
    order=10,
    permission="maps.view_journeymap",
)
def journey_strip(workspace: Workspace, window: Window) -> Mapping[str, object]:
    """Show the stages of the main journey with their satisfaction."""
    journeys = list(JourneyMap.objects.for_workspace(workspace).filter(is_main=True))
    outlines = load_outlines(journeys, editor=False)
    if not outlines:
        return {"outline": None}
    stages = score_outlines(outlines, workspace=workspace, window=window.key)[0]
    placed = any(stage.touchpoint_ids for stage in outlines[0].stages)
    return {
        "outline": outlines[0],
        "stages": stages,
        "placed": placed,
        "finding": words.stage_finding(stages),
        "period": str(window.days),
    }
