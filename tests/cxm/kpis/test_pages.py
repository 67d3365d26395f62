"""The KPI page, its export, the components, and the admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cxm.common.scope import workspace_scope
from cxm.kpis.models import FulfilmentComponent, Kpi, StaleDay, Target
from cxm.workspaces.models import AuditEntry, Membership, User, Workspace
from tests.cxm.kpis.make import (
    CHECKOUT,
    DELIVERY,
    NOW,
    TODAY,
    Answer,
    Facts,
    Visit,
    make_kpi,
    make_target,
    score,
)

ClientFor = Callable[[User], Client]


@pytest.fixture
def measured(workspace: Workspace, facts: Facts) -> Workspace:
    """A workspace with one KPI off target and one on it."""
    with workspace_scope(workspace.pk):
        facts.add(*[Answer(DELIVERY, TODAY, 0) for _ in range(60)])
        facts.add(*[Answer(CHECKOUT, TODAY, 10) for _ in range(60)])
        facts.add(*[Visit(CHECKOUT, TODAY) for _ in range(50)])
        make_target(make_kpi(workspace, name="=NPS delivery"), 40)
        make_target(make_kpi(workspace, name="NPS checkout", subject_id=CHECKOUT), 40)
        visits = make_kpi(workspace, name="Visits", metric="visits", subject_id=CHECKOUT)
        make_target(visits, 900, period="year")
        score(workspace)
    return workspace


def page(client: Client, **query: str) -> str:
    with time_machine.travel(NOW, tick=False):
        answer = client.get(reverse("kpis"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_answers_how_many_are_on_target(
    measured: Workspace, bob: User, client_for: ClientFor
) -> None:
    html = page(client_for(bob))
    assert "1 of 3 KPIs is on target." in html or "1 of 3 KPIs are on target." in html
    assert "Off target" in html
    assert "=NPS delivery" in html
    assert "[−100, −89], n 60" in html
    assert "full count" in html
    assert reverse("admin:kpis_kpi_add") not in html


def test_chips_filter_by_status(measured: Workspace, alice: User, client_for: ClientFor) -> None:
    client = client_for(alice)
    good = page(client, status="good")
    assert "NPS checkout" in good
    assert "NPS delivery" not in good
    assert "No KPI has this status now" in page(client, status="unsure")
    assert "NPS delivery" in page(client, status="nonsense")


def test_the_page_takes_a_constant_number_of_queries(
    measured: Workspace, alice: User, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    client = client_for(alice)
    page(client)
    with workspace_scope(measured.pk):
        for number in range(12):
            kpi = make_kpi(
                measured, name=f"K{number}", dimension="segment", dimension_value=str(number)
            )
            make_target(kpi, 4)
    with django_assert_max_num_queries(24):
        page(client)


def test_without_kpis_the_page_says_what_to_do(
    workspace: Workspace, alice: User, bob: User, client_for: ClientFor
) -> None:
    html = page(client_for(alice))
    assert "No KPIs yet" in html
    assert reverse("admin:kpis_kpi_add") in html
    assert reverse("admin:kpis_kpi_add") not in page(client_for(bob))


def test_nobody_gets_in_without_login(workspace: Workspace, client: Client) -> None:
    assert client.get(reverse("kpis")).status_code == 302
    assert client.get(reverse("kpi_export")).status_code == 302


def test_a_stranger_sees_nothing_of_it(
    measured: Workspace, mallory: User, client_for: ClientFor
) -> None:
    assert "NPS delivery" not in page(client_for(mallory))
    where = reverse("kpi_components", args=["workspace", measured.pk])
    assert client_for(mallory).get(where).status_code == 404


def test_the_export_defuses_formulas(measured: Workspace, bob: User, client_for: ClientFor) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = client_for(bob).get(reverse("kpi_export"))
    text = answer.content.decode()
    lines = text.split("\r\n")
    assert lines[0].startswith("kpi,definition,about,measure,unit")
    assert lines[1].startswith("'=NPS delivery,")
    assert ",bad,-100.0," in lines[1]
    assert answer["Content-Disposition"] == 'attachment; filename="kpis-2026-11-22.csv"'


def test_components_are_saved_together_when_weights_sum_to_one(
    workspace: Workspace, facts: Facts, alice: User, bob: User, client_for: ClientFor
) -> None:
    where = reverse("kpi_components", args=["touchpoint", DELIVERY])
    body = {
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0",
        "form-0-component": "views", "form-0-floor": "1", "form-0-target": "5",
        "form-0-weight": "0.6",
        "form-1-component": "dwell", "form-1-floor": "100", "form-1-target": "20",
        "form-1-weight": "0.3",
    }  # fmt: skip
    client = client_for(alice)
    assert "The weights sum to 1." in client.post(where, body).content.decode()
    saved = client.post(where, {**body, "form-1-weight": "0.4"})
    assert saved.status_code == 302
    with workspace_scope(workspace.pk):
        rows = FulfilmentComponent.objects.values_list("component", "weight")
        assert set(rows) == {("views", 0.6), ("dwell", 0.4)}
        assert StaleDay.objects.filter(feed="targets").count() == 1
        assert AuditEntry.objects.count() == 1
    assert client_for(bob).post(where, body).status_code == 403
    assert 'value="0.6"' in client.get(where).content.decode()


def test_the_admin_adds_a_kpi_with_its_target(
    workspace: Workspace, facts: Facts, alice: User, client_for: ClientFor
) -> None:
    client = client_for(alice)
    where = reverse("admin:kpis_kpi_add")
    form = client.get(where)
    assert form.status_code == 200
    with workspace_scope(workspace.pk):
        owner = Membership.objects.get(user=alice)
    body = {
        "name": "NPS after delivery", "description": "", "metric": "nps",
        "subject_id": f"touchpoint:{DELIVERY}", "owner": str(owner.pk), "dimension": "",
        "dimension_value": "", "weight": "1",
        "targets-TOTAL_FORMS": "1", "targets-INITIAL_FORMS": "0", "targets-MIN_NUM_FORMS": "0",
        "targets-MAX_NUM_FORMS": "1000", "targets-0-value": "40", "targets-0-baseline": "",
        "targets-0-floor": "", "targets-0-tolerance": "0", "targets-0-period": "90d",
        "targets-0-start": "2026-01-01", "targets-0-end": "",
    }  # fmt: skip
    saved = client.post(where, body)
    assert saved.status_code == 302, saved.content.decode()
    with workspace_scope(workspace.pk):
        kpi = Kpi.objects.get()
        assert (kpi.subject_kind, kpi.subject_id) == ("touchpoint", DELIVERY)
        assert kpi.owner is not None
        assert Target.objects.get().baseline == -100
        assert StaleDay.objects.filter(feed="targets").count() == 1
        assert AuditEntry.objects.filter(action="added").exists()
    again = client.post(where, body)
    assert again.status_code == 200
    assert "There is a KPI for this measure and subject already." in again.content.decode()
    same = {**body, "subject_id": f"touchpoint:{CHECKOUT}", "targets-0-value": "-100"}
    assert "Target and baseline are the same." in client.post(where, same).content.decode()


def test_admin_lists_take_a_constant_number_of_queries(
    measured: Workspace, alice: User, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    client = client_for(alice)
    for name in ("kpi", "target"):
        where = reverse(f"admin:kpis_{name}_changelist")
        client.get(where)
        with django_assert_max_num_queries(24):
            assert client.get(where).status_code == 200
        assert client.get(where, {"q": "NPS"}).status_code == 200


def test_a_viewer_may_look_and_not_touch(
    measured: Workspace, bob: User, client_for: ClientFor
) -> None:
    client = client_for(bob)
    assert client.get(reverse("admin:kpis_kpi_changelist")).status_code == 200
    assert client.get(reverse("admin:kpis_kpi_add")).status_code == 403


def test_deleting_a_target_in_the_admin_asks_for_a_measuring(
    measured: Workspace, alice: User, client_for: ClientFor
) -> None:
    with workspace_scope(measured.pk):
        target = Target.objects.order_by("pk").first()
        assert target is not None
    where = reverse("admin:kpis_target_delete", args=[target.pk])
    assert client_for(alice).post(where, {"post": "yes"}).status_code == 302
    with workspace_scope(measured.pk):
        assert StaleDay.objects.filter(feed="targets").count() == 1
