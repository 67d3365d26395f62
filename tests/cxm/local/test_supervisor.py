"""What `manage.py up` promises about its processes, with programs that cost nothing to start."""

from __future__ import annotations

import os
import signal
import socket
import stat
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cxm.local.instance import Instance, free_port, process_like, processes_of, until

WORKER = "SIG_IGN"


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    running = Instance(tmp_path / "data", free_port())
    try:
        running.wait_for("Stop     Ctrl-C")
        yield running
    finally:
        running.end()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_the_announcement_says_where_everything_is(instance: Instance) -> None:
    assert f"http://127.0.0.1:{instance.port}/" in instance.text
    assert "/app/outbox/" in instance.text
    assert str(instance.data_dir / "outbox") in instance.text
    assert answers(instance.port)


def test_the_secret_is_made_once_and_private(instance: Instance) -> None:
    path = instance.data_dir / "secret_key"
    first = path.read_text()
    assert len(first.strip()) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    instance.stop()

    again = Instance(instance.data_dir, instance.port)
    try:
        again.wait_for("READY")
        assert path.read_text() == first
    finally:
        again.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_to_stop_stops_everything_within_ten_seconds(
    instance: Instance, number: signal.Signals
) -> None:
    assert instance.stop(number) < 10
    assert instance.process.returncode == 0
    assert processes_of(instance.data_dir) == {}


def test_killing_the_command_leaves_no_process(instance: Instance) -> None:
    assert len(processes_of(instance.data_dir)) > 5
    os.kill(instance.process.pid, signal.SIGKILL)
    assert until(lambda: not processes_of(instance.data_dir), 10), processes_of(instance.data_dir)


def test_killing_the_supervisor_behind_it_leaves_no_process(instance: Instance) -> None:
    supervisor = next(
        pid
        for pid, command in processes_of(instance.data_dir).items()
        if "cheap_supervisor" in command and "keeper" not in command
    )
    os.kill(supervisor, signal.SIGKILL)
    assert instance.process.wait(timeout=10) == 1
    assert processes_of(instance.data_dir) == {}


def test_after_a_kill_the_next_start_takes_over_at_once(instance: Instance) -> None:
    os.kill(instance.process.pid, signal.SIGKILL)
    again = Instance(instance.data_dir, instance.port)
    try:
        again.wait_for("READY")
        assert answers(instance.port)
    finally:
        again.end()


def test_a_program_that_dies_is_started_again(instance: Instance) -> None:
    killed = process_like(instance.data_dir, "BaseHTTPRequestHandler")
    os.kill(killed, signal.SIGKILL)
    instance.wait_for("web was ended by SIGKILL; starting it again")
    assert until(lambda: answers(instance.port), 10)
    assert process_like(instance.data_dir, "BaseHTTPRequestHandler") != killed


def test_what_a_dead_program_had_started_goes_with_it(instance: Instance) -> None:
    def workers() -> dict[int, str]:
        return {p: c for p, c in processes_of(instance.data_dir).items() if WORKER in c}

    assert until(lambda: len(workers()) == 2, 5)
    before = set(workers())
    os.kill(min(before), signal.SIGKILL)
    instance.wait_for("worker was ended by SIGKILL")
    assert until(lambda: len(workers()) == 2 and not before & set(workers()), 10)


def test_a_killed_database_comes_back(instance: Instance) -> None:
    postmaster = int((instance.data_dir / "postgres/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    instance.wait_for("PostgreSQL was ended by SIGKILL")
    instance.wait_for("PostgreSQL is back")


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = Instance(tmp_path / "data", port)
        assert refused.process.wait(timeout=20) == 1
    assert refused.text == (
        f"Port {port} on 127.0.0.1 is taken by another program: choose another with --port.\n"
    )
    assert not (tmp_path / "data/postgres").exists()


def test_a_second_instance_is_one_clear_line(instance: Instance) -> None:
    refused = Instance(instance.data_dir, free_port(), output="second.out")
    assert refused.process.wait(timeout=20) == 1
    assert "is in use by another instance (process " in refused.text
    assert len(refused.text.splitlines()) == 1
    assert answers(instance.port)


def test_data_of_another_version_is_one_clear_line(tmp_path: Path) -> None:
    cluster = tmp_path / "data/postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("13\n")
    refused = Instance(tmp_path / "data", free_port())
    assert refused.process.wait(timeout=20) == 1
    assert "was made by PostgreSQL 13, but this is PostgreSQL" in refused.text
    assert len(refused.text.splitlines()) == 1


def test_a_data_directory_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    refused = Instance(tmp_path / "data", free_port())
    assert refused.process.wait(timeout=20) == 1
    assert "cannot be used" in refused.text
    assert len(refused.text.splitlines()) == 1
