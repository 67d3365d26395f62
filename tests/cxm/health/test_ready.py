"""Readiness tells the truth about each part."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cxm.common.clock import now
from cxm.health.models import Heartbeat
from cxm.health.tasks import canary


def test_live_needs_no_database(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}


@pytest.mark.django_db
def test_without_worker_and_beat_the_site_is_not_ready(client: Client) -> None:
    response = client.get("/health/ready")
    checks = response.json()["checks"]
    assert response.status_code == 503
    assert checks["database"]["status"] == "ok"
    assert checks["migrations"]["status"] == "ok"
    assert checks["worker"]["status"] == checks["beat"]["status"] == "failed"


@pytest.mark.django_db
def test_canaries_that_came_through_make_it_ready(client: Client) -> None:
    canary("web")
    canary("beat")
    Heartbeat.objects.filter(name="web").update(sent_at=now())
    response = client.get("/health/ready")
    assert response.status_code == 200, response.json()


@pytest.mark.django_db
def test_an_old_canary_counts_for_nothing(client: Client) -> None:
    Heartbeat.objects.create(name="web", sent_at=now(), received_at=now())
    Heartbeat.objects.create(name="beat", received_at=now() - timedelta(minutes=5))
    checks = client.get("/health/ready").json()["checks"]
    assert checks["worker"]["status"] == "ok"
    assert checks["beat"]["status"] == "failed"
