"""What is kept no longer goes: whole months, and the rest in batches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from psycopg import connect

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from tests.touchpoints.make import make_goal, make_record, make_source
from touchpoints.interactions.models import (
    Conversion,
    Interaction,
    MessageKey,
    Touch,
    TouchpointDay,
    Visit,
)
from touchpoints.interactions.services import (
    drop_expired_months,
    forget_expired,
    ingest,
    limit_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def fill(workspace: Workspace, *months_ago: int) -> None:
    source, _key = make_source(workspace)
    records = [
        make_record(
            f"{months}-{number}",
            event="purchase",
            anonymous_id=f"a{number}",
            occurred_at=NOW - timedelta(days=31 * months),
        )
        for months in months_ago
        for number in range(3)
    ]
    with workspace_scope(workspace.pk):
        make_goal(workspace)
        ingest(source=source, records=records, received_at=NOW)


def counts(workspace: Workspace) -> tuple[int, ...]:
    with workspace_scope(workspace.pk):
        return tuple(
            model.objects.count()
            for model in (Interaction, Visit, Touch, Conversion, TouchpointDay)
        )


def tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'interactions\\_%%\\_20%%' "
            "AND relkind = 'r'"
        )
        return {name for (name,) in cursor.fetchall()}


def test_a_limit_is_whole_months_of_the_workspaces_clock(workspace: Workspace) -> None:
    workspace.interaction_retention_months = 6
    assert limit_of(workspace, NOW) == date(2025, 11, 1)
    workspace.timezone = "Pacific/Auckland"
    assert limit_of(workspace, datetime(2026, 5, 31, 18, tzinfo=UTC)) == date(2025, 12, 1)


def test_a_shorter_limit_goes_in_batches_and_leaves_the_neighbour(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    fill(workspace, 0, 8)
    fill(other_workspace, 0, 8)
    workspace.interaction_retention_months = 6
    batches: list[int] = []
    with workspace_scope(workspace.pk):
        forget_expired(workspace=workspace, now=NOW, at_a_time=2, after_each=batches.append)
        MessageKey.objects.update(seen_on=date(2025, 1, 1))
        forget_expired(workspace=workspace, now=NOW)
        assert not MessageKey.objects.exists()
    assert max(batches) <= 2
    # The sums of the days stay: they hold nobody.
    assert counts(workspace) == (3, 3, 3, 3, 2)
    assert counts(other_workspace) == (6, 6, 6, 6, 2)


def test_months_that_nobody_keeps_go_as_whole_tables(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    fill(workspace, 0, 8, 30)
    before = tables()
    limits = [date(2025, 5, 1), date(2024, 5, 1)]
    dropped = drop_expired_months(limits)
    gone = {name for name in before if name[-7:] < "2024_04"}
    assert set(dropped) == gone
    assert len(gone) >= 3
    assert tables() == before - gone
    assert counts(workspace)[:3] == (6, 6, 6)
    assert drop_expired_months(limits) == []
    # A month that comes again gets its table again.
    fill(other_workspace, 30)
    assert counts(other_workspace)[0] == 3


def test_a_table_that_is_read_is_left_until_tomorrow(workspace: Workspace) -> None:
    fill(workspace, 30)
    parameters = connection.get_connection_params()
    wanted = {name: parameters[name] for name in ("dbname", "user", "host") if name in parameters}
    with connect(**wanted) as reader:
        reader.execute("SELECT count(*) FROM interactions_touch")
        assert [name for name in drop_expired_months([date(2026, 1, 1)]) if "touch_" in name] == []
    assert any("touch_" in name for name in drop_expired_months([date(2026, 1, 1)]))
