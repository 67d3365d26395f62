"""The table of measures, which the rooms above fill in `AppConfig.ready()`.

Three kinds of entries:

* a **feed** is a stream of facts ("answers", "interactions") that can say on which days it has any;
* a **metric** turns the facts of some days of one feed into daily tallies;
* a **derived metric** is worked out from the figures of other metrics in the same window.

And a **subject** is what a figure can be about ("workspace", "touchpoint"). All functions run
inside `workspace_scope`, so that they see one workspace only.

A metric whose facts come from known people can be **by customer**: the same function then also
tallies the facts of some customers alone, and pages show what a group of them says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeVar
from uuid import UUID

from django.utils.functional import Promise

from cxm.common.statistics import Figure

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cxm.customers.models import Customer

Unit = Literal["points", "percent", "score", "mean", "count", "seconds"]
Kind = Literal["nps", "proportion", "mean", "count"]
Minimum = Literal["answers", "visits", "any"]
Area = Literal["satisfaction", "fulfilment", "business"]
Text = str | Promise
Scale = tuple[float, float]

_Entry = TypeVar("_Entry")

_SCALES: dict[Unit, Scale] = {"points": (-100, 100), "percent": (0, 100), "score": (0, 100)}


@dataclass(frozen=True, slots=True)
class Tally:
    """The sufficient statistics of one subject on one day, whole or for one dimension value.

    By kind of the metric: **nps** n answers, successes = promoters, failures = detractors;
    **proportion** n trials, successes; **mean** n values, total = Σx, total_sq = Σx²; **count** n.
    `total` may also be given for the other kinds where a sum is worth showing. Days are those of
    the workspace's timezone. Rows with dimension "" are the whole; a dimension's rows are slices
    of it and never added to it.
    """

    subject_kind: str
    subject_id: UUID
    day: date
    n: int
    dimension: str = ""
    dimension_value: str = ""
    successes: int = 0
    failures: int = 0
    total: float | Decimal = 0
    total_sq: float | Decimal = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """The workspace's settings that figures depend on."""

    confidence: float
    min_answers: int
    min_visits: int

    def minimum(self, kind: Minimum) -> int:
        """Return the smallest n at which a figure of this sort is shown ("any": 1, full counts)."""
        if kind == "any":
            return 1
        return self.min_answers if kind == "answers" else self.min_visits


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure is about: a registered kind and an id."""

    kind: str
    id: UUID


class Key(NamedTuple):
    """Whose figures: a metric of a subject, whole (two empty texts) or for a dimension value."""

    metric: str
    subject_kind: str
    subject_id: UUID
    dimension: str
    dimension_value: str


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a composite: `value` is normalised to 0…100, weights sum to 1.

    `shared` says that the weight grew because other components were missing.
    """

    metric: str
    value: float
    n: int
    weight: float
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Composite:
    """A derived figure, what it is made of, and the keys of what was missing."""

    figure: Figure
    parts: tuple[Part, ...] = ()
    missing: tuple[str, ...] = ()


TallyFunction = Callable[[set[date]], Iterable[Tally]]
DaysFunction = Callable[[], Iterable[date]]
NamesFunction = Callable[[], Mapping[UUID, str]]
Scorer = Callable[[Subject, Mapping[str, Figure]], Composite | None]
DerivedFunction = Callable[[Rules], Scorer]
_Tallies = TypeVar("_Tallies", bound=TallyFunction)


class CustomerTallyFunction(Protocol):
    """A tally function that can keep its facts to some customers."""

    def __call__(
        self, days: set[date], *, customers: QuerySet[Customer] | None = None
    ) -> Iterable[Tally]:
        """Return the tallies of all facts, or of those that are about `customers`.

        `customers` are people: what is stored with somebody who was merged into one of them
        counts for that one. Facts without a customer are nobody's.
        """
        ...


_CustomerTallies = TypeVar("_CustomerTallies", bound=CustomerTallyFunction)


@dataclass(frozen=True, slots=True)
class Metric:
    """A registered measure. `compute` is set for base metrics, `derive` for derived ones.

    `of_customers` is set for those that can be tallied for some customers alone.
    """

    key: str
    title: Text
    unit: Unit
    kind: Kind | Literal["derived"]
    subjects: tuple[str, ...]
    minimum: Minimum
    area: Area
    description: Text
    scale: Scale | None
    lower_is_better: bool
    method: str
    feed: str = ""
    compute: TallyFunction | None = None
    inputs: tuple[str, ...] = ()
    derive: DerivedFunction | None = None
    of_customers: CustomerTallyFunction | None = None

    @property
    def default_baseline(self) -> float | None:
        """Return B where a target names none: the worst end of the scale, 0 for open scales.

        None means that somebody must choose it: an open scale on which less is better.
        """
        if self.scale is not None:
            return self.scale[1] if self.lower_is_better else self.scale[0]
        return None if self.lower_is_better else 0.0


@dataclass(frozen=True, slots=True)
class Feed:
    """A stream of facts; `days` returns every day (workspace timezone) on which it has any."""

    key: str
    days: DaysFunction


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """Something figures can be about; `names` returns all of the workspace's by id."""

    key: str
    title: Text
    names: NamesFunction


class DuplicateEntryError(RuntimeError):
    """Two rooms registered the same key."""


class UnknownEntryError(LookupError):
    """Somebody asked for a key that no room registered."""


metrics: dict[str, Metric] = {}
feeds: dict[str, Feed] = {}
subject_kinds: dict[str, SubjectKind] = {}


def metric(
    *,
    key: str,
    title: Text,
    unit: Unit,
    kind: Kind,
    subjects: tuple[str, ...],
    feed: str,
    minimum: Minimum,
    area: Area = "business",
    description: Text = "",
    scale: Scale | None = None,
    lower_is_better: bool = False,
    method: str = "",
) -> Callable[[_Tallies], _Tallies]:
    """Register `(days) -> tallies`, which returns ALL tallies of those days by grouped SQL.

    What is not returned for a day is gone. Figures of a proportion with unit "percent" run from
    0 to 100. `scale` is the span of possible values, needed for means that go into satisfaction
    (CES (1, 7), stars (1, 5)). `method` names the way of working out ("top2"), where several exist.
    """

    def register(function: _Tallies) -> _Tallies:
        entry = Metric(
            key=key,
            title=title,
            unit=unit,
            kind=kind,
            subjects=subjects,
            minimum=minimum,
            area=area,
            description=description,
            scale=scale or _SCALES.get(unit),
            lower_is_better=lower_is_better,
            method=method,
            feed=feed,
            compute=function,
        )
        _add(metrics, key, entry)
        return function

    return register


def by_customer(*, key: str) -> Callable[[_CustomerTallies], _CustomerTallies]:
    """Register the function of a metric as one that takes `customers` as well.

    Stands above `@metric`. Raises UnknownEntryError for a metric that is not registered.
    """

    def register(function: _CustomerTallies) -> _CustomerTallies:
        metrics[key] = replace(get_metric(key), of_customers=function)
        return function

    return register


def derived_metric(
    *,
    key: str,
    title: Text,
    unit: Unit,
    subjects: tuple[str, ...],
    inputs: tuple[str, ...],
    minimum: Minimum,
    area: Area = "business",
    description: Text = "",
    scale: Scale | None = None,
) -> Callable[[DerivedFunction], DerivedFunction]:
    """Register `(rules) -> scorer`; the scorer turns one subject's figures into a composite.

    The outer function is called once for each scoring and may make a constant number of queries;
    the scorer makes none. `inputs` are metric keys; those not registered count as missing;
    ("*",) asks for all base metrics. None from the scorer means: nothing to say, store nothing.
    """

    def register(function: DerivedFunction) -> DerivedFunction:
        entry = Metric(
            key=key,
            title=title,
            unit=unit,
            kind="derived",
            subjects=subjects,
            minimum=minimum,
            area=area,
            description=description,
            scale=scale or _SCALES.get(unit),
            lower_is_better=False,
            method="",
            inputs=inputs,
            derive=function,
        )
        _add(metrics, key, entry)
        return function

    return register


def feed(*, key: str) -> Callable[[DaysFunction], DaysFunction]:
    """Register `() -> days`: every day of the workspace on which this feed has facts."""

    def register(function: DaysFunction) -> DaysFunction:
        _add(feeds, key, Feed(key, function))
        return function

    return register


def subject(*, key: str, title: Text) -> Callable[[NamesFunction], NamesFunction]:
    """Register `() -> {id: name}` for all subjects of a kind in the workspace (one query)."""

    def register(function: NamesFunction) -> NamesFunction:
        _add(subject_kinds, key, SubjectKind(key, title, function))
        return function

    return register


def add_metric(entry: Metric) -> None:
    """Register a metric whose figures the scoring itself works out (target achievement)."""
    _add(metrics, entry.key, entry)


def get_metric(key: str) -> Metric:
    """Return a registered metric; raises UnknownEntryError."""
    try:
        return metrics[key]
    except KeyError:
        raise UnknownEntryError(f"No metric is registered as {key!r}.") from None


def base_metrics(feed_key: str | None = None) -> list[Metric]:
    """Return the metrics made of tallies, of one feed or of all, in order of key."""
    return [
        entry
        for _, entry in sorted(metrics.items())
        if entry.kind != "derived" and feed_key in (None, entry.feed)
    ]


def derived_metrics() -> list[Metric]:
    """Return the metrics made of other figures, in order of key."""
    return [entry for _, entry in sorted(metrics.items()) if entry.kind == "derived"]


def _add(table: dict[str, _Entry], key: str, entry: _Entry) -> None:
    if key in table:
        raise DuplicateEntryError(f"{key!r} is registered twice.")
    table[key] = entry
