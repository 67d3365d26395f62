"""Reads of figures: what home, the map, the pages and the API show."""

from cxm.kpis.reports.evidence import newest_days
from cxm.kpis.reports.groups import figures_of_customers
from cxm.kpis.reports.scores import (
    Change,
    Changes,
    Point,
    Score,
    Series,
    changes,
    current_rules,
    figure,
    figures,
    names_of,
    scored_at,
    series,
    slices,
)
from cxm.kpis.reports.table import Forecast, KpiGroup, KpiRow, KpiTable, kpi_table

__all__ = [
    "Change",
    "Changes",
    "Forecast",
    "KpiGroup",
    "KpiRow",
    "KpiTable",
    "Point",
    "Score",
    "Series",
    "changes",
    "current_rules",
    "figure",
    "figures",
    "figures_of_customers",
    "kpi_table",
    "names_of",
    "newest_days",
    "scored_at",
    "series",
    "slices",
]
