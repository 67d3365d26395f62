"""Words for statuses and for what a score did, by fixed rules from the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cxm.common.statistics import Difference, Figure
from cxm.dashboards import numbers

STATUS_WORDS: Final[dict[str, Promise]] = {
    "good": gettext_lazy("On target"),
    "watch": gettext_lazy("Watch"),
    "bad": gettext_lazy("Off target"),
    "unsure": gettext_lazy("Unsure"),
    "none": gettext_lazy("Not enough data"),
}


class MetricLike(Protocol):
    """What a score card needs to know of a metric."""

    @property
    def title(self) -> str | Promise:
        """Return the name for people."""
        ...

    @property
    def unit(self) -> str:
        """Return the unit, as cxm.dashboards.numbers knows it."""
        ...

    @property
    def minimum(self) -> str:
        """Return what n counts: answers, visits or any."""
        ...

    @property
    def lower_is_better(self) -> bool:
        """Return whether less is better."""
        ...


class ScoreLike(Protocol):
    """What a score card needs to know of a score; cxm.kpis.reports.Score is one."""

    @property
    def metric(self) -> MetricLike:
        """Return what was measured."""
        ...

    @property
    def figure(self) -> Figure:
        """Return the value with its certainty."""
        ...

    @property
    def shown(self) -> bool:
        """Return whether n is large enough."""
        ...

    @property
    def change(self) -> Difference | None:
        """Return the change against the period before."""
        ...

    @property
    def target(self) -> float | None:
        """Return the target."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """What happened since the period before: words, arrow, and the tone (good, bad or unsure)."""

    words: str
    icon: str
    tone: str


def suffix(unit: str) -> str:
    """Return what stands small beside a big value."""
    return {"percent": "%", "score": _("of 100")}.get(unit, "")


def counted(figure: Figure, minimum: str) -> str:
    """Return "n 3,418 answers"."""
    n = numbers.number(figure.n)
    if minimum == "visits":
        return _("n %s visits") % n
    return _("n %s answers") % n if minimum == "answers" else numbers.count(figure.n)


def turn(change: Difference | None, unit: str, *, lower_is_better: bool) -> Turn | None:
    """Return the words for a change: "3 lower, a clear change" or "No clear change"."""
    if change is None:
        return None
    if not change.clear:
        return Turn(_("No clear change"), "dash", "unsure")
    size = size_of(abs(change.value), unit)
    up = change.value > 0
    words = _("%s higher, a clear change") % size if up else _("%s lower, a clear change") % size
    good = up != lower_is_better
    return Turn(words, "arrow-up" if up else "arrow-down", "good" if good else "bad")


def size_of(amount: float, unit: str) -> str:
    """Return how large a difference is, without sign: shares in points."""
    if unit == "seconds":
        return numbers.duration(amount)
    places = 1 if unit == "mean" or amount < 1 else 0
    return numbers.number(amount, places)


def distance(value: float | None, target: float | None, unit: str) -> str:
    """Return "7 below target", "4 above target", "exactly on target"; "" without one of them."""
    if value is None or target is None:
        return ""
    apart = value - target
    size = size_of(abs(apart), unit)
    if size in {size_of(0, unit), numbers.number(0, 1)}:
        return _("exactly on target")
    return _("%s above target") % size if apart > 0 else _("%s below target") % size


def more_needed(figure: Figure, minimum: int, kind: str) -> str:
    """Return what to say of a figure that is not shown: how many more are needed."""
    missing = numbers.number(max(1, minimum - figure.n))
    if kind == "visits":
        return _("Too few visits to say. About %s more are needed.") % missing
    return _("Too few answers to say. About %s more are needed.") % missing


def summary(
    points: Sequence[tuple[str, Figure]], unit: str, name: str, target: float | None
) -> str:
    """Return a chart in words: from, to, lowest, highest, target."""
    present = [(label, f) for label, f in points if f.value is not None]
    if not present:
        return _("%s: no values yet.") % name

    def written(entry: tuple[str, Figure]) -> str:
        return numbers.value(entry[1].value, unit)

    first, last = present[0], present[-1]
    lowest = min(present, key=lambda p: p[1].value or 0.0)
    highest = max(present, key=lambda p: p[1].value or 0.0)
    said = _(
        "%(name)s, %(first)s to %(last)s. From %(from)s to %(to)s;"
        " lowest %(low)s in %(lowat)s, highest %(high)s in %(highat)s."
    ) % {
        "name": name,
        "first": first[0],
        "last": last[0],
        "from": written(first),
        "to": written(last),
        "low": written(lowest),
        "lowat": lowest[0],
        "high": written(highest),
        "highat": highest[0],
    }
    if target is not None:
        said += " " + _("Target %s.") % numbers.value(target, unit)
    return said
