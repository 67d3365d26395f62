"""What the customers of a segment say, in the words and drawings of a persona's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from cxm.dashboards import numbers, words
from cxm.dashboards.charts import Axis
from cxm.kpis.reports import Score
from journeys.personas.reports import Place, Said

SHOWN_PLACES: Final = 8
_AXIS: Final = Axis(-100, 100, 4, 146)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the group; `few` says why there is no value, `note` what n counts."""

    title: str
    score: Score
    turn: words.Turn | None
    note: str
    few: str


@dataclass(frozen=True, slots=True)
class Row:
    """A touchpoint with its NPS drawn from −100 to 100; places are None without a value."""

    place: Place
    x: float | None
    low: float | None
    high: float | None
    few: str


def lines_of(said: Said) -> list[Line]:
    """Return the figures about us as a whole."""
    lines = []
    if said.nps is not None:
        n = numbers.number(said.nps.figure.n)
        lines.append(_line(_("NPS as a whole"), said.nps, _("n %s answers") % n, _few(said.nps)))
    if said.response_rate is not None:
        rate = said.response_rate
        n = numbers.number(rate.figure.n)
        few = _("Too few invitations: %(n)s of %(least)s.") % _least(rate)
        if not rate.figure.n:
            few = _("Nobody was invited.")
        lines.append(_line(_("Response rate"), rate, _("n %s invitations") % n, few))
    return lines


def rows_of(places: Sequence[Place]) -> list[Row]:
    """Return the worst touchpoints with their places on one axis."""
    return [_row(place) for place in places[:SHOWN_PLACES]]


def _line(title: str, score: Score, note: str, few: str) -> Line:
    unit, less = score.metric.unit, score.metric.lower_is_better
    turn = words.turn(score.change, unit, lower_is_better=less)
    return Line(title, score, turn, note, "" if score.shown else few)


def _row(place: Place) -> Row:
    figure = place.score.figure
    if not place.score.shown or figure.value is None or figure.low is None or figure.high is None:
        return Row(place, None, None, None, _few(place.score))
    ends = _AXIS.at(figure.low), _AXIS.at(figure.high)
    return Row(place, _AXIS.at(figure.value), *ends, few="")


def _few(score: Score) -> str:
    if not score.figure.n:
        return _("No answers yet.")
    return _("Too few answers: %(n)s of %(least)s.") % _least(score)


def _least(score: Score) -> dict[str, str]:
    return {"n": numbers.number(score.figure.n), "least": numbers.number(score.minimum)}
