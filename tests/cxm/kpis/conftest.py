"""A registry with invented rooms above."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cxm.kpis import registry
from tests.cxm.kpis.make import NAMES, Facts

OWN = {"satisfaction", "task_fulfilment", "target_achievement"}


@pytest.fixture
def facts() -> Iterator[Facts]:
    """Facts that registered metrics read; the real rooms' entries are put back afterwards."""
    metrics, feeds, kinds = registry.metrics, registry.feeds, registry.subject_kinds
    kept = dict(metrics), dict(feeds), dict(kinds)
    found = Facts()
    for key in set(registry.metrics) - OWN:
        del registry.metrics[key]
    registry.feeds.clear()
    for key in set(registry.subject_kinds) - {"workspace"}:
        del registry.subject_kinds[key]
    _register(found)
    yield found
    metrics.clear()
    metrics.update(kept[0])
    feeds.clear()
    feeds.update(kept[1])
    kinds.clear()
    kinds.update(kept[2])


def _register(facts: Facts) -> None:
    registry.subject(key="touchpoint", title="Touchpoint")(lambda: NAMES)
    registry.feed(key="answers")(lambda: {answer.day for answer in facts.answers})
    registry.feed(key="interactions")(lambda: {visit.day for visit in facts.visits})
    both = ("touchpoint", "workspace")
    registry.metric(
        key="nps", title="NPS", unit="points", kind="nps", subjects=both, feed="answers",
        minimum="answers", area="satisfaction",
    )(facts.nps)  # fmt: skip
    registry.metric(
        key="review", title="Reviews", unit="mean", kind="mean", subjects=both, feed="answers",
        minimum="answers", area="satisfaction", scale=(1, 5),
    )(facts.stars)  # fmt: skip
    registry.metric(
        key="success", title="Task success", unit="percent", kind="proportion", subjects=both,
        feed="interactions", minimum="visits", area="fulfilment",
    )(lambda days: facts.per_visit(days, "success"))  # fmt: skip
    registry.metric(
        key="visits", title="Visits", unit="count", kind="count", subjects=both,
        feed="interactions", minimum="any",
    )(lambda days: facts.per_visit(days, "visits"))  # fmt: skip
    registry.metric(
        key="views", title="Views per visit", unit="mean", kind="mean", subjects=both,
        feed="interactions", minimum="visits",
    )(lambda days: facts.per_visit(days, "views"))  # fmt: skip
    registry.metric(
        key="dwell", title="Dwell time", unit="seconds", kind="mean", subjects=both,
        feed="interactions", minimum="visits", lower_is_better=True, method="foreground",
    )(lambda days: facts.per_visit(days, "seconds"))  # fmt: skip
