"""What is planned against what happens, in the spirit of CJML.

The Customer Journey Modelling Language (Halvorsrud and others, SINTEF) tells a planned journey
from an actual one: the same touchpoints in order, each with who acts, on which channel, and where
reality deviates. This is our own small XML for that; docs/how-to describes it.
"""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as Xml

from journeys.exports.sheet import Item, Measure, Place, Sheet, Step

FORMAT: Final = "cxm-planned-actual"
FORMAT_VERSION: Final = 1
SATISFACTION: Final = "satisfaction"
VISITS: Final = "visits"


def cjml_file(sheet: Sheet) -> bytes:
    """Return planned touchpoints in order with their actual figures and deviations."""
    root = Xml.Element("journey", {"format": FORMAT, "formatVersion": str(FORMAT_VERSION)})
    _set(
        root,
        id=sheet.id,
        name=sheet.name,
        kind=sheet.kind,
        version=sheet.version,
        period=sheet.window if sheet.figures else "",
        exportedAt=sheet.made_at.isoformat(),
    )
    actors = Xml.SubElement(root, "actors")
    for number, (name, _role) in enumerate(sheet.personas or (("", ""),)):
        _set(Xml.SubElement(actors, "actor"), id=f"customer-{number}", type="customer", name=name)
    departments = dict.fromkeys(p.department for p in sheet.places.values() if p.department)
    for number, name in enumerate(departments):
        _set(
            Xml.SubElement(actors, "actor"),
            id=f"provider-{number}",
            type="provider",
            name=name,
        )
    provider = {name: f"provider-{number}" for number, name in enumerate(departments)}
    touchpoints = Xml.SubElement(root, "touchpoints")
    stages = {stage.key: stage.name for stage in sheet.stages}
    number = 0
    for step in sheet.steps:
        items = [i for lane in sheet.lanes for i in sheet.cell(lane.key, step.key)]
        # A step without a touchpoint is something that the customer does alone.
        for place in dict.fromkeys(i.place for i in items if i.place is not None) or (None,):
            number += 1
            node = Xml.SubElement(touchpoints, "touchpoint")
            _set(
                node,
                number=number,
                stage=stages.get(step.stage, ""),
                step=step.name,
                name=place.name if place is not None else "",
                channel=place.channel if place is not None else "",
                initiator="customer-0",
                recipient=provider.get(place.department, "") if place is not None else "",
                momentOfTruth="true" if place is not None and place.moment else "",
            )
            _planned(node, sheet, step, items)
            if sheet.figures:
                _actual(node, step, place)
    Xml.indent(root)
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _planned(node: Xml.Element, sheet: Sheet, step: Step, items: list[Item]) -> None:
    planned = Xml.SubElement(node, "planned")
    _set(planned, feeling=step.values.assumed)
    actions = {lane.key for lane in sheet.lanes if lane.kind == "actions"}
    for item in items:
        if item.lane in actions:
            Xml.SubElement(planned, "action").text = _allowed(item.words)


def _actual(node: Xml.Element, step: Step, place: Place | None) -> None:
    found: dict[str, Measure] = {
        m.metric: m for m in step.measures if place is not None and m.touchpoint_id == place.id
    }
    actual = Xml.SubElement(node, "actual")
    said, seen = found.get(SATISFACTION), found.get(VISITS)
    _set(actual, visitors=seen.n if seen is not None else None)
    if said is not None:
        _set(
            Xml.SubElement(actual, "satisfaction"),
            value=said.value,
            low=said.low,
            high=said.high,
            n=said.n,
            target=said.target,
            status=said.status,
        )
    if place is not None and not any(m.n for m in found.values()):
        _set(Xml.SubElement(node, "deviation"), kind="missing")
    for measure in found.values():
        if measure.status == "bad":
            _set(
                Xml.SubElement(node, "deviation"),
                kind="off-target",
                metric=measure.metric,
                planned=measure.target,
                actual=measure.value,
                low=measure.low,
                high=measure.high,
                n=measure.n,
            )
    curve, assumed = step.values.said, step.values.assumed
    if curve is None or curve.value is None or assumed is None:
        return
    # Within its interval, what customers say does not contradict what we assume.
    if curve.low is not None and curve.high is not None and not curve.low <= assumed <= curve.high:
        _set(
            Xml.SubElement(node, "deviation"),
            kind="feeling",
            planned=assumed,
            actual=curve.value,
            low=curve.low,
            high=curve.high,
            n=curve.n,
        )


def _set(node: Xml.Element, **values: object) -> None:
    """Set what is not empty; numbers without needless digits."""
    for name, value in values.items():
        if value is None or value == "":
            continue
        node.set(name, f"{value:.4g}" if isinstance(value, float) else _allowed(str(value)))


def _allowed(text: str) -> str:
    """Return a text without letters that XML does not know."""
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or (letter >= " " and letter not in "\ufffe\uffff")
    )
