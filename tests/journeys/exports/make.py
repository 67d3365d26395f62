"""Sheets for tests, without a database."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from journeys.exports.sheet import Item, Lane, Mark, Measure, Place, Sheet, Stage, Step
from journeys.maps.lanes import LANE_KINDS
from journeys.scores.curves import Said, StepValues

MARKUP = "<b>HTML</b> *bold* #let x = 1 `code` $x^2$ [a](b) \\ _under_ @ref // no comment"
KINDS = ("actions", "touchpoints", "feelings", "scores", "pain_points", "backstage", "responsible")


def make_sheet(steps: int = 3, *, per_stage: int = 2, **overrides: Any) -> Sheet:
    """Return a map with figures; the second step is off target."""
    lanes = tuple(
        Lane(
            key=kind,
            kind=kind,
            name="",
            title=str(LANE_KINDS[kind].title),
            shape=LANE_KINDS[kind].shape,
            of_cards=LANE_KINDS[kind].of_cards,
            behind=LANE_KINDS[kind].behind,
        )
        for kind in KINDS
    )
    made = [make_step(number, per_stage) for number in range(1, steps + 1)]
    stages = tuple(
        Stage(
            key=f"stage-{start}",
            name=f"Stage {start}",
            tint=1 + start % 5,
            steps=tuple(made[start : start + per_stage]),
        )
        for start in range(0, steps, per_stage)
    )
    items = [
        item
        for step in made
        for item in (
            Item("", "actions", step.key, text=f"Does {step.number}", words=f"Does {step.number}"),
            Item("", "touchpoints", step.key, words="Till", place=place_of(step.number)),
            Item("", "feelings", step.key, valence=0.5),
            Item("", "pain_points", step.key, words=MARKUP, severity=3, severity_word="Critical"),
            Item("", "responsible", step.key, words="Sales"),
        )
    ]
    return replace(
        Sheet(
            id="map",
            name="Buying a lamp",
            kind="as_is",
            kind_word="As-is",
            made_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
            version=3,
            status_word="Draft",
            personas=(("Clara", "Nurse"),),
            stages=stages,
            lanes=lanes,
            items=tuple(items),
            figures=True,
            window="90d",
            period="Last 90 days",
            finding=("Step 2 is off target.", "NPS −18"),
        ),
        **overrides,
    )


def make_step(number: int, per_stage: int) -> Step:
    """Return a step; the second one is off target."""
    bad = number == 2
    start = (number - 1) // per_stage * per_stage
    return Step(
        key=f"step-{number}",
        number=number,
        name=f"Step {number}",
        stage=f"stage-{start}",
        mark=Mark(
            "score",
            "bad" if bad else "good",
            "Off target" if bad else "On target",
            "NPS",
            f"NPS minus {number}, in words.",
            value="−18" if bad else "40",
            foot="[−31, −5] · n 142",
            trend="8",
            arrow="↓",
            bullet=(20, 30, 35, 60),
        ),
        values=StepValues(0.5, Said(-0.4, -0.6, -0.1, 142), 0.2, failing=bad),
        measures=(
            Measure(
                "nps", "NPS", "Till", "points", -18, 142, -31, -5, 20, "bad", f"place-{number}"
            ),
            Measure("visits", "Visits", "Till", "count", 350, 350, touchpoint_id=f"place-{number}"),
        )
        if bad
        else (),
        framed=bad,
        failing=bad,
    )


def place_of(number: int) -> Place:
    """Return a touchpoint."""
    key = f"till-{number}"
    return Place(f"place-{number}", key, f"Till {number}", "Store", "shop", True, "Sales")


def picture_bytes(
    kind: str = "PNG", size: tuple[int, int] = (120, 80), color: str = "red"
) -> bytes:
    """Return a picture of one colour as a file."""
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, kind)
    return buffer.getvalue()


def with_pictures(sheet: Sheet, *contents: bytes) -> Sheet:
    """Return a sheet with a lane of these pictures, one on each step from the left."""
    kind = LANE_KINDS["pictures"]
    lane = Lane("pictures", kind.key, "", str(kind.title), kind.shape)
    kept = {f"{number}.png": content for number, content in enumerate(contents)}
    items = [
        Item(
            f"card-{name}",
            lane.key,
            step.key,
            text=f"See {name}",
            words=f"See {name}",
            picture=name,
        )
        for name, step in zip(kept, sheet.steps, strict=False)
    ]
    return replace(
        sheet,
        lanes=(*sheet.lanes, lane),
        items=(*sheet.items, *items),
        picture_of=kept.get,
    )
