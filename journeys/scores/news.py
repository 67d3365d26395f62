"""A scored map as JSON: what the editor writes into cells, headings and the feelings lane."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cxm.dashboards import numbers
from journeys.scores import words
from journeys.scores.drawing import SPARK, MapMark, StepMark

Json = dict[str, Any]


def scores_json(drawn: MapMark, *, stamp: str, period: str) -> Json:
    """Return the scores of a map; values of feelings lie between −2 and +2."""
    worst = drawn.scores.worst
    return {
        "stamp": stamp,
        "period": period,
        "finding": list(drawn.finding),
        "confidence": numbers.value(100 * drawn.scores.confidence, "percent"),
        "summary": words.curve_summary(drawn.scores),
        "steps": {str(step.column.step.pk): _step(step) for step in drawn.steps},
        "callout": _callout(drawn) if worst is not None else None,
        "table_html": render_to_string("scores/_table.html", {"map": drawn}),
    }


def _step(step: StepMark) -> Json:
    said, does = step.scores.said.on_curve(), step.scores.does.on_curve()
    few = said is not None and said.value is None
    reading = step.scores.reading
    return {
        "score_html": _score_html(step),
        "status_html": render_to_string("scores/_status.html", {"step": step}),
        "framed": step.scores.framed,
        "failing": step.scores.failing,
        "said": None
        if said is None or said.value is None
        else {
            "value": said.value,
            "low": said.low,
            "high": said.high,
            "n": said.n,
            "unsure": said.unsure,
        },
        "few_n": said.n if said is not None and few else None,
        "does": None if does is None else does.value,
        "labels": {
            "value": "" if few else step.feelings["said"],
            "n": _("n = %s") % step.feelings["n"]
            if few
            else ("" if said is None else numbers.count(said.n)),
        },
        "touchpoint": None if reading is None else str(reading.touchpoint.pk),
    }


def _score_html(step: StepMark) -> str:
    """Write a score's insides as `{% score_mark %}` does."""
    context = {"mark": step.score, "spark": step.score.spark, "spark_size": SPARK}
    return render_to_string("scores/_score.html", context)


def _callout(drawn: MapMark) -> Json | None:
    worst = drawn.scores.worst
    text = None if worst is None else words.callout(worst)
    if worst is None or text is None:
        return None
    head, line, below = text
    return {"step": str(worst.column.step.pk), "head": head, "line": line, "below": below}
