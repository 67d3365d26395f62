"""The registries are loud, and the system check finds what does not resolve."""

from __future__ import annotations

import pytest

from cxm.kpis import registry
from cxm.kpis.checks import check_registry
from tests.cxm.kpis.make import Facts


def test_a_key_is_registered_once(facts: Facts) -> None:
    with pytest.raises(registry.DuplicateEntryError, match="answers"):
        registry.feed(key="answers")(list)
    with pytest.raises(registry.DuplicateEntryError, match="touchpoint"):
        registry.subject(key="touchpoint", title="T")(dict)
    with pytest.raises(registry.DuplicateEntryError, match="nps"):
        registry.metric(
            key="nps", title="N", unit="points", kind="nps", subjects=("workspace",),
            feed="answers", minimum="answers",
        )(lambda days: [])  # fmt: skip


def test_an_unknown_metric_is_named(facts: Facts) -> None:
    with pytest.raises(registry.UnknownEntryError, match="rumours"):
        registry.get_metric("rumours")


def test_the_check_is_silent_about_what_resolves(facts: Facts) -> None:
    assert check_registry() == []


def test_the_check_names_a_missing_feed_and_subject(facts: Facts) -> None:
    registry.metric(
        key="rumours", title="R", unit="count", kind="count", subjects=("street",),
        feed="gossip", minimum="any",
    )(lambda days: [])  # fmt: skip
    assert [error.id for error in check_registry()] == ["kpis.E001", "kpis.E002"]


def test_base_metrics_are_those_of_a_feed(facts: Facts) -> None:
    assert [entry.key for entry in registry.base_metrics("answers")] == ["nps", "review"]
    assert {entry.key for entry in registry.derived_metrics()} == {
        "satisfaction",
        "task_fulfilment",
        "target_achievement",
    }


@pytest.mark.parametrize(
    ("key", "baseline"),
    [("nps", -100), ("success", 0), ("visits", 0), ("dwell", None), ("review", 1)],
)
def test_the_baseline_is_the_worst_end_of_the_scale(
    facts: Facts, key: str, baseline: float | None
) -> None:
    assert registry.get_metric(key).default_baseline == baseline
