"""Targets and what they are about; daily tallies; the figures worked out from them."""

from cxm.kpis.models.figures import DailyTally, Measurement, ScoreState, StaleDay
from cxm.kpis.models.goals import FulfilmentComponent, Kpi, Target

__all__ = [
    "DailyTally",
    "FulfilmentComponent",
    "Kpi",
    "Measurement",
    "ScoreState",
    "StaleDay",
    "Target",
]
