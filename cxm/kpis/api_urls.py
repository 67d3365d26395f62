"""The room's routes of the API."""

from cxm.kpis.viewsets import KpiViewSet, MeasurementViewSet, TargetViewSet

routes = [
    ("kpis", KpiViewSet, "kpi"),
    ("targets", TargetViewSet, "target"),
    ("measurements", MeasurementViewSet, "measurement"),
]
