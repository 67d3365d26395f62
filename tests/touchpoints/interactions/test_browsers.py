"""Whose a browser is, and what becomes of its visits when that turns out wrong."""

from __future__ import annotations

import pytest

from cxm.customers.keys import anonymous_key, crm_key
from cxm.customers.matching import CustomerFacts
from cxm.customers.models import Customer
from cxm.workspaces.models import Workspace
from tests.touchpoints.make import NOON, make_goal, make_record, make_source
from touchpoints.interactions.models import Conversion, Interaction, Visit
from touchpoints.interactions.services import ingest
from touchpoints.interactions.services.adopting import adopt, give_back

pytestmark = pytest.mark.django_db


def test_a_browser_brings_its_past_and_takes_it_along_again(scope: Workspace) -> None:
    make_goal(scope)
    source, _key = make_source(scope)
    facts = CustomerFacts(keys=(crm_key("user", "u1"), anonymous_key("b1")))
    for record in (
        make_record("before", anonymous_id="b1", event="purchase"),
        make_record("login", anonymous_id="b1", customer=facts),
        make_record("after", anonymous_id="b1"),
        make_record("other", anonymous_id="b2"),
    ):
        ingest(source=source, records=[record], received_at=NOON)
    customer = Customer.objects.get()
    theirs = Interaction.objects.filter(customer=customer)
    assert theirs.count() == 3
    assert theirs.filter(by_browser=True).count() == 2
    assert Visit.objects.get(customer=customer).contacts == 3
    assert give_back(workspace_id=scope.pk, anonymous_id="b1", customer=customer.pk) == 2
    # What named them stays theirs, and with it the visit.
    assert theirs.count() == 1
    assert Visit.objects.filter(customer=customer).count() == 1
    assert not Conversion.objects.filter(customer=customer).exists()
    adopt(workspace_id=scope.pk, browsers={"b1": customer.pk})
    assert theirs.count() == 3


def test_a_visit_goes_back_where_nothing_in_it_named_them(scope: Workspace) -> None:
    source, _key = make_source(scope)
    ingest(source=source, records=[make_record("x", anonymous_id="b1")], received_at=NOON)
    customer = Customer.objects.create(workspace=scope, number="C-1")
    adopt(workspace_id=scope.pk, browsers={"b1": customer.pk})
    assert Visit.objects.get().customer_id == customer.pk
    give_back(workspace_id=scope.pk, anonymous_id="b1", customer=customer.pk)
    assert Visit.objects.get().customer_id is None
