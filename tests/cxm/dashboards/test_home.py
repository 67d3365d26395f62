"""The home page answers "How are we doing?" and never breaks as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.common.scope import workspace_scope
from cxm.dashboards import reports
from cxm.kpis.models import Kpi
from cxm.workspaces.models import User, Workspace
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

Browser = Callable[[User], Client]


def answers(
    touchpoint: UUID | None, promoters: int, detractors: int, days_ago: int
) -> list[Answer]:
    day = TODAY - timedelta(days=days_ago)
    good = [Answer(touchpoint, day, 10, stars=5)] * promoters
    return good + [Answer(touchpoint, day, 2, stars=1)] * detractors


def story(workspace: Workspace, facts: Facts) -> Kpi:
    """Checkout is liked, delivery was and is not any more; there is a target for satisfaction."""
    with workspace_scope(workspace.pk):
        facts.add(
            *answers(CHECKOUT, 180, 20, 10),
            *answers(DELIVERY, 40, 160, 10),
            *answers(CHECKOUT, 180, 20, 120),
            *answers(DELIVERY, 160, 40, 120),
            *answers(None, 60, 140, 10),
            *answers(None, 140, 60, 120),
            *[Visit(CHECKOUT, TODAY - timedelta(days=5), bought=n % 4 > 0) for n in range(400)],
        )
        kpi = make_kpi(
            workspace,
            name="Satisfaction",
            metric="satisfaction",
            subject_kind="workspace",
            subject_id=workspace.pk,
        )
        make_target(kpi, 75)
        score(workspace)
    return kpi


def home(client: Client, query: str = "") -> str:
    with time_machine.travel(NOW, tick=False):
        response = client.get(f"/admin/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_new_workspace_is_told_what_to_do_first(client_for: Browser, alice: User) -> None:
    page = home(client_for(alice))

    assert "Nothing is measured yet." in page
    assert "No touchpoints yet. Draw your journey first." in page
    assert 'href="/app/journeys/"' in page


def test_touchpoints_without_data_are_told_to_connect_a_source(
    client_for: Browser, alice: User, facts: Facts
) -> None:
    page = home(client_for(alice))

    assert "Nothing measured yet" in page
    assert "No touchpoints yet" not in page


def test_the_answer_names_the_touchpoint_that_fails(
    client_for: Browser, alice: User, workspace: Workspace, facts: Facts
) -> None:
    story(workspace, facts)

    page = home(client_for(alice))

    assert "below its target, and Delivery pulls it down most." in page
    assert page.count('<section class="card score">') == 3
    assert "Off target" in page


def test_what_changed_lists_clear_changes_and_counts_the_rest(
    client_for: Browser, alice: User, workspace: Workspace, facts: Facts
) -> None:
    story(workspace, facts)

    page = home(client_for(alice))

    assert "clear changes against the 90 days before, largest first" in page
    assert "no clear change." in page
    assert '<span class="tag">Delivery</span>' in page


def test_nps_over_time_has_a_summary_and_a_table(
    client_for: Browser, alice: User, workspace: Workspace, facts: Facts
) -> None:
    story(workspace, facts)

    page = home(client_for(alice))

    assert "NPS fell to −40" in page
    assert 'aria-label="NPS, Jul to Nov.' in page
    assert "Show as table" in page


def test_a_kpi_off_target_needs_somebody_and_is_counted_in_the_sidebar(
    client_for: Browser, alice: User, workspace: Workspace, facts: Facts
) -> None:
    story(workspace, facts)

    page = home(client_for(alice))

    assert "KPI is off target" in page
    assert 'class="badge bad">1<' in page


def test_the_period_is_part_of_the_address(
    client_for: Browser, alice: User, workspace: Workspace, facts: Facts
) -> None:
    story(workspace, facts)
    client = client_for(alice)

    assert "Last 30 days" in home(client, "?period=30d")
    assert "against the 365 days before" in home(client, "?period=365d").replace(
        "Against", "against"
    )
    assert "Last 90 days" in home(client, "?period=nonsense")


def test_without_comparison_nothing_is_said_to_have_changed(
    client_for: Browser, alice: User, workspace: Workspace, facts: Facts
) -> None:
    story(workspace, facts)

    page = home(client_for(alice), "?compare=none")

    assert "What changed" not in page
    assert "a clear change" not in page
    assert "No comparison" in page


def test_a_part_that_fails_says_so_and_the_rest_stays(
    client_for: Browser,
    alice: User,
    workspace: Workspace,
    facts: Facts,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    story(workspace, facts)

    def broken(window: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")

    monkeypatch.setattr(reports, "what_changed", broken)
    page = home(client_for(alice))

    assert page.count("This card could not be read") == 1
    assert "NPS fell to" in page
    assert "dashboards/parts/changes.html of the home page failed" in caplog.text


def test_the_number_of_queries_does_not_grow_with_the_data(
    client_for: Browser, alice: User, workspace: Workspace, facts: Facts
) -> None:
    story(workspace, facts)
    client = client_for(alice)
    home(client)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            home(client)
        return len(captured)

    before = queries()
    with workspace_scope(workspace.pk):
        for number in range(8):
            kpi = make_kpi(
                workspace, name=f"More {number}", dimension="segment", dimension_value=str(number)
            )
            make_target(kpi, 60)
        facts.add(
            *[
                Answer(DELIVERY, TODAY - timedelta(days=ago), 2, segment=str(ago % 8))
                for ago in range(300)
            ]
        )
        score(workspace)

    assert queries() == before
    assert before <= 80, before


def test_a_stranger_sees_nothing_of_it(
    client_for: Browser, mallory: User, alice: User, workspace: Workspace, facts: Facts
) -> None:
    story(workspace, facts)

    page = home(client_for(mallory))

    assert "Delivery pulls" not in page
    assert "NPS fell" not in page


def test_a_user_without_workspace_is_told_so(client_for: Browser, db: None) -> None:
    lonely = User.objects.create_user(email="lonely@example.com", name="Lonely", password="x" * 20)

    assert "You are in no workspace yet" in home(client_for(lonely))
