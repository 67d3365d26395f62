"""The demo comes through the doors of real data, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cxm.common.scope import workspace_scope
from cxm.kpis.models import DailyTally
from cxm.kpis.reports import figures
from cxm.kpis.services import recompute
from cxm.workspaces.models import User, Workspace
from demo import services, story
from demo.generator import generate
from demo.services import load_demo
from surveys.responses.models import Response
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions.models import Interaction, Quarantined
from touchpoints.interactions.records import CLICKED, PAGE_LEFT

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
SMALL: dict[str, Any] = {"days": 42, "scale": 0.08}


def load() -> Workspace:
    """Load a small demo."""
    return load_demo(now=NOW, email="ida@example.com", password="a cup at eight", **SMALL)


def test_all_that_was_made_up_arrives() -> None:
    history = generate(today=NOW.date(), **SMALL)
    workspace = load()
    with workspace_scope(workspace.pk):
        came = Interaction.objects.exclude(event__in=(CLICKED, PAGE_LEFT))
        assert came.count() == len(history.contacts)
        # Heat maps have something to draw, within the visits that are there.
        assert Interaction.objects.filter(event=CLICKED).exists()
        assert not Quarantined.objects.exists()
        assert Response.objects.count() == len(history.opinions)


def test_scores_equal_those_worked_out_from_scratch_and_by_hand() -> None:
    workspace = load()
    history = generate(today=NOW.date(), **SMALL)
    with workspace_scope(workspace.pk):
        parcel = Touchpoint.objects.get(key=story.PARCEL)
        score = figures("touchpoint", [parcel.pk], ["nps"], "365d")[parcel.pk, "nps"]
        said = [o.score for o in history.opinions if o.place == story.PARCEL]
        balance = sum((s >= 9) - (s <= 6) for s in said)
        assert score.figure.n == len(said) > 0
        assert score.figure.value == pytest.approx(100 * balance / len(said))
        before = list(DailyTally.objects.order_by("pk").values())
        recompute(workspace=workspace, now=NOW)
        assert list(DailyTally.objects.order_by("pk").values()) == before


def test_home_and_pages_show_it(client_for: Callable[[User], Client]) -> None:
    load()
    client = client_for(User.objects.get(email="ida@example.com"))
    for url in ("/admin/", "/app/journeys/", "/app/kpis/", "/app/results/", "/app/interactions/"):
        response = client.get(url, follow=True)
        assert response.status_code == 200, url
    assert "Brightwater Coffee" in client.get("/admin/").content.decode()


def test_a_load_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(services, "score_workspace", fail)
    with pytest.raises(RuntimeError):
        load()
    monkeypatch.undo()
    assert load().name == story.NAME


def test_loading_twice_is_refused_with_a_sentence() -> None:
    load()
    with pytest.raises(CommandError, match="taken"):
        call_command("load_demo")
    call_command("load_demo", "--if-empty")
