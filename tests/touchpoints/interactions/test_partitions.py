from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from tests.touchpoints.make import NOON, make_record, make_source
from touchpoints.interactions.models import Interaction
from touchpoints.interactions.partitions import (
    PARENT,
    ensure_partitions,
    month_after,
    month_of,
    table_of,
)
from touchpoints.interactions.records import EARLIEST, id_at, moment_of
from touchpoints.interactions.services import ingest

moments = st.datetimes(
    min_value=EARLIEST.replace(tzinfo=None),
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - the strategy adds it
    timezones=st.just(UTC),
)


@given(moments)
def test_each_moment_lies_in_exactly_its_month(moment: datetime) -> None:
    month = month_of(moment)
    after = month_after(month)
    assert month <= moment.date() < after
    assert after.day == 1
    assert month_of(moment.astimezone()) == month


@given(moments)
def test_an_id_leads_back_to_its_moment(moment: datetime) -> None:
    found = id_at(moment)
    assert found.version == 7
    back = moment_of(found)
    assert back is not None
    assert abs(back - moment) <= timedelta(milliseconds=1)


@given(moments)
def test_ids_of_one_moment_keep_their_order(moment: datetime) -> None:
    found = [id_at(moment, place) for place in range(20)]
    assert found == sorted(found)
    assert len({moment_of(one) for one in found}) == 1


def test_other_ids_lead_nowhere() -> None:
    assert moment_of(uuid4()) is None


@pytest.mark.django_db
def test_rows_at_the_edges_of_a_month_lie_in_their_table(scope: Workspace) -> None:
    source, _key = make_source(scope)
    edges = [
        datetime(2031, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2032, 1, 1, tzinfo=UTC),
        datetime(2032, 2, 29, 12, tzinfo=UTC),
    ]
    ingest(
        source=source,
        records=[make_record(occurred_at=edge) for edge in edges],
        received_at=datetime(2032, 3, 1, tzinfo=UTC),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM interactions_interaction ORDER BY occurred_at"
        )
        tables = [name for (name,) in cursor.fetchall()]
    assert tables == [table_of(month_of(edge)) for edge in edges]


@pytest.mark.django_db
def test_a_months_table_is_protected_when_it_is_read_directly(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    for one in (workspace, other_workspace):
        source, _key = make_source(one)
        with workspace_scope(one.pk):
            ingest(source=source, records=[make_record("m1")], received_at=NOON)
    query = f"SELECT count(*) FROM {table_of(month_of(NOON))}"
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert cursor.fetchone() == (0,)
        with workspace_scope(workspace.pk):
            cursor.execute(query)
            assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_a_row_of_another_workspace_cannot_be_written(
    scope: Workspace, other_workspace: Workspace
) -> None:
    source, _key = make_source(scope)
    ensure_partitions([month_of(NOON)])
    row = Interaction(
        workspace=other_workspace,
        id=id_at(NOON),
        occurred_at=NOON,
        received_at=NOON,
        source=source,
        kind="track",
        visit_key=uuid4(),
    )
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Interaction.objects.bulk_create([row])


@pytest.mark.django_db(transaction=True)
def test_two_processes_may_make_the_same_month_at_once() -> None:
    months = [date(2041, 5, 1), date(2041, 6, 1)]
    barrier, made, failures = Barrier(4), [], []

    def work() -> None:
        try:
            barrier.wait(timeout=10)
            made.extend(ensure_partitions(months))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    try:
        assert not failures
        assert sorted(made) == months
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass "
                "AND inhrelid::regclass::text LIKE '%%_2041_%%'",
                [PARENT],
            )
            assert cursor.fetchone() == (2,)
    finally:
        with connection.cursor() as cursor:
            for month in months:
                cursor.execute(f"DROP TABLE IF EXISTS {table_of(month)}")
