"""Sentences about scores on a map, by fixed rules from the figures.

They state what was measured and since when, never why: no cause is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.common.statistics import Figure
from cxm.common.targets import Status
from cxm.dashboards import numbers
from cxm.dashboards.words import STATUS_WORDS, distance
from cxm.kpis.reports import Score
from journeys.scores.reports import MapScores, Reading, Rolled, StageScores, StepScores


def places(score: Score) -> int:
    """Return how many decimals a score is written with on the map."""
    unit = score.metric.unit
    return 0 if unit == "percent" else numbers.decimals_for(unit, score.figure)


def value(score: Score) -> str:
    """Return the value without its unit, "−18", "74", "3 min 20 s"."""
    amount = score.figure.value
    if amount is None:
        return numbers.DASH
    if score.metric.unit == "seconds":
        return numbers.duration(amount)
    return numbers.number(amount, places(score))


def suffix(score: Score) -> str:
    """Return what stands small behind the value."""
    return "%" if score.metric.unit == "percent" else ""


def certainty(figure: Figure, unit: str, decimals: int) -> str:
    """Return "[−31, −4] · n 142"; for a full count its n alone."""
    limits = numbers.interval(figure, unit, decimals)
    counted = numbers.count(figure.n)
    return f"{limits} · {counted}" if limits else counted


def few(figure: Figure) -> str:
    """Return "n = 12"."""
    return _("n = %s") % numbers.number(figure.n)


def shown_from(minimum: int) -> str:
    """Return "Shown from n = 30"."""
    return _("Shown from n = %s") % numbers.number(minimum)


def age(reading: Reading) -> str:
    """Return how old the newest facts are, "newest 3 days ago"; of a period of the past the day."""
    if reading.newest is None:
        return ""
    days = reading.age
    if days is None:
        return _("newest %s") % _day(reading.newest)
    if days < 2:
        return _("newest yesterday") if days else _("newest today")
    if days < 21:
        return ngettext("newest %d day ago", "newest %d days ago", days) % days
    if days < 70:
        weeks = days // 7
        return ngettext("newest %d week ago", "newest %d weeks ago", weeks) % weeks
    months = round(days / 30.4)
    return ngettext("newest %d month ago", "newest %d months ago", months) % months


def change(score: Score) -> tuple[str, str, str] | None:
    """Return (icon, size, what to read aloud) of the change; None with nothing to compare.

    The arrow tells direction only; it is grey, for up is not always good.
    """
    if score.change is None or not score.shown:
        return None
    amount = score.change.value
    decimals = 1 if score.metric.unit == "mean" else 0
    if score.metric.unit == "seconds":
        size = numbers.duration(abs(amount))
        steady = round(amount) == 0
    else:
        size = numbers.number(abs(amount), decimals)
        steady = round(amount, decimals) == 0
    if steady:
        return "right", numbers.number(0), _("steady against the period before")
    if amount > 0:
        return "arrow-up", size, _("up %s on the period before") % size
    return "arrow-down", size, _("down %s on the period before") % size


def aloud(amount: float, unit: str, decimals: int) -> str:
    """Return a value as it is read aloud: "minus 18", "74 %"."""
    written = numbers.value(amount, unit, decimals).replace("\u202f", " ")
    return written.replace(numbers.MINUS, _("minus") + " ")


def sentence(reading: Reading | None, confidence: float) -> str:
    """Return a score as one sentence: "NPS minus 18, Off target. 95 % interval …"."""
    if reading is None:
        return _("Not measured yet.")
    score = reading.score
    title, unit = str(score.metric.title), score.metric.unit
    if not score.shown or score.figure.value is None:
        counted = ", ".join(filter(None, (few(score.figure), age(reading))))
        return _("%(title)s, %(status)s. %(n)s. %(from)s.") % {
            "title": title,
            "status": STATUS_WORDS["none"],
            "n": counted,
            "from": shown_from(score.minimum),
        }
    decimals = places(score)
    parts = [f"{title} {aloud(score.figure.value, unit, decimals)}"]
    if score.status is not None:
        parts[0] += f", {STATUS_WORDS[str(score.status)]}"
    rest = []
    if score.figure.low is not None and score.figure.high is not None:
        rest.append(
            _("%(confidence)s %% interval %(low)s to %(high)s")
            % {
                "confidence": f"{100 * confidence:g}",
                "low": aloud(score.figure.low, unit, decimals),
                "high": aloud(score.figure.high, unit, decimals),
            }
        )
    rest.append(_counted(score))
    if reading.newest is not None:
        rest.append(age(reading))
    if score.target is not None:
        rest.append(_("target %s") % aloud(score.target, unit, _target_places(score.target)))
    else:
        rest.append(_("no target set"))
    parts.append(", ".join(rest))
    said = ". ".join(parts) + "."
    return said[0].upper() + said[1:]


def reason(reading: Reading) -> tuple[str, str]:
    """Return (finding, what it rests on) for the head of the inspector."""
    score = reading.score
    title, unit = str(score.metric.title), score.metric.unit
    if not score.shown or score.figure.value is None:
        return str(STATUS_WORDS["none"]) + ".", f"{few(score.figure)}. {shown_from(score.minimum)}."
    measured = f"{title} {numbers.figure_text(score.figure, unit, places(score))}"
    if score.status is None or score.target is None:
        return _("No target set."), f"{measured}."
    apart = distance(score.figure.value, score.target, unit)
    goal = numbers.value(score.target, unit, _target_places(score.target))
    word = str(STATUS_WORDS[str(score.status)])
    facts = _("%(measured)s: %(apart)s (%(goal)s).") % {
        "measured": measured,
        "apart": apart,
        "goal": goal,
    }
    if score.status is Status.BAD:
        since = failing_since(score)
        if since is not None:
            return _("%(status)s since %(day)s.") % {"status": word, "day": _day(since)}, facts
    if score.status is Status.UNSURE:
        facts = _("%(measured)s: too close to the target of %(goal)s to say.") % {
            "measured": measured,
            "goal": goal,
        }
    return f"{word}.", facts


def failing_since(score: Score) -> date | None:
    """Return the first day of the unbroken run of spans, up to now, that lie beyond the floor.

    None when the run does not begin within the window, or the spans are too thin to say.
    """
    if score.floor is None or score.target is None:
        return None
    since: date | None = None
    for point in reversed(score.trend):
        figure = point.figure
        edge = figure.low if score.metric.lower_is_better else figure.high
        if edge is None:
            break
        beyond = edge > score.floor if score.metric.lower_is_better else edge < score.floor
        if not beyond:
            break
        since = point.start
    return since if since is not None and since != score.trend[0].start else None


def callout(step: StepScores) -> tuple[str, str, str] | None:
    """Return the three lines beside the worst step: what, how far, on what it rests."""
    reading = step.reading
    if reading is None or reading.score.figure.value is None:
        return None
    score = reading.score
    unit, decimals = score.metric.unit, places(score)
    head = step.column.step.name
    figure = f"{score.metric.title} {numbers.value(score.figure.value, unit, decimals)}"
    limits = numbers.interval(score.figure, unit, decimals)
    below = numbers.count(score.figure.n)
    if score.target is not None:
        below = f"{distance(score.figure.value, score.target, unit)} · {below}"
    return head, f"{figure} {limits}".strip(), below


def finding(scores: MapScores) -> tuple[str, str]:
    """Return (finding, one more fact) about the map as a whole."""
    failing = scores.failing
    if scores.worst is not None and scores.worst.reading is not None:
        score = scores.worst.reading.score
        if len(failing) == 1:
            head = _("%s is off target.") % scores.worst.column.step.name
        else:
            head = _("%(step)s and %(more)s more are off target.") % {
                "step": scores.worst.column.step.name,
                "more": len(failing) - 1,
            }
        return head, numbers_of(score)
    measured = [step for step in scores.steps if step.reading is not None]
    if not measured:
        return _("Nothing is measured yet."), _("Put touchpoints on the steps.")
    return _("No step is off target."), ngettext(
        "%(measured)s of %(all)s step is measured.",
        "%(measured)s of %(all)s steps are measured.",
        len(scores.steps),
    ) % {"measured": len(measured), "all": len(scores.steps)}


def numbers_of(score: Score) -> str:
    """Return "NPS −18 [−31, −4], n 142"."""
    return (
        f"{score.metric.title} "
        f"{numbers.figure_text(score.figure, score.metric.unit, places(score))}"
    )


def stage_finding(stages: Sequence[StageScores]) -> str:
    """Return the title of the journey strip: the worst stage, or that none is off target."""
    failing = [s for s in stages if s.satisfaction.status is Status.BAD]
    if failing:
        worst = min(failing, key=_gap)
        rolled = worst.satisfaction
        return _("%(stage)s fails: satisfaction %(value)s, %(apart)s of %(target)s") % {
            "stage": worst.stage.name,
            "value": numbers.number(rolled.figure.value or 0),
            "apart": distance(rolled.figure.value, rolled.target, "score"),
            "target": numbers.number(rolled.target or 0),
        }
    if not any(s.satisfaction.shown for s in stages):
        return _("Too little is known of the journey yet")
    if not any(s.satisfaction.target for s in stages):
        return _("Satisfaction along the journey; no target is set")
    return _("No stage of the journey is off target")


def curve_point(rolled: Rolled, assumed: float | None, does: Rolled) -> dict[str, str]:
    """Return what one step shows on the feelings lane, in words, for its table."""
    said = rolled.on_curve()
    done = does.on_curve()
    return {
        "assumed": numbers.DASH if assumed is None else numbers.number(assumed, 1, sign=True),
        "said": numbers.DASH
        if said is None or said.value is None
        else numbers.number(said.value, 1, sign=True),
        "interval": ""
        if said is None or said.low is None or said.high is None
        else numbers.interval(Figure(said.value, said.n, said.low, said.high), "mean", 1),
        "n": numbers.DASH if said is None else numbers.number(said.n),
        "does": numbers.DASH
        if done is None or done.value is None
        else numbers.number(done.value, 1, sign=True),
    }


def curve_summary(scores: MapScores) -> str:
    """Return the feelings lane in one sentence."""
    said = [
        f"{step.column.step.name} {numbers.number(point.value, 1, sign=True)}".replace(
            numbers.MINUS, _("minus") + " "
        ).replace("+", _("plus") + " ")
        for step in scores.steps
        if (point := step.said.on_curve()) is not None and point.value is not None
    ]
    if not said:
        return _("Feelings along the journey. Too few customers have answered yet.")
    return _("Feelings along the journey, from minus 2 to plus 2. Customers said: %s.") % ", ".join(
        said
    )


def _counted(score: Score) -> str:
    n = score.figure.n
    written = numbers.number(n)
    if score.metric.minimum == "visits":
        return ngettext("%s visit", "%s visits", n) % written
    return ngettext("%s answer", "%s answers", n) % written


def _gap(stage: StageScores) -> float:
    rolled = stage.satisfaction
    return (rolled.figure.value or 0.0) - (rolled.target or 0.0)


def _target_places(target: float) -> int:
    return 0 if float(target).is_integer() else 1


def _day(day: date) -> str:
    # Translators: date format of a day within this year, as in "since 14 November".
    return date_format(day, _("j F"))
