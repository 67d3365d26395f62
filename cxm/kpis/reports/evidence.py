"""How old the facts behind a figure are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from cxm.kpis import registry
from cxm.kpis.registry import Key
from cxm.kpis.reports.scores import Score
from cxm.kpis.sums import last_days


def newest_days(scores: Iterable[Score]) -> dict[tuple[UUID, str], date]:
    """Return the last day with facts inside each score's window, by (subject id, measure).

    A derived measure is as new as the newest of the measures that it is made of. Scores without
    facts are left out. One query, none where there is nothing to ask.
    """
    bases = [(score, _bases(score)) for score in scores if score.figure.n]
    wanted = {
        key: (score.start, score.end)
        for score, keys in bases
        if score.start is not None and score.end is not None
        for key in keys
    }
    found = last_days(wanted)
    newest: dict[tuple[UUID, str], date] = {}
    for score, keys in bases:
        days = [found[key] for key in keys if key in found]
        if days:
            newest[score.subject.id, score.metric.key] = max(days)
    return newest


def _bases(score: Score) -> list[Key]:
    """Return the base measures behind a score."""
    entry = score.metric
    names: Iterable[str] = [entry.key]
    if entry.kind == "derived":
        names = [part.metric for part in score.parts] or entry.inputs
    if "*" in names:
        names = [base.key for base in registry.base_metrics()]
    at = (score.subject.kind, score.subject.id, score.dimension, score.dimension_value)
    return [Key(name, *at) for name in names]
