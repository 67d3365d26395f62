from __future__ import annotations

import pytest

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.dashboards.icons import ICONS
from cxm.kpis.models import StaleDay
from cxm.workspaces.models import Workspace
from cxm.workspaces.services import create_workspace
from tests.make import make_user
from tests.touchpoints.make import NOON, make_goal, make_record, make_source
from touchpoints.catalogue.channels import DEFAULT_CHANNELS
from touchpoints.catalogue.models import Channel, Dimension, Goal, Touchpoint
from touchpoints.catalogue.services import apply_catalogue, create_default_channels, make_primary
from touchpoints.catalogue.specs import CatalogueSpec, DimensionSpec, GoalSpec, TouchpointSpec
from touchpoints.interactions.services import ingest

pytestmark = pytest.mark.django_db

SPEC = CatalogueSpec(
    touchpoints=(TouchpointSpec("hotline", "Hotline", "phone", goal_event="solved"),),
    goals=(GoalSpec("order", "Order", "order", primary=True),),
    dimensions=(DimensionSpec("region", "Region", "region"),),
)


def test_a_new_workspace_has_the_usual_channels() -> None:
    workspace = create_workspace(name="New shop", owner=make_user())
    with workspace_scope(workspace.pk):
        names = list(Channel.objects.values_list("name", flat=True))
    assert names == [channel.name for channel in DEFAULT_CHANNELS]
    assert {"Paid Search", "Unassigned", "Store", "Word of mouth"} <= set(names)


def test_default_channels_leave_what_is_there(scope: Workspace) -> None:
    Channel.objects.create(workspace=scope, key="store", name="Boutique", kind="offline")
    assert create_default_channels(workspace=scope) == len(DEFAULT_CHANNELS)
    assert Channel.objects.get(key="store").name == "Boutique"


def test_default_channels_have_icons_that_exist() -> None:
    assert {channel.icon for channel in DEFAULT_CHANNELS} <= set(ICONS)


def test_a_catalogue_is_added_once(scope: Workspace) -> None:
    apply_catalogue(workspace=scope, spec=SPEC)
    touchpoint = Touchpoint.objects.get(key="hotline")
    assert touchpoint.channel.key == "phone"
    Touchpoint.objects.update(name="Call centre")
    apply_catalogue(workspace=scope, spec=SPEC)
    assert Touchpoint.objects.get().name == "Call centre"
    assert Goal.objects.get().is_primary
    assert Dimension.objects.get().property == "region"


def test_a_primary_goal_that_exists_stays_the_primary_one(scope: Workspace) -> None:
    first = make_goal(scope)
    apply_catalogue(workspace=scope, spec=SPEC)
    assert Goal.objects.get(is_primary=True) == first


@pytest.mark.parametrize(
    ("touchpoint", "said"),
    [
        (TouchpointSpec("a", "A", "carrier-pigeon"), "carrier-pigeon"),
        (TouchpointSpec("Not a key", "A", "phone"), "small letters"),
        (TouchpointSpec("a", "A", "phone", phase="never"), "never"),
    ],
)
def test_a_catalogue_that_cannot_be_is_refused(
    scope: Workspace, touchpoint: TouchpointSpec, said: str
) -> None:
    with pytest.raises(DomainError, match=said) as raised:
        apply_catalogue(workspace=scope, spec=CatalogueSpec(touchpoints=(touchpoint,)))
    assert raised.value.code == "invalid_catalogue"


def test_another_primary_goal_has_all_days_counted_again(scope: Workspace) -> None:
    source, _key = make_source(scope)
    ingest(source=source, records=[make_record()], received_at=NOON)
    StaleDay.objects.all().delete()
    before = make_goal(scope, "purchase")
    other = Goal.objects.create(workspace=scope, key="other", name="Other", event_name="lead")
    make_primary(goal=other)
    before.refresh_from_db()
    assert not before.is_primary
    assert StaleDay.objects.filter(feed="interactions", day=NOON.date()).exists()
