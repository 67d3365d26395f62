"""The journeys of a persona with the satisfaction of their stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxm.workspaces.models import Workspace
from journeys.maps.models import JourneyMap
from journeys.maps.reports import Outline, load_outlines
from journeys.personas.models import Persona
from journeys.scores import words
from journeys.scores.reports import StageScores, score_outlines


@dataclass(frozen=True, slots=True)
class ScoredJourney:
    """A map without its cells, with its stages' figures and what they amount to."""

    outline: Outline
    stages: Sequence[StageScores]
    finding: str


def scored_journeys(
    journeys: Sequence[JourneyMap], *, workspace: Workspace, editor: bool
) -> list[ScoredJourney]:
    """Return maps with their figures; as many queries for all as for one."""
    outlines = load_outlines(journeys, editor=editor)
    scored = score_outlines(outlines, workspace=workspace)
    return [
        ScoredJourney(outline, stages, words.stage_finding(stages))
        for outline, stages in zip(outlines, scored, strict=True)
    ]


def journeys_of(persona: Persona, *, workspace: Workspace, editor: bool) -> list[ScoredJourney]:
    """Return the maps that a persona is on, by name."""
    maps = JourneyMap.objects.for_workspace(workspace).filter(personas=persona)
    return scored_journeys(list(maps.order_by("name", "pk")), workspace=workspace, editor=editor)
