"""What runs and what does not."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from cxm.common.clock import now
from cxm.health.models import Heartbeat

logger = logging.getLogger(__name__)

CANARY = "cxm.health.tasks.canary"
WEB = "web"
BEAT = "beat"
CANARY_EVERY = timedelta(seconds=5)
WORKER_SILENT = timedelta(seconds=45)
BEAT_SILENT = timedelta(seconds=90)


@dataclass(frozen=True)
class Part:
    """One part of the system: green or red, with a sentence for the reader."""

    name: str
    ok: bool
    detail: str


class _Migrations:
    """Remembers that nothing was left to migrate: code and database only move apart at deploys."""

    complete = False


def readiness() -> list[Part]:
    """Check the database, migrations, broker, worker and beat.

    The worker is green when it received a canary lately, from whichever sender: this process
    sends one at most every five seconds, beat sends its own. Beat is green when its own came.
    """
    database = _database()
    if not database.ok:
        unknown = "not known while the database is away"
        return [database] + [Part(n, False, unknown) for n in ("migrations", "worker", "beat")]
    migrations = _migrations()
    if not migrations.ok:
        unknown = "not known before the migrations have run"
        return [database, migrations] + [Part(n, False, unknown) for n in ("worker", "beat")]
    beats = {b.name: b for b in Heartbeat.objects.filter(name__in=[WEB, BEAT])}
    broker = _broker(beats.get(WEB))
    received = [b.received_at for b in beats.values() if b.received_at]
    beat = beats.get(BEAT)
    return [
        database,
        migrations,
        broker,
        _lately("worker", max(received, default=None), WORKER_SILENT),
        _lately("beat", beat.received_at if beat else None, BEAT_SILENT),
    ]


def _database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            )
            row = cursor.fetchone()
    except DatabaseError as error:
        return Part("database", False, str(error).strip().splitlines()[0])
    if row and row[0]:
        return Part(
            "database",
            False,
            "connected as a role that bypasses row-level security; use an ordinary role",
        )
    return Part("database", True, "answers")


def _migrations() -> Part:
    if not _Migrations.complete:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            return Part("migrations", False, f"{len(plan)} not applied; run manage.py migrate")
        _Migrations.complete = True
    return Part("migrations", True, "all applied")


def _broker(last: Heartbeat | None) -> Part:
    moment = now()
    if last is not None and last.sent_at is not None and moment - last.sent_at < CANARY_EVERY:
        return Part("broker", True, "took a canary just now")
    try:
        with current_app.connection_for_write(connect_timeout=3) as broker:
            current_app.send_task(CANARY, (WEB,), connection=broker, retry=False, expires=60)
    except Exception as error:
        logger.warning("The broker takes no message: %s", error)
        return Part("broker", False, (str(error).strip().splitlines() or ["no answer"])[0])
    Heartbeat.objects.update_or_create(name=WEB, defaults={"sent_at": moment})
    return Part("broker", True, "took a canary")


def _lately(name: str, seen: datetime | None, limit: timedelta) -> Part:
    if seen is None:
        return Part(name, False, "no canary has come through yet")
    age = now() - seen
    return Part(name, age < limit, f"last canary {max(age.total_seconds(), 0):.0f} s ago")
