"""The message queue in PostgreSQL."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.utils.module_loading import import_string

from cxm.local.broker import install_broker, release_messages
from cxm.local.cluster import Cluster
from tests.cxm.local.instance import until


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("a path with spaces") / "postgres")
    made.start(die_with_parent=True)
    made.ensure_database()
    yield made
    made.stop()


@pytest.fixture
def dsn(cluster: Cluster) -> str:
    url = cluster.url("cxm", "cxm")
    install_broker(url)
    return url


@pytest.fixture
def connection(dsn: str) -> Iterator[Any]:
    options = {
        "conn_string": dsn,
        "visibility_timeout": 300,
        "use_notify": True,
        "notify_throttle_interval_ms": 20,
        "wait_time_seconds": 0,
        "polling_interval": 1,
        "init_extension": False,
    }
    connect: Any = import_string("kombu.Connection")  # kombu brings no types
    with connect(
        "pgmq://", transport="cxm.local.pgmq_transport:Transport", transport_options=options
    ) as made:
        yield made


def test_it_is_installed_once_by_the_application_itself(cluster: Cluster) -> None:
    cluster.drop_database("fresh")
    cluster.ensure_database("fresh")
    url = cluster.url("fresh", "cxm")
    assert install_broker(url) is True
    assert install_broker(url) is False
    with psycopg.connect(url) as session:
        owner = session.execute(
            "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'pgmq'"
        ).fetchone()
    assert owner == ("cxm",)


def test_a_message_goes_through_a_socket_in_a_folder_with_spaces(connection: Any) -> None:
    with connection.SimpleQueue("through") as queue:
        queue.put({"id": 1})
        message = queue.get(timeout=5)
        assert message.payload == {"id": 1}
        message.ack()


def test_messages_of_dead_workers_are_due_at_once_and_waiting_ones_stay(
    connection: Any, dsn: str
) -> None:
    with connection.SimpleQueue("released") as queue:
        queue.put({"id": 1})
        queue.put({"id": 2})
    release_messages(dsn)  # what other tests have taken
    with psycopg.connect(dsn) as session:
        # A worker takes both and dies; a third message waits for its time.
        taken = session.execute("SELECT pgmq.read('released', 300, 2)").fetchall()
        assert len(taken) == 2
        session.execute("SELECT pgmq.send('released', '{}', 600)")
    assert release_messages(dsn) == 2
    with psycopg.connect(dsn) as session:
        due = session.execute(
            "SELECT count(*) FROM pgmq.q_released WHERE vt <= clock_timestamp()"
        ).fetchone()
    assert due == (2,)
    assert release_messages(dsn) == 0


def test_a_restarted_server_costs_no_message(connection: Any, cluster: Cluster) -> None:
    with connection.SimpleQueue("surviving") as queue:
        queue.put({"id": 1})
        postmaster = int((cluster.data_dir / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        assert until(lambda: cluster.poll() is not None, 5)
        cluster.start(die_with_parent=True)
        queue.put({"id": 2})
        received = [queue.get(timeout=5).payload["id"] for _ in range(2)]
    assert received == [1, 2]
