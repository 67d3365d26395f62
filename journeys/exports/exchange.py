"""A sheet as data that come back whole: JSON; and a card as one reads it."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from cxm.dashboards import numbers
from journeys.exports.pictures import carried_by
from journeys.exports.sheet import Item, Sheet, Step
from touchpoints.catalogue.pictures import TYPES, kind_of

FORMAT: Final = "cxm-journey-map"
FORMAT_VERSION: Final = 1


def json_file(sheet: Sheet) -> bytes:
    """Return everything on the map, with the keys by which its parts name each other."""
    described: dict[str, Any] = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "exported_at": sheet.made_at.isoformat(),
        "map": {
            "id": sheet.id,
            "name": sheet.name,
            "kind": sheet.kind,
            "cyclic": sheet.cyclic,
            "cycle_name": sheet.cycle_name,
            "phase_model": sheet.phase_model,
            "personas": [name for name, _role in sheet.personas],
        },
        "version": {
            "number": sheet.version,
            "status": sheet.status,
            "published_on": sheet.published_on.isoformat() if sheet.published_on else None,
        },
        "stages": [
            {"key": stage.key, "name": stage.name, "phase": stage.phase} for stage in sheet.stages
        ],
        "steps": [
            {
                "key": step.key,
                "stage": step.stage,
                "name": step.name,
                "metric": step.metric,
                "next": [{"to": to, "label": label} for to, label in step.next],
            }
            for step in sheet.steps
        ],
        "lanes": [
            {
                "key": lane.key,
                "kind": lane.kind,
                "name": lane.name,
                "hidden": lane.hidden,
                "collapsed": lane.collapsed,
            }
            for lane in sheet.lanes
        ],
        "cards": _cards(sheet),
    }
    if sheet.figures:
        described["figures"] = {
            "period": sheet.window,
            "confidence": sheet.confidence,
            "steps": [
                {"step": step.key, "assumed": step.values.assumed, "measures": _measures(step)}
                for step in sheet.steps
            ],
        }
    return (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()


def _cards(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the cards; a picture that stands on several is written out on the first of them."""
    pictures = carried_by(sheet)
    found = []
    for item in sheet.items:
        card = _card(item)
        if item.picture:
            card["picture"] = _picture(item.picture, pictures.pop(item.picture, None))
        found.append(card)
    return found


def _picture(name: str, content: bytes | None) -> dict[str, str]:
    if content is None:
        return {"name": name}
    return {
        "name": name,
        "media_type": TYPES.get(kind_of(content[:16]) or "", ""),
        "data": base64.b64encode(content).decode(),
    }


def _card(item: Item) -> dict[str, Any]:
    """Return a card without what is empty on it."""
    found: dict[str, Any] = {
        "key": item.key,
        "lane": item.lane,
        "step": item.step,
        "text": item.text,
        "touchpoint": {"name": item.place.name, "key": item.place.key} if item.place else None,
        "feeling": item.valence,
        "severity": item.severity,
        "status": item.status,
        "span": item.span if item.span > 1 else None,
        "persona": item.persona,
        "answer": item.answer,
        "response_id": item.response_id,
        "linked_map": item.linked_map,
        "description": item.description,
        "impact": item.impact,
        "effort": item.effort,
        "owner": item.owner,
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def _measures(step: Step) -> list[dict[str, Any]]:
    return [
        {
            "metric": m.metric,
            "touchpoint": m.touchpoint,
            "unit": m.unit,
            "value": m.value,
            "low": m.low,
            "high": m.high,
            "n": m.n,
            "target": m.target,
            "status": m.status,
        }
        for m in step.measures
    ]


def words_of(item: Item) -> str:
    """Return a card in one line, as one reads it."""
    word = item.severity_word or item.status_word
    feeling = "" if item.valence is None else numbers.number(item.valence, 1, sign=True)
    parts = [f"[{word}]" if word else "", feeling, " ".join(item.words.split())]
    answer = f"({item.answer})" if item.answer else ""
    return " ".join(part for part in [*parts, answer] if part)
