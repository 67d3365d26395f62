"""Planned against actual: touchpoints in order, figures, deviations."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as Xml

from journeys.exports.cjml import cjml_file
from tests.journeys.exports.make import make_sheet


def test_deviations_stand_beside_what_was_planned() -> None:
    root = Xml.fromstring(cjml_file(make_sheet(3)))
    found = root.findall("touchpoints/touchpoint")
    assert [node.get("step") for node in found] == ["Step 1", "Step 2", "Step 3"]
    second = found[1]
    assert second.get("channel") == "Store"
    assert second.get("initiator") == "customer-0"
    assert second.get("recipient") == "provider-0"
    planned, actual = second.find("planned"), second.find("actual")
    assert planned is not None
    assert actual is not None
    assert planned.get("feeling") == "0.5"
    assert [action.text for action in planned] == ["Does 2"]
    assert actual.get("visitors") == "350"
    kinds = [node.get("kind") for node in second.findall("deviation")]
    assert kinds == ["off-target", "feeling"]
    assert [node.get("kind") for node in found[0].findall("deviation")] == ["missing", "feeling"]


def test_without_figures_only_the_plan_leaves() -> None:
    root = Xml.fromstring(cjml_file(replace(make_sheet(2), figures=False)))
    assert root.findall(".//actual") == []
    assert root.findall(".//deviation") == []


def test_letters_that_xml_does_not_know_are_left_out() -> None:
    assert (
        Xml.fromstring(cjml_file(replace(make_sheet(1), name="a\x0b\ufffe<&>"))).get("name")
        == "a<&>"
    )
