"""What a file says, matched to what the workspace has: a plan, and what had to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.exports.incoming.cleaning import clean
from journeys.exports.incoming.headings import kind_of
from journeys.exports.incoming.matching import CardReader, Known, Made
from journeys.exports.incoming.problems import NOWHERE, Problem, Where
from journeys.exports.incoming.raw import Raw, RawLane, RawStep
from journeys.maps.lanes import LANE_KINDS
from journeys.maps.plans import CardPlan, LanePlan, MapPlan, StagePlan, StepPlan

__all__ = ["Draft", "Known", "resolve"]

MOST_CARDS: Final = 2_000
MOST_STEPS: Final = 200
MOST_LANES: Final = 100
MOST_TITLES: Final = 5
LONGEST_NAME: Final = 80
LONGEST_HEADING: Final = 60
LONGEST_LABEL: Final = 60
NOTES: Final = "notes"


@dataclass(frozen=True, slots=True)
class Draft:
    """What would become of a file."""

    name: str
    kind: str
    plan: MapPlan
    personas: tuple[UUID, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def blocked(self) -> bool:
        """Say whether something must be mended first."""
        return any(problem.blocks for problem in self.problems)

    @property
    def steps(self) -> int:
        """Return how many steps there are."""
        return sum(len(stage.steps) for stage in self.plan.stages)

    @property
    def cards(self) -> int:
        """Return how many cards there are."""
        return sum(
            len(cards)
            for stage in self.plan.stages
            for step in stage.steps
            for cards in step.cards.values()
        )

    @property
    def cards_by_lane(self) -> list[tuple[str, int]]:
        """Return each lane's heading with how many cards it has."""
        counts: dict[str, int] = {}
        for stage in self.plan.stages:
            for step in stage.steps:
                for ref, cards in step.cards.items():
                    counts[ref] = counts.get(ref, 0) + len(cards)
        return [
            (str(lane.name or LANE_KINDS[lane.kind].title), counts.get(lane.ref, 0))
            for lane in self.plan.lane_plans
        ]


@dataclass(slots=True)
class _Plan:
    """A plan under way."""

    raw: Raw
    known: Known
    problems: list[Problem] = field(default_factory=list)
    lanes: dict[str, LanePlan] = field(default_factory=dict)
    notes: str = ""

    def say(self, text: str, where: Where, code: str = "changed", *, blocks: bool = False) -> None:
        """Note a problem."""
        self.problems.append(Problem(text, where, code, blocks=blocks))

    def cut(self, text: str, longest: int, where: Where) -> str:
        """Return a text that fits; say so where it had to be shortened."""
        found = clean(text)
        if len(found) <= longest:
            return found
        message = ngettext(
            "This is longer than %s character and was cut: “%s…”",
            "This is longer than %s characters and was cut: “%s…”",
            longest,
        ) % (longest, found[:30])
        self.say(message, where, "too_long")
        return found[:longest].rstrip()

    def notes_lane(self) -> str:
        """Return the lane into which goes what fits nowhere else; make it where there is none."""
        if not self.notes:
            self.notes = "notes"
            while self.notes in self.lanes:
                self.notes += "-"
            self.lanes[self.notes] = LanePlan(NOTES, ref=self.notes)
        return self.notes


def resolve(raw: Raw, known: Known) -> Draft:
    """Match a file to the workspace. Nothing is written, and no name is guessed."""
    plan = _Plan(raw, known, list(raw.problems))
    _check_sizes(plan)
    for lane in raw.lanes[:MOST_LANES]:
        _lane(plan, lane)
    phases = _phases(plan)
    steps = _steps(plan)
    cards = _cards(plan, steps)
    following = _following(plan, steps)
    stages = []
    used = set()
    for stage in raw.stages:
        if stage.ref in used:
            plan.say(
                _("Two stages have the same key; this one was left out."), stage.where, "twice"
            )
            continue
        used.add(stage.ref)
        phase = stage.phase
        if phase and phase not in phases:
            if phases:
                plan.say(_("There is no phase called “%s”.") % phase, stage.where, "unknown_phase")
            phase = ""
        stages.append(
            StagePlan(
                name=plan.cut(stage.name, LONGEST_NAME, stage.where) or _("First stage"),
                phase=phase,
                steps=[
                    StepPlan(
                        name=plan.cut(step.name, LONGEST_NAME, step.where) or _("Step"),
                        cards=cards.get(step.ref, {}),
                        metric=_metric(plan, step),
                        ref=step.ref,
                        next=following.get(step.ref, ()),
                    )
                    for step in steps.values()
                    if step.stage == stage.ref
                ],
            )
        )
    if not stages and not plan.lanes:
        plan.say(_("There is no step in the file."), NOWHERE, "no_step", blocks=True)
    return Draft(
        name=plan.cut(raw.name, 120, NOWHERE),
        kind=raw.kind if raw.kind in {"as_is", "to_be"} else "as_is",
        plan=MapPlan(
            stages=stages,
            lanes=list(plan.lanes.values()),
            cyclic=raw.cyclic,
            cycle_name=plan.cut(raw.cycle_name, 40, NOWHERE),
            phase_model=raw.phase_model if raw.phase_model in known.phase_models else "",
        ),
        personas=_personas(plan),
        problems=tuple(plan.problems),
    )


def _check_sizes(plan: _Plan) -> None:
    raw = plan.raw
    for found, most, words in (
        (
            len(raw.steps),
            MOST_STEPS,
            _("A journey has at most %(most)s steps; these are %(found)s."),
        ),
        (
            len(raw.stages),
            MOST_STEPS,
            _("A journey has at most %(most)s stages; these are %(found)s."),
        ),
        (
            len(raw.lanes),
            MOST_LANES,
            _("A journey has at most %(most)s lanes; these are %(found)s."),
        ),
        (
            len(raw.cards),
            MOST_CARDS,
            _("A journey has at most %(most)s cards; these are %(found)s."),
        ),
    ):
        if found > most:
            plan.say(words % {"most": most, "found": found}, NOWHERE, "too_many", blocks=True)


def _lane(plan: _Plan, lane: RawLane) -> None:
    if lane.ref in plan.lanes:
        plan.say(_("Two lanes have the same key; this one was left out."), lane.where, "twice")
        return
    kind, known = kind_of(lane.kind, lane.name)
    name = plan.cut(lane.name, LONGEST_HEADING, lane.where)
    if not known:
        kind = NOTES
        called = lane.kind or lane.name
        name = name or called[:LONGEST_HEADING]
        if called:
            plan.say(
                _("There is no kind of lane called “%s”; it became a lane of notes.") % called,
                lane.where,
                "unknown_lane",
            )
    elif name.casefold() in {str(LANE_KINDS[kind].title).casefold(), kind}:
        name = ""
    plan.lanes[lane.ref] = LanePlan(kind, name, lane.hidden, lane.collapsed, lane.ref)
    # What fits nowhere goes into a lane of that name, not into one whose heading nobody knew.
    if known and kind == NOTES and not name and not plan.notes:
        plan.notes = lane.ref


def _phases(plan: _Plan) -> frozenset[str]:
    """Return the phases that stages may name; say so where the model is missing."""
    models = plan.known.phase_models
    if not any(stage.phase for stage in plan.raw.stages):
        return frozenset()
    if plan.raw.phase_model in models:
        return models[plan.raw.phase_model]
    if not plan.raw.phase_model and models:
        return next(iter(models.values()))
    text = _("There is no phase model called “%s”; the stages have no phase.")
    plan.say(text % plan.raw.phase_model, NOWHERE, "unknown_phase_model")
    return frozenset()


def _steps(plan: _Plan) -> dict[str, RawStep]:
    stages = {stage.ref for stage in plan.raw.stages}
    found: dict[str, RawStep] = {}
    for step in plan.raw.steps:
        if step.ref in found:
            plan.say(_("Two steps have the same key; this one was left out."), step.where, "twice")
        elif step.stage not in stages:
            text = _(
                "This step names a stage that is not in the file: “%s”. Add it, or correct it."
            )
            plan.say(text % step.stage, step.where, "unknown_stage", blocks=True)
        else:
            found[step.ref] = step
    return found


def _metric(plan: _Plan, step: RawStep) -> str:
    if step.metric and step.metric not in plan.known.metrics:
        text = _("There is no measure called “%s”; the step shows the usual one.")
        plan.say(text % step.metric, step.where, "unknown_metric")
        return ""
    return step.metric


def _following(plan: _Plan, steps: Mapping[str, RawStep]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for step in steps.values():
        taken: dict[str, str] = {}
        for to, label in step.next:
            if to not in steps or to == step.ref or to in taken:
                text = _("The way from “%s” to the next step leads nowhere; it was left out.")
                plan.say(text % step.name, step.where, "unknown_step")
            else:
                taken[to] = plan.cut(label, LONGEST_LABEL, step.where)
        found[step.ref] = list(taken.items())
    return found


def _cards(plan: _Plan, steps: Mapping[str, RawStep]) -> dict[str, dict[str, list[CardPlan]]]:
    found: dict[str, dict[str, list[CardPlan]]] = {}
    reader = CardReader(plan.known, plan.say, plan.cut)
    told: set[str] = set()
    there: dict[str, None] = {}
    for card in plan.raw.cards[:MOST_CARDS]:
        lane = plan.lanes.get(card.lane)
        if lane is None or card.step not in steps:
            missing = card.step if lane is not None else card.lane
            text = _("This card names a lane or step that is not in the file: “%s”.")
            plan.say(text % missing, card.where, "unknown_cell")
            continue
        if not LANE_KINDS[lane.kind].of_cards:
            if card.lane not in told:
                told.add(card.lane)
                text = _("The lane “%s” is filled from data; what stood in it was left out.")
                plan.say(text % (lane.name or LANE_KINDS[lane.kind].title), card.where, "no_cards")
            continue
        cell = found.setdefault(card.step, {}).setdefault(card.lane, [])
        made = reader.read(card, lane.kind, cell)
        if made is Made.NOTE:
            note = CardPlan(text=plan.cut(reader.note, 400, card.where))
            found[card.step].setdefault(plan.notes_lane(), []).append(note)
        elif isinstance(made, CardPlan):
            cell.append(made)
            if (LANE_KINDS[lane.kind].shape, made.text) in plan.known.findings:
                there.setdefault(str(made.text))
    _tell_findings(plan, list(there))
    return {
        step: {lane: cards for lane, cards in cells.items() if cards}
        for step, cells in found.items()
    }


def _tell_findings(plan: _Plan, titles: list[str]) -> None:
    """Say what becomes of pain points and opportunities whose titles the workspace has already."""
    if not titles:
        return
    text = ngettext(
        "The pain point or opportunity %(titles)s is in this workspace already. It stays as it "
        "is, and this journey gets one of its own; merge them if they are the same.",
        "%(n)s pain points and opportunities are in this workspace already (%(titles)s). They stay "
        "as they are, and this journey gets its own; merge those that are the same.",
        len(titles),
    )
    named = ", ".join(f"“{title[:60]}”" for title in titles[:MOST_TITLES])
    more = ", …" if len(titles) > MOST_TITLES else ""
    plan.say(text % {"n": len(titles), "titles": named + more}, NOWHERE, "finding_there")


def _personas(plan: _Plan) -> tuple[UUID, ...]:
    found: dict[UUID, None] = {}
    for name in plan.raw.personas:
        if name in plan.known.personas:
            found[plan.known.personas[name]] = None
        else:
            plan.say(_("There is no persona called “%s”.") % name, NOWHERE, "unknown_persona")
    return tuple(found)
