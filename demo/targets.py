"""What the demo shop wants to reach."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from cxm.kpis.models import Kpi, Target
from cxm.kpis.services import mark_targets_stale
from cxm.workspaces.models import Membership, Workspace
from demo import story
from touchpoints.catalogue.models import Touchpoint

WORKSPACE = "workspace"
TOUCHPOINT = "touchpoint"

# Name, measure, touchpoint ("" for the whole shop), target, what is counted.
AIMS = (
    ("Satisfaction", "satisfaction", "", 72.0, "All touchpoints, 0 to 100"),
    ("Task fulfilment", "task_fulfilment", "", 44.0, "Visits that reach their goal"),
    ("NPS", "nps", "", 40.0, "Asked once a season"),
    ("Visits that end in an order", "conversion", "", 6.0, "Share of all visits"),
    ("Satisfaction with delivery", "satisfaction", story.PARCEL, 75.0, "0 to 100"),
    ("Parcels on time", "success", story.PARCEL, 90.0, "Share handed over as promised"),
    ("Satisfaction with checkout", "satisfaction", story.CHECKOUT, 66.0, "0 to 100"),
    ("Checkout completed", "success", story.CHECKOUT, 60.0, "Share of carts paid"),
    ("Satisfaction with advice", "satisfaction", story.ADVICE, 72.0, "0 to 100"),
    ("Satisfaction with the hotline", "satisfaction", story.HOTLINE, 64.0, "0 to 100"),
    ("Calls solved", "success", story.HOTLINE, 75.0, "Share solved in the first call"),
    ("Satisfaction with product pages", "satisfaction", story.PRODUCTS, 58.0, "0 to 100"),
    ("Satisfaction with the guide", "satisfaction", story.GUIDE, 62.0, "0 to 100"),
    ("Satisfaction with tracking", "satisfaction", story.TRACKING, 60.0, "0 to 100"),
    ("Satisfaction with ads", "satisfaction", story.SOCIAL, 55.0, "0 to 100"),
    ("Satisfaction with repairs", "satisfaction", story.REPAIR, 60.0, "0 to 100"),
)


def create_targets(workspace: Workspace, touchpoints: dict[str, Touchpoint], today: date) -> None:
    """Create the KPIs and targets, checked as in the admin."""
    owners = {m.title: m for m in Membership.objects.for_workspace(workspace)}
    for name, metric, place, value, description in AIMS:
        touchpoint = touchpoints.get(place)
        subject: UUID = touchpoint.pk if touchpoint else workspace.pk
        department = touchpoint.department if touchpoint else "CX lead"
        kpi = Kpi(
            workspace=workspace,
            name=name,
            description=description,
            metric=metric,
            subject_kind=TOUCHPOINT if touchpoint else WORKSPACE,
            subject_id=subject,
            owner=owners.get(department),
        )
        kpi.full_clean()
        kpi.save()
        target = Target(
            workspace=workspace,
            kpi=kpi,
            value=value,
            start=today - timedelta(days=story.DAYS),
            period=Target.Period.DAYS_90,
        )
        target.full_clean()
        target.save()
    mark_targets_stale()
