"""What leaves as JSON or as a workbook comes back the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from hypothesis import given, settings
from hypothesis import strategies as st

from cxm.workspaces.models import Membership, Workspace
from journeys.exports.exchange import json_file
from journeys.exports.incoming import Draft, Known, Raw, read, resolve
from journeys.exports.incoming.cleaning import clean
from journeys.exports.reports import load_sheet
from journeys.exports.services import import_map
from journeys.exports.sheet import Item, Lane, Place, Sheet, Stage, Step
from journeys.exports.tables import xlsx_file
from journeys.maps.lanes import LANE_KINDS, STATES
from journeys.maps.models import JourneyMap, Opportunity, PainPoint, Version
from journeys.maps.pictures import store_picture
from journeys.maps.plans import CardPlan, FindingPlan, LanePlan, MapPlan, StagePlan, StepPlan
from tests.journeys.exports.make import picture_bytes
from tests.journeys.make import draft_of, make_map, make_persona, make_touchpoint
from tests.make import make_member

AWKWARD = (
    "=1+1",
    "+49 40 1",
    "-5",
    "@SUM(A1)",
    "'=quoted",
    "''+more",
    "<b>bold</b> & <script>alert(1)</script>",
    "two\nlines",
    "_x0041_ and _x000D_",
    "#let x = 1 *bold* $y$",
    "日本語 العربية 😀",
    "'",
    "1,5",
    "yes",
    "{{ template }}",
)
WORDS = (
    st.one_of(st.sampled_from(AWKWARD), st.text(min_size=1, max_size=12)).map(clean).filter(bool)
)
PLACES = {
    "Checkout": UUID(int=1),
    "=Store": UUID(int=2),
    "Ladenkasse\nSüd": UUID(int=3),
}
PERSONAS = {"Clara": UUID(int=11), "+Farid": UUID(int=12)}
MAPS = {"Repair": UUID(int=21)}
MEMBERS = {"farid nowak": UUID(int=41), "=clara@example.com": UUID(int=42)}
ANSWERS = (UUID(int=31), UUID(int=32))
KNOWN = Known(
    touchpoints=PLACES,
    personas=PERSONAS,
    maps=MAPS,
    phase_models={"cycle": frozenset({"awareness", "purchase"})},
    metrics=frozenset({"nps", "satisfaction"}),
    answers=frozenset(ANSWERS),
    members=MEMBERS,
)
PICTURES = {
    f"{number:032x}.{kind.lower()}": picture_bytes(kind, (9 + number, 7))
    for number, kind in enumerate(("PNG", "GIF", "JPEG"))
}
VALENCES = st.integers(-20, 20).map(lambda tenths: tenths / 10)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Return a map with all kinds of lanes, cards and names."""
    kinds = draw(st.lists(st.sampled_from(sorted(LANE_KINDS)), min_size=1, max_size=4))
    lanes = tuple(
        Lane(
            key=f"lane-{number}",
            kind=kind,
            name=draw(st.one_of(st.just(""), WORDS.map(lambda word: clean(f"{word} !")[:60]))),
            title="",
            shape=LANE_KINDS[kind].shape,
            hidden=draw(st.booleans()),
            collapsed=draw(st.booleans()),
        )
        for number, kind in enumerate(kinds)
    )
    stages = []
    number = 0
    for position in range(draw(st.integers(1, 2))):
        steps = []
        for _step in range(draw(st.integers(0, 2))):
            number += 1
            metric = draw(st.sampled_from(["", "nps"]))
            steps.append(Step(f"step-{number}", number, draw(WORDS), f"stage-{position}", metric))
        phase = draw(st.sampled_from(["", "awareness", "purchase"]))
        stages.append(Stage(f"stage-{position}", draw(WORDS), phase, steps=tuple(steps)))
    keys = [step.key for stage in stages for step in stage.steps]
    stages = [
        replace(stage, steps=tuple(replace(s, next=draw(ways(s.key, keys))) for s in stage.steps))
        for stage in stages
    ]
    items = [
        item
        for lane in lanes
        if LANE_KINDS[lane.kind].of_cards
        for key in keys
        for item in draw(cards(lane, key))
    ]
    return Sheet(
        id="",
        name=draw(WORDS),
        kind=draw(st.sampled_from(["as_is", "to_be"])),
        kind_word="",
        made_at=datetime(2026, 11, 1, tzinfo=UTC),
        cyclic=draw(st.booleans()),
        cycle_name=draw(st.one_of(st.just(""), WORDS)),
        phase_model="cycle",
        personas=tuple((name, "") for name in draw(st.sets(st.sampled_from(sorted(PERSONAS))))),
        stages=tuple(stages),
        lanes=lanes,
        items=tuple(items),
        picture_of=PICTURES.get,
    )


@st.composite
def ways(draw: st.DrawFn, key: str, keys: list[str]) -> tuple[tuple[str, str], ...]:
    others = [other for other in keys if other != key]
    if not others:
        return ()
    to = draw(st.lists(st.sampled_from(others), unique=True, max_size=2))
    return tuple((other, draw(st.one_of(st.just(""), WORDS))) for other in to)


@st.composite
def cards(draw: st.DrawFn, lane: Lane, step: str) -> list[Item]:
    found = []
    for name in draw(st.lists(st.sampled_from(sorted(PLACES)), unique=True, max_size=2)):
        shape = lane.shape
        states = STATES.get(shape, {})
        item = Item("", lane.key, step, text=draw(WORDS), span=draw(st.integers(1, 3)))
        if shape == "touchpoint":
            text = draw(st.one_of(st.just(""), WORDS))
            item = replace(item, text=text, place=Place("", name, name, ""))
        if shape in {"feeling", "emotion"}:
            item = replace(item, valence=draw(VALENCES))
        if shape == "feeling":
            item = replace(item, persona=draw(st.sampled_from(["", *PERSONAS])))
        if shape == "pain":
            item = replace(item, severity=draw(st.sampled_from([None, 1, 2, 3])))
        if shape in {"pain", "opportunity"}:
            item = replace(item, description=draw(st.one_of(st.just(""), WORDS)))
        if shape == "opportunity":
            sizes = st.sampled_from([None, 1, 2, 3, 4, 5])
            owner = draw(st.sampled_from(["", "Farid Nowak", "=clara@example.com"]))
            item = replace(item, impact=draw(sizes), effort=draw(sizes), owner=owner)
        if states:
            item = replace(item, status=draw(st.sampled_from(["", *states])))
        if shape == "question":
            item = replace(item, answer=draw(WORDS))
        if shape == "quote":
            text = draw(st.one_of(st.just(""), WORDS))
            item = replace(item, text=text, response_id=str(draw(st.sampled_from(ANSWERS))))
        if shape == "link":
            item = replace(item, linked_map="Repair")
        if shape == "picture":
            text = draw(st.one_of(st.just(""), WORDS))
            item = replace(item, text=text, picture=draw(st.sampled_from(sorted(PICTURES))))
        found.append(item)
    return found


def contents_of_sheet(sheet: Sheet) -> dict[str, Any]:
    """Return all that must come back, without keys."""
    order = {step.key: number for number, step in enumerate(sheet.steps)}
    return {
        "map": (sheet.name, sheet.kind, sheet.cyclic, sheet.cycle_name),
        "personas": tuple(PERSONAS[name] for name, _role in sheet.personas),
        "stages": [(stage.name, stage.phase, len(stage.steps)) for stage in sheet.stages],
        "steps": [
            (s.name, s.metric, [(order[to], label) for to, label in s.next]) for s in sheet.steps
        ],
        "lanes": [(lane.kind, lane.name, lane.hidden, lane.collapsed) for lane in sheet.lanes],
        "cards": {
            (place, order[step]): [
                (
                    item.text,
                    PLACES[item.place.name] if item.place else None,
                    item.valence,
                    item.severity,
                    item.status,
                    item.span,
                    PERSONAS.get(item.persona),
                    item.answer,
                    UUID(item.response_id) if item.response_id else None,
                    MAPS.get(item.linked_map),
                    PICTURES.get(item.picture, b""),
                    FindingPlan(
                        item.description,
                        item.impact,
                        item.effort,
                        MEMBERS.get(item.owner.casefold()),
                    ),
                )
                for item in items
            ]
            for place, lane in enumerate(sheet.lanes)
            for step in order
            if (items := sheet.cell(lane.key, step))
        },
    }


def contents_of_draft(draft: Draft, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    plan = draft.plan
    steps = [step for stage in plan.stages for step in stage.steps]
    order = {step.ref: number for number, step in enumerate(steps)}
    lanes = plan.lane_plans
    return {
        "map": (draft.name, draft.kind, plan.cyclic, plan.cycle_name),
        "personas": draft.personas,
        "stages": [(stage.name, stage.phase, len(stage.steps)) for stage in plan.stages],
        "steps": [(s.name, s.metric, [(order[to], label) for to, label in s.next]) for s in steps],
        "lanes": [(lane.kind, lane.name, lane.hidden, lane.collapsed) for lane in lanes],
        "cards": {
            (place, order[step.ref]): [
                (
                    card.text,
                    card.touchpoint,
                    card.valence,
                    card.severity,
                    card.status,
                    card.span,
                    card.persona,
                    card.answer,
                    card.response_id,
                    card.linked_map,
                    pictures.get(card.picture, b""),
                    card.finding,
                )
                for card in step.cards[lane.ref]
            ]
            for place, lane in enumerate(lanes)
            for step in steps
            if step.cards.get(lane.ref)
        },
    }


@given(sheets())
@settings(max_examples=40)
def test_a_map_comes_back_from_json(sheet: Sheet) -> None:
    comes_back(sheet, read(json_file(sheet), "map.json"))


@given(sheets())
@settings(max_examples=25)
def test_a_map_comes_back_from_a_workbook(sheet: Sheet) -> None:
    comes_back(sheet, read(xlsx_file(sheet), "map.xlsx"))


def comes_back(sheet: Sheet, raw: Raw) -> None:
    draft = resolve(raw, replace(KNOWN, pictures={name: name for name in raw.pictures}))
    assert [problem.text for problem in draft.problems] == []
    assert contents_of_draft(draft, raw.pictures) == contents_of_sheet(sheet)


# --- through the database ----------------------------------------------------------------


def full_plan(scope: Workspace) -> MapPlan:
    """Return a plan with every kind of card."""
    place = make_touchpoint(scope, "=Checkout")
    other = make_map(scope, name="Repair")
    clara = make_persona(scope, name="Clara")
    owner = Membership.objects.get(user=make_member(scope, email="dora@example.com"))
    seen = store_picture(scope.pk, ContentFile(picture_bytes()))
    per_kind = {
        "actions": [CardPlan("=SUM(A1)"), CardPlan("two\nlines", span=2)],
        "touchpoints": [CardPlan(touchpoint=place.pk), CardPlan("<b>x</b>")],
        "questions": [CardPlan("Why?", status="answered", answer="+because")],
        "feelings": [CardPlan(valence=-0.5, persona=clara.pk), CardPlan(valence=1.5)],
        "emotions": [CardPlan("Trust", valence=2)],
        "needs": [CardPlan("Know", status="partly")],
        "pain_points": [CardPlan("Slow", severity=3), CardPlan("Slow", severity=3)],
        "friction": [CardPlan("Slow", finding=FindingPlan("As we measured\nin May"))],
        "opportunities": [
            CardPlan("Faster", status="in_progress", finding=FindingPlan("How", 5, 2, owner.pk)),
            CardPlan("Faster", finding=FindingPlan("Or so", 1)),
        ],
        "journeys": [CardPlan("Then", linked_map=other.pk)],
        "pictures": [CardPlan(picture=seen), CardPlan("Here", picture=seen)],
    }
    per_kind["touchpoints"].pop()
    lanes = [LanePlan(kind, ref=kind) for kind in per_kind]
    lanes.append(LanePlan("notes", "@Mine", hidden=True, ref="mine"))
    return MapPlan(
        stages=[
            StagePlan("Before", [StepPlan("-1", per_kind, ref="a", next=[("c", "pays later")])]),
            StagePlan("Nothing yet"),
            StagePlan(
                "After",
                [
                    StepPlan("Two", {"mine": [CardPlan("hidden")]}, metric="nps", ref="b"),
                    StepPlan("日本", ref="c"),
                ],
            ),
        ],
        lanes=lanes,
        cyclic=True,
        cycle_name="yearly",
    )


def sheet_of(journey: JourneyMap, scope: Workspace) -> Sheet:
    version = Version.objects.get(pk=draft_of(journey).pk)
    version.map = journey
    return load_sheet(version, workspace=scope, figures=False)


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "name"), [(json_file, "a.json"), (xlsx_file, "a.xlsx")])
def test_an_imported_map_has_the_same_contents(scope: Workspace, make: Any, name: str) -> None:
    clara = make_persona(scope, name="Farid")
    journey = make_map(scope, plan=full_plan(scope), personas=[clara], kind="to_be")
    before = sheet_of(journey, scope)
    found = import_map(workspace=scope, raw=read(make(before), name), name="Again")
    after = sheet_of(found, scope)
    assert found.kind == "to_be"
    assert stripped(after) == stripped(before)
    # The picture is kept once more, and once for both of its cards.
    [kept] = {item.picture for item in after.items if item.picture}
    assert kept not in {item.picture for item in before.items}
    assert after.picture_of(kept) == picture_bytes()
    # Cards that say the same share one row again, and none that was there before.
    assert PainPoint.objects.filter(title="Slow").count() == 2
    assert Opportunity.objects.filter(title="Faster").count() == 4
    assert Opportunity.objects.filter(owner__user__email="dora@example.com").count() == 2


def stripped(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet without what must differ: keys and its name."""
    order = {step.key: number for number, step in enumerate(sheet.steps)}
    places = {lane.key: number for number, lane in enumerate(sheet.lanes)}
    return {
        "map": (sheet.kind, sheet.cyclic, sheet.cycle_name, sheet.personas),
        "stages": [
            replace(
                stage,
                key="",
                steps=tuple(
                    replace(s, key="", stage="", next=tuple((str(order[t]), w) for t, w in s.next))
                    for s in stage.steps
                ),
            )
            for stage in sheet.stages
        ],
        "lanes": [replace(lane, key="") for lane in sheet.lanes],
        "items": [
            replace(
                i,
                key="",
                picture=str(bool(i.picture)),
                lane=str(places[i.lane]),
                step=str(order[i.step]),
            )
            for i in sheet.items
        ],
    }
