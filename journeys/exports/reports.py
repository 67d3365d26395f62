"""Reads a version of a map into a sheet; the number of queries does not depend on its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cxm.common.clock import now
from cxm.dashboards import numbers
from cxm.dashboards.words import STATUS_WORDS
from cxm.kpis import registry
from cxm.workspaces.models import Membership, Workspace
from journeys.exports.incoming import Known, Raw
from journeys.exports.incoming.cleaning import clean
from journeys.exports.sheet import Item, Lane, Mark, Measure, Place, Sheet, Stage, Step
from journeys.maps.lanes import SEVERITIES
from journeys.maps.models import Card, JourneyMap, Opportunity, PainPoint, StepLink, Version
from journeys.maps.models import Lane as LaneRow
from journeys.maps.models import Stage as StageRow
from journeys.maps.pictures import is_stored, read_stored
from journeys.maps.reports import Column, Grid, load_grid
from journeys.personas.models import Persona
from journeys.scores import curves, words
from journeys.scores.drawing import mark_score
from journeys.scores.reports import MapScores, Reading, Rolled, StepScores, score_map
from touchpoints.catalogue import voices
from touchpoints.catalogue.models import PhaseModel, Touchpoint


def load_sheet(
    version: Version,
    *,
    workspace: Workspace,
    window: str = "90d",
    period: str = "",
    figures: bool = True,
) -> Sheet:
    """Read a version with everything on it, hidden lanes too; a constant number of queries."""
    grid = load_grid(version)
    scores = score_map(grid, workspace=workspace, window=window) if figures else None
    journey = version.map
    lanes = list(LaneRow.objects.filter(version=version).order_by("position"))
    shape = {lane.pk: lane for lane in lanes}
    cards = (
        Card.objects.of_version(version)
        .with_touchpoint()
        .select_related("touchpoint__channel", "persona", "linked_map", "step", "lane")
        .select_related("pain_point", "opportunity__owner__user")
        .order_by("lane__position", "step__stage__position", "step__position", "position", "id")
    )
    said = voices.by_ids(card.response_id for card in cards if card.response_id is not None)
    return Sheet(
        id=str(journey.pk),
        name=journey.name,
        kind=journey.kind,
        kind_word=str(journey.get_kind_display()),
        made_at=now(),
        version=version.number,
        version_key=str(version.pk),
        status=version.status,
        status_word=str(version.get_status_display()),
        published_on=version.published_at.date() if version.published_at else None,
        workspace=workspace.name,
        cyclic=journey.cyclic,
        cycle_name=journey.cycle_name,
        phase_model=journey.phase_model.key if journey.phase_model else "",
        personas=tuple((persona.name, persona.role) for persona in grid.personas),
        stages=tuple(_stages(version, grid, scores)),
        lanes=tuple(_lane(lane, grid, period, figures) for lane in lanes),
        items=tuple(_item(card, shape[card.lane_id], said) for card in cards),
        figures=figures,
        window=window,
        period=period,
        confidence=workspace.confidence,
        finding=words.finding(scores) if scores is not None else ("", ""),
        scored_at=scores.scored_at if scores is not None else None,
        language=get_language() or "en",
        picture_of=partial(_read_picture, workspace.pk),
    )


def _read_picture(workspace_id: UUID, name: str) -> bytes | None:
    found = read_stored(workspace_id, name)
    return None if found is None else found[0]


def _stages(version: Version, grid: Grid, scores: MapScores | None) -> list[Stage]:
    following: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    links = StepLink.objects.filter(step__stage__version=version).select_related("to")
    for link in links.order_by("step__stage__position", "step__position", "id"):
        following[link.step_id].append((str(link.to.key), link.label))
    rolled = {s.stage.pk: s.satisfaction for s in scores.stages} if scores is not None else {}
    of_step = {s.column.step.pk: s for s in scores.steps} if scores is not None else {}
    headings = {heading.stage.pk: heading for heading in grid.headings}
    found = []
    for row in StageRow.objects.filter(version=version).select_related("phase"):
        heading = headings.get(row.pk)
        columns = heading.columns if heading is not None else ()
        found.append(
            Stage(
                key=str(row.key),
                name=row.name,
                phase=row.phase.key if row.phase else "",
                phase_name=row.phase.name if row.phase else "",
                tint=heading.tint if heading is not None else 1,
                steps=tuple(
                    _step(
                        column,
                        tuple(following[column.step.pk]),
                        of_step.get(column.step.pk),
                        grid,
                        scores.confidence if scores is not None else 0.95,
                    )
                    for column in columns
                ),
                satisfaction=_rolled(rolled[row.pk]) if row.pk in rolled else None,
            )
        )
    return found


def _step(
    column: Column,
    following: tuple[tuple[str, str], ...],
    scores: StepScores | None,
    grid: Grid,
    confidence: float,
) -> Step:
    row = column.step
    assumed = grid.assumed.get(row.pk)
    said = scores.said.on_curve() if scores is not None else None
    does = scores.does.on_curve() if scores is not None else None
    return Step(
        key=str(row.key),
        number=column.number,
        name=row.name,
        stage=str(column.stage.key),
        metric=row.metric,
        next=following,
        mark=_mark(scores.reading, confidence) if scores is not None else None,
        values=curves.StepValues(
            assumed,
            said,
            does.value if does is not None else None,
            failing=scores.framed if scores is not None else False,
        ),
        measures=tuple(_measure(reading) for reading in scores.readings) if scores else (),
        framed=scores.framed if scores is not None else False,
        failing=scores.failing if scores is not None else False,
    )


def _mark(reading: Reading | None, confidence: float) -> Mark:
    drawn = mark_score(reading, confidence)
    bullet = drawn.bullet
    icon, size, _aloud = drawn.trend or ("", "", "")
    return Mark(
        kind=drawn.kind,
        status=str(drawn.status) if drawn.status is not None else None,
        status_word=str(STATUS_WORDS[str(drawn.status)]) if drawn.status is not None else "",
        title=drawn.title,
        sentence=drawn.sentence,
        value=f"{drawn.value} {drawn.suffix}".strip() if drawn.suffix else drawn.value,
        foot=drawn.foot,
        trend=size,
        arrow={"arrow-up": "↑", "arrow-down": "↓"}.get(icon, "→"),
        target=drawn.target,
        bullet=None if bullet is None else (bullet.low, bullet.width, bullet.value, bullet.target),
        spark=drawn.spark.lines if drawn.spark is not None else (),
    )


def _measure(reading: Reading) -> Measure:
    score = reading.score
    figure = score.figure
    return Measure(
        metric=score.metric.key,
        title=str(score.metric.title),
        touchpoint=reading.touchpoint.name,
        touchpoint_id=str(reading.touchpoint.pk),
        unit=score.metric.unit,
        value=figure.value if score.shown else None,
        n=figure.n,
        low=figure.low if score.shown else None,
        high=figure.high if score.shown else None,
        target=score.target,
        status=str(score.status) if score.status is not None else None,
    )


def _rolled(rolled: Rolled) -> Measure:
    return Measure(
        metric="satisfaction",
        title=_("Satisfaction"),
        touchpoint="",
        unit="score",
        value=rolled.value,
        n=rolled.figure.n,
        low=rolled.figure.low if rolled.shown else None,
        high=rolled.figure.high if rolled.shown else None,
        target=rolled.target,
        status=str(rolled.status) if rolled.status is not None else None,
    )


def _lane(lane: LaneRow, grid: Grid, period: str, figures: bool) -> Lane:
    entry = lane.entry
    hint = str(entry.hint)
    if entry.key == "actions" and grid.persona is not None:
        hint = _("What %(name)s does") % {"name": grid.persona.given_name}
    elif entry.shape == "score" and period:
        hint = f"{period}, {_('one KPI per step')}"
    elif entry.shape == "feeling" and not figures:
        hint = _("What we assume")
    return Lane(
        key=str(lane.key),
        kind=lane.kind,
        name=lane.name,
        title=lane.title,
        shape=entry.shape,
        hint=hint,
        of_cards=entry.of_cards,
        behind=entry.behind,
        hidden=lane.hidden,
        collapsed=lane.collapsed,
    )


def _item(card: Card, lane: LaneRow, said: Mapping[UUID, voices.Voice]) -> Item:
    card.lane = lane
    voice = said.get(card.response_id) if card.response_id is not None else None
    words = card.text
    if card.response_id is not None and not words:
        words = voice.text if voice is not None else _("This answer is not kept any more.")
    place = _place(card.touchpoint) if card.touchpoint is not None else None
    linked = card.linked_map.name if card.linked_map is not None else ""
    return Item(
        key=str(card.key),
        lane=str(lane.key),
        step=str(card.step.key),
        text=card.text,
        words=words
        or (place.name if place is not None else linked)
        or (_("Picture") if card.picture else ""),
        source=f"{voice.survey} · {numbers.day(voice.at)}" if voice is not None else "",
        span=card.span,
        place=place,
        valence=None if card.valence is None else float(card.valence),
        severity=card.severity,
        severity_word=str(SEVERITIES.get(card.severity or 0, "")),
        status=card.status,
        status_word=card.state_title,
        persona=card.persona.name if card.persona is not None else "",
        answer=card.answer,
        response_id=str(card.response_id or ""),
        linked_map=linked,
        picture=card.picture,
        **_finding(card),
    )


def _finding(card: Card) -> dict[str, Any]:
    idea = card.opportunity
    if idea is not None:
        return {
            "description": idea.description,
            "impact": idea.impact,
            "effort": idea.effort,
            "owner": str(idea.owner.user) if idea.owner is not None else "",
        }
    return {"description": card.pain_point.description} if card.pain_point is not None else {}


def _place(touchpoint: Touchpoint) -> Place:
    return Place(
        id=str(touchpoint.pk),
        key=touchpoint.key,
        name=touchpoint.name,
        channel=touchpoint.channel.name,
        icon=touchpoint.icon or touchpoint.channel.icon,
        moment=touchpoint.moment_of_truth,
        department=touchpoint.department,
    )


def known_for(raw: Raw, workspace: Workspace) -> Known:
    """Return what the workspace has that a file may name; 8 queries and one more."""
    touchpoints = list(
        Touchpoint.objects.order_by("created_at", "pk").values_list("pk", "name", "key")
    )
    models: dict[str, list[str]] = {}
    for model in PhaseModel.objects.order_by("-is_default", "pk").prefetch_related("phases"):
        models[model.key] = [phase.key for phase in model.phases.all()]
    return Known(
        touchpoints={name: pk for pk, name, _key in reversed(touchpoints)},
        touchpoint_keys={key: (pk, name) for pk, name, key in touchpoints},
        personas=dict(Persona.objects.values_list("name", "pk")),
        maps=dict(JourneyMap.objects.order_by("-kind").values_list("name", "pk")),
        phase_models={key: frozenset(phases) for key, phases in models.items()},
        metrics=frozenset(
            key for key, entry in registry.metrics.items() if "touchpoint" in entry.subjects
        ),
        answers=frozenset(voices.by_ids(_answers(raw))),
        pictures=_pictures(raw, workspace),
        members=_members(workspace),
        findings=_findings(raw),
    )


def _members(workspace: Workspace) -> dict[str, UUID | None]:
    found: dict[str, UUID | None] = {}
    members = Membership.objects.for_workspace(workspace).select_related("user")
    for member in members:
        name = str(member.user).casefold()
        found[name] = None if name in found else member.pk
    return {**found, **{member.user.email.casefold(): member.pk for member in members}}


def _findings(raw: Raw) -> frozenset[tuple[str, str]]:
    titles = {clean(card.fields.get("text")) for card in raw.cards}
    pains = PainPoint.objects.filter(title__in=titles).values_list("title", flat=True)
    ideas = Opportunity.objects.filter(title__in=titles).values_list("title", flat=True)
    return frozenset([*(("pain", t) for t in pains), *(("opportunity", t) for t in ideas)])


def _pictures(raw: Raw, workspace: Workspace) -> dict[str, str]:
    """Return where the pictures are that cards name: in the file, kept from it, or here anyway."""
    named = {str(card.fields["picture"]) for card in raw.cards if card.fields.get("picture")}
    mine = {name: name for name in named if is_stored(workspace.pk, name)}
    return {**mine, **{name: name for name in raw.pictures}, **raw.kept}


def _answers(raw: Raw) -> list[UUID]:
    found = []
    for card in raw.cards:
        with suppress(ValueError):
            found.append(UUID(str(card.fields.get("response_id", ""))))
    return found
