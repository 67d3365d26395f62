"""A private PostgreSQL: how it starts, what it survives and what it says when it cannot."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cxm.local import cluster as module
from cxm.local.cluster import Cluster
from cxm.local.errors import LocalError
from cxm.local.postmaster import explain
from cxm.local.processes import Identity, Mode, popen, postgres_identity
from tests.cxm.local.instance import PROJECT_DIR, until


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that every account may pass through, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="cxm-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    made = Cluster(folder / "postgres", durable=False)
    yield made
    made.stop()


def one(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data_dir / "postmaster.pid").read_text().split()[0])


def test_it_starts_keeps_its_rows_and_stops(cluster: Cluster) -> None:
    cluster.start()
    assert cluster.running
    cluster.ensure_database()
    url = cluster.url("cxm", "cxm")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    cluster.stop()
    assert not cluster.running
    cluster.start()
    assert one(url, "SELECT number FROM kept") == 7


def test_the_application_cannot_pass_row_level_security(cluster: Cluster) -> None:
    cluster.start()
    cluster.ensure_database()
    cluster.ensure_database()
    with psycopg.connect(cluster.url("cxm", "cxm")) as connection:
        role = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'cxm'"
        ).fetchone()
    assert role == (False, False, False, True)
    assert owner == ("cxm",)


def test_nobody_else_on_the_machine_can_connect(cluster: Cluster) -> None:
    cluster.start()
    assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700
    assert one(cluster.url("postgres", "postgres"), "SHOW listen_addresses") == ""


def test_text_sorts_and_folds_the_same_on_every_machine(cluster: Cluster) -> None:
    cluster.start()
    url = cluster.url("postgres", "postgres")
    assert one(url, "SHOW server_encoding") == "UTF8"
    assert one(url, "SELECT upper('ärger')") == "ÄRGER"
    assert one(url, "SHOW timezone") == "UTC"


def test_only_a_throw_away_cluster_gives_durability_up(folder: Path) -> None:
    for durable, expected in ((True, "on"), (False, "off")):
        cluster = Cluster(folder / f"durable-{durable}", durable=durable)
        cluster.start()
        try:
            url = cluster.url("postgres", "postgres")
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                assert one(url, f"SHOW {setting}") == expected
        finally:
            cluster.stop()


def test_a_start_while_it_runs_uses_the_running_server(cluster: Cluster) -> None:
    cluster.start()
    pid = postmaster(cluster)
    other = Cluster(cluster.data_dir, durable=False)
    other.start()
    assert postmaster(cluster) == pid
    other.stop()
    assert not cluster.running


def test_a_killed_server_starts_again(cluster: Cluster) -> None:
    cluster.start()
    cluster.ensure_database()
    os.kill(postmaster(cluster), signal.SIGKILL)
    assert until(lambda: cluster.poll() == -signal.SIGKILL, 5)
    cluster.start()
    assert one(cluster.url("cxm", "cxm"), "SELECT 1") == 1


def test_a_server_that_somebody_left_is_replaced_when_it_must_die_with_us(cluster: Cluster) -> None:
    Cluster(cluster.data_dir, durable=False).start()
    left = postmaster(cluster)
    cluster.start(die_with_parent=True)
    assert postmaster(cluster) != left
    assert cluster.running


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(folder: Path) -> None:
    cluster = Cluster(folder / ("long" * 30) / "postgres", durable=False)
    assert cluster.socket_dir != cluster.data_dir
    cluster.start()
    try:
        assert one(cluster.url("postgres", "postgres"), "SELECT 1") == 1
        assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700
    finally:
        cluster.stop()
    assert not cluster.socket_dir.exists()


def test_a_path_may_have_spaces_and_signs(folder: Path) -> None:
    cluster = Cluster(folder / "Größe 100 % & more?" / "postgres", durable=False)
    cluster.start()
    try:
        assert one(cluster.url("postgres", "postgres"), "SELECT 1") == 1
    finally:
        cluster.stop()


def test_an_interrupted_first_start_is_begun_again(cluster: Cluster) -> None:
    half_made = cluster.data_dir.with_name("postgres.new")
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    cluster.start()
    assert cluster.running
    assert not half_made.exists()


def test_it_dies_with_the_process_that_started_it(folder: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from cxm.local.cluster import Cluster\n"
        "Cluster(Path(sys.argv[1]), durable=False).start(die_with_parent=True)\n"
        "print('up', flush=True); time.sleep(600)"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", script, str(folder / "postgres")],
        stdout=subprocess.PIPE,
        cwd=PROJECT_DIR,
    )
    try:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"up\n"
        cluster = Cluster(folder / "postgres", durable=False)
        assert cluster.running
    finally:
        starter.kill()
        starter.communicate()
    assert until(lambda: not (folder / "postgres/postmaster.pid").exists(), 5)


def test_it_runs_as_an_ordinary_user(folder: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from cxm.local.cluster import Cluster\n"
        "c = Cluster(Path(sys.argv[1]), durable=False); c.start(die_with_parent=True)\n"
        "c.ensure_database(); print(os.geteuid() != 0, c.running); c.stop()"
    )
    # For root: in a user namespace, where it has another number and none of its powers.
    process = popen(
        [sys.executable, "-c", script, str(folder / "postgres")],
        identity=postgres_identity(),
        output=subprocess.PIPE,
        cwd=PROJECT_DIR,
    )
    assert process.communicate()[0].decode() == "True True\n"


def test_root_without_user_namespaces_hands_the_files_to_an_account(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = postgres_identity()
    account = Identity(Mode.ACCOUNT if os.geteuid() == 0 else Mode.PLAIN, usual.uid, usual.gid)
    monkeypatch.setattr(module, "postgres_identity", lambda: account)
    cluster = Cluster(folder / "postgres", durable=False)
    cluster.start()
    try:
        assert one(cluster.url("postgres", "postgres"), "SELECT 1") == 1
        assert cluster.data_dir.stat().st_uid == account.uid
    finally:
        cluster.stop()


def test_data_of_another_version_are_left_alone(cluster: Cluster) -> None:
    cluster.data_dir.mkdir()
    (cluster.data_dir / "PG_VERSION").write_text("14\n")
    with pytest.raises(LocalError, match="was made by PostgreSQL 14, but this is PostgreSQL"):
        cluster.start()
    assert [path.name for path in cluster.data_dir.iterdir()] == ["PG_VERSION"]


def test_a_folder_with_other_files_is_left_alone(cluster: Cluster) -> None:
    cluster.data_dir.mkdir()
    (cluster.data_dir / "thesis.txt").write_text("mine")
    with pytest.raises(LocalError, match="holds other files"):
        cluster.start()
    assert (cluster.data_dir / "thesis.txt").read_text() == "mine"


def test_a_full_disk_is_said_before_anything_is_written(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(cluster.data_dir.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1024 * 1024))
    with pytest.raises(LocalError, match=r"is full: 1 MB are free, PostgreSQL needs \d+ MB"):
        cluster.start()
    assert not cluster.data_dir.exists()


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            'running bootstrap script ... FATAL:  could not write to file "pg_wal/xlogtemp.29":'
            " No space left on device\nchild process exited with exit code 1",
            "The disk that holds /data is full.",
        ),
        (
            'PANIC:  could not write to file "pg_wal/xlogtemp.9": No space left on device',
            "The disk that holds /data is full.",
        ),
        (
            'initdb: error: could not access directory "/data": Permission denied',
            "PostgreSQL may not use /data: check the owner and mode of it and of the folders "
            "above.",
        ),
        (
            "FATAL:  database files are incompatible with server",
            "/data was made by another version of PostgreSQL: choose another data directory.",
        ),
        (
            'LOG:  starting\nFATAL:  unrecognized configuration parameter "x"\nLOG:  bye',
            'PostgreSQL did not start: FATAL:  unrecognized configuration parameter "x"',
        ),
        ("", "PostgreSQL did not start: it said nothing"),
    ],
)
def test_what_the_server_says_becomes_one_line(output: str, expected: str) -> None:
    assert explain(output, Path("/data")) == expected
