"""The editor's document for whoever has a link: a list of what may be told, and nothing else.

It has the names that `journeys.maps.document` gives, so that the same scripts draw it; members,
comments, views, addresses of ours and what other lanes hold are not left out one by one, but never
put in.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final
from uuid import UUID

from journeys.maps.document import kinds_json, load_cards, version_json
from journeys.maps.lanes import LANE_KINDS, SEVERITIES
from journeys.maps.models import Card, ShareLink, StepLink, Version
from journeys.maps.pictures import picture_name
from journeys.maps.references import touchpoint_json
from journeys.maps.reports import Grid
from journeys.maps.words import TEXTS
from journeys.scores.drawing import MapMark
from journeys.scores.news import scores_json
from journeys.sharing.showing import Beside, led
from touchpoints.catalogue.models import Phase

Json = dict[str, Any]
# What a card says. What it belongs to in other places (shared findings, other maps) stays here.
CARD_FIELDS: Final[tuple[str, ...]] = (
    "id",
    "key",
    "lane",
    "step",
    "text",
    "span",
    "touchpoint",
    "valence",
    "severity",
    "status",
    "persona",
    "answer",
    "response_id",
)
NOBODY: Final = {"id": "", "name": "", "initials": ""}
NOTHING_ALLOWED: Final = {"edit": False, "comment": False, "share": False, "publish": False}


def public_document(
    link: ShareLink,
    version: Version,
    grid: Grid,
    *,
    beside: Beside,
    scores_url: str,
) -> Json:
    """Return what the scripts need to draw the lanes that a link shows; three queries.

    Args:
        grid: with the lanes of the link alone.
        beside: what cards in them name.
        scores_url: "" for a link without figures.
    """
    journey = version.map
    cards = _cards(version, grid, beside)
    shown = {row.lane.kind for row in grid.rows}
    return {
        "map": {
            "id": link.pk.hex,
            "name": journey.name,
            "kind": journey.kind,
            "cyclic": journey.cyclic,
            "cycle_name": journey.cycle_name,
            "url": "",
            "counterpart": None,
            "phase_model": journey.phase_model_id and str(journey.phase_model_id),
        },
        "version": {**version_json(version), "revision": 0, "note": ""},
        "may": NOTHING_ALLOWED,
        "me": NOBODY,
        "people": [],
        "personas": [
            {
                "id": str(persona.pk),
                "name": persona.name,
                "face": persona.face,
                "color": persona.color,
                "given_name": persona.given_name,
                "url": "",
                "portrait": "",
            }
            for persona in grid.personas
        ],
        "kinds": [kind for kind in kinds_json() if kind["key"] in shown],
        "severities": {str(level): str(title) for level, title in SEVERITIES.items()},
        "phases": _phases(grid),
        "stages": [
            {
                "id": str(heading.stage.pk),
                "key": str(heading.stage.key),
                "name": heading.stage.name,
                "phase": heading.stage.phase_id and str(heading.stage.phase_id),
            }
            for heading in grid.headings
        ],
        "steps": _steps(version, grid),
        "lanes": [
            {
                "id": str(row.lane.pk),
                "key": str(row.lane.key),
                "kind": row.lane.kind,
                "name": row.lane.name,
                "hidden": False,
                "collapsed": row.lane.collapsed,
            }
            for row in grid.rows
        ],
        "cards": cards,
        "touchpoints": {
            str(place.pk): {**touchpoint_json(place), "url": ""} for place in grid.touchpoints
        },
        "opportunities": {},
        "maps": {},
        "quotes": {
            key: said and {**said, "score": said["score"] if link.with_figures else None}
            for key, said in beside.quotes.items()
        },
        "as_is": {},
        "views": [],
        "comments": {},
        "metrics": [],
        "urls": {"scores": scores_url} if scores_url else {},
        "texts": {key: str(text) for key, text in TEXTS.items()},
    }


def public_scores(drawn: MapMark, *, stamp: str, period: str) -> Json:
    """Return the figures of a link, without naming touchpoints of lanes that it does not show."""
    found = scores_json(drawn, stamp=stamp, period=period)
    if not any(step.scores.reading for step in drawn.steps):
        # What to do about that is for those who may do it.
        found["finding"][1] = ""
    shown = {str(place.pk) for place in drawn.grid.touchpoints}
    for step in found["steps"].values():
        if step["touchpoint"] not in shown:
            step["touchpoint"] = None
    return found


def shows_picture(link: ShareLink, version: Version, name: str) -> bool:
    """Say whether a card of the lanes shown has this picture; one query."""
    return Card.objects.filter(
        lane__version=version,
        lane__key__in=link.lanes,
        lane__hidden=False,
        lane__kind__in=[kind.key for kind in LANE_KINDS.values() if kind.shape == "picture"],
        picture=name,
    ).exists()


def _cards(version: Version, grid: Grid, beside: Beside) -> list[Json]:
    lanes = {str(row.lane.pk): row.kind.shape for row in grid.rows if row.kind.of_cards}
    found = []
    for card in load_cards(version):
        shape = lanes.get(card["lane"])
        if shape is None:
            continue
        kept = {name: card[name] for name in CARD_FIELDS if name in card}
        if shape == "picture" and card.get("picture"):
            kept["picture"] = beside.picture_url(picture_name(card["picture"]))
        if shape == "link":
            name = beside.journeys.get(card.get("linked_map", ""), "")
            kept["text"] = led(kept["text"] or name)
        if shape != "touchpoint":
            kept.pop("touchpoint", None)
        if shape != "quote":
            kept.pop("response_id", None)
        found.append(kept)
    return found


def _steps(version: Version, grid: Grid) -> list[Json]:
    links: dict[UUID, list[Json]] = defaultdict(list)
    rows = StepLink.objects.filter(step__stage__version=version).order_by("pk")
    for step, to, label in rows.values_list("step_id", "to_id", "label"):
        links[step].append({"to": str(to), "label": label})
    return [
        {
            "id": str(column.step.pk),
            "key": str(column.step.key),
            "stage": str(column.stage.pk),
            "name": column.step.name,
            "metric": "",
            "next": links[column.step.pk],
        }
        for column in grid.columns
    ]


def _phases(grid: Grid) -> list[Json]:
    model = grid.journey.phase_model_id
    if model is None:
        return []
    found = Phase.objects.filter(model=model).order_by("position", "pk")
    return [
        {"id": str(pk), "key": key, "name": name}
        for pk, key, name in found.values_list("pk", "key", "name")
    ]
