from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from cxm.common.clock import now
from cxm.customers.conditions import OPERATORS, Condition
from cxm.customers.keys import crm_key, email_key
from cxm.customers.models import Customer, Segment, SegmentCondition
from cxm.customers.privacy import erase_customer
from cxm.customers.reports import segments_of, sizes_of
from cxm.customers.services import record_consent
from cxm.workspaces.models import Workspace
from tests.cxm.customers.make import Condition as Row
from tests.cxm.customers.make import make_customer, make_segment


def names(workspace: Workspace, *conditions: Row, match: str = "all") -> set[str]:
    segment = make_segment(workspace, *conditions, match=match, name=f"{match} {conditions}"[:120])
    return {customer.name for customer in segment.customers()}


@pytest.fixture
def people(scope: Workspace) -> Workspace:
    make_customer(
        scope,
        email_key("ann@example.com"),
        name="Ann",
        language="de",
        traits={"plan": "gold", "orders": 7, "2024": "yes", "vip": True},
        consent=("survey", "email"),
    )
    make_customer(
        scope,
        crm_key("shop", "1"),
        name="Bo",
        language="en",
        traits={"plan": "Golden", "orders": 2},
    )
    make_customer(scope, name="Cy", traits={"orders": "9"})
    gone = make_customer(scope, name="Gone", language="de", traits={"plan": "gold"})
    erase_customer(gone)
    return scope


COMPARISONS: list[tuple[Row, set[str]]] = [
    (("language", "", "is", "de"), {"Ann"}),
    (("language", "", "is", "DE"), {"Ann"}),
    (("language", "", "is_not", "de"), {"Bo", "Cy"}),
    (("trait", "plan", "is", "gold"), {"Ann"}),
    (("trait", "plan", "is_not", "gold"), {"Bo", "Cy"}),
    (("trait", "plan", "contains", "gOLd"), {"Ann", "Bo"}),
    (("trait", "plan", "is_set", ""), {"Ann", "Bo"}),
    (("trait", "plan", "is_not_set", ""), {"Cy"}),
    (("trait", "orders", "is", "7"), {"Ann"}),
    (("trait", "vip", "is", "true"), {"Ann"}),
    (("trait", "2024", "is", "yes"), {"Ann"}),
    # Numbers are compared as numbers; text that looks like one is none.
    (("trait", "orders", "greater", "2"), {"Ann"}),
    (("trait", "orders", "less", "7.5"), {"Ann", "Bo"}),
    (("identity", "email", "has", ""), {"Ann"}),
    (("identity", "email", "has_not", ""), {"Bo", "Cy"}),
    (("consent", "survey/email", "granted", ""), {"Ann"}),
    (("consent", "survey/email", "not_granted", ""), {"Bo", "Cy"}),
    (("created_at", "", "within_days", "1"), {"Ann", "Bo", "Cy"}),
    (("created_at", "", "before", "2000-01-01"), set()),
    (("created_at", "", "after", "2000-01-01"), {"Ann", "Bo", "Cy"}),
]


@pytest.mark.parametrize(("condition", "found"), COMPARISONS)
def test_each_comparison_finds_whom_it_says(
    people: Workspace, condition: Row, found: set[str]
) -> None:
    assert names(people, condition) == found


def test_every_comparison_is_tried_above() -> None:
    tried = {(condition[0], condition[2]) for condition, _ in COMPARISONS}
    assert tried == {(field, operator) for field, known in OPERATORS.items() for operator in known}


def test_without_conditions_a_segment_is_everybody_but_the_erased(people: Workspace) -> None:
    assert names(people) == {"Ann", "Bo", "Cy"}


def test_all_or_any(people: Workspace) -> None:
    two = (("trait", "plan", "is", "gold"), ("trait", "orders", "is", "2"))
    assert names(people, *two) == set()
    assert names(people, *two, match="any") == {"Ann", "Bo"}


def test_a_withdrawn_consent_counts_no_more(people: Workspace) -> None:
    ann = make_segment(people, ("language", "", "is", "de")).customers().get()
    record_consent(
        customer=ann, purpose="survey", channel="email", granted=False, source="", at=now()
    )
    assert names(people, ("consent", "survey/email", "granted", "")) == set()


def test_a_day_is_one_of_the_workspace(scope: Workspace) -> None:
    scope.timezone = "Asia/Tokyo"
    scope.save()
    with time_machine.travel(datetime(2026, 3, 1, 16, tzinfo=UTC), tick=False):  # 2 March there
        make_customer(scope, name="Ann")
    assert names(scope, ("created_at", "", "before", "2026-03-02")) == set()
    assert names(scope, ("created_at", "", "after", "2026-03-01")) == {"Ann"}
    assert names(scope, ("created_at", "", "after", "2026-03-02")) == set()


@pytest.mark.parametrize(
    "nonsense",
    [
        ("shoe_size", "", "is", "40"),
        ("language", "", "greater", "de"),
        ("language", "x", "is", "de"),
        ("language", "", "is", ""),
        ("trait", "", "is", "gold"),
        ("trait", "plan", "is_set", "gold"),
        ("trait", "orders", "greater", "many"),
        ("trait", "orders", "greater", "nan"),
        ("identity", "fax", "has", ""),
        ("consent", "survey", "granted", ""),
        ("consent", "spam/email", "granted", ""),
        ("created_at", "", "before", "yesterday"),
        ("created_at", "", "within_days", "-3"),
        ("created_at", "", "within_days", "99999999"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(nonsense: Row) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Condition(*nonsense)
    field, name, operator, value = nonsense
    row = SegmentCondition(field=field, name=name, operator=operator, value=value)
    with pytest.raises(ValidationError):
        row.clean()


def test_many_segments_are_counted_by_one_query(
    people: Workspace, django_assert_num_queries: Callable[[int], Any]
) -> None:
    make_segment(people, name="Everybody")
    make_segment(people, ("identity", "email", "has", ""), name="With e-mail")
    make_segment(people, ("consent", "survey/email", "granted", ""), name="Agreed")
    make_segment(people, ("trait", "orders", "greater", "1"), name="Buyers")
    segments = Segment.objects.select_related("workspace").prefetch_related("conditions")
    with django_assert_num_queries(3):
        sizes = sizes_of(segments)
    named = {segment.name: sizes[segment.pk] for segment in segments}
    assert named == {"Everybody": 3, "With e-mail": 1, "Agreed": 1, "Buyers": 2}
    ann = Customer.objects.get(name="Ann")
    with django_assert_num_queries(3):
        assert len(segments_of(ann)) == 4
    assert [s.name for s in segments_of(Customer.objects.get(name="Cy"))] == ["Everybody"]
