"""The Celery doors walk the workspaces."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.management import call_command

from cxm.common.scope import workspace_scope
from cxm.kpis import registry, tasks
from cxm.kpis.models import Measurement, StaleDay
from cxm.workspaces.models import Workspace
from tests.cxm.kpis.make import CHECKOUT, DELIVERY, NOW, TODAY, Answer, Facts


def test_every_workspace_is_scored(
    workspace: Workspace, other_workspace: Workspace, facts: Facts
) -> None:
    for each in (workspace, other_workspace):
        with workspace_scope(each.pk):
            facts.add(Answer(DELIVERY, TODAY, 10))
    with time_machine.travel(NOW, tick=False):
        tasks.score_due()
    for each in (workspace, other_workspace):
        with workspace_scope(each.pk):
            assert Measurement.objects.filter(metric="nps", window="90d").exists()
            assert not StaleDay.objects.exists()


def test_the_tidying_task_removes_orphans_and_scores(workspace: Workspace, facts: Facts) -> None:
    with workspace_scope(workspace.pk):
        facts.add(Answer(DELIVERY, TODAY, 10), Answer(CHECKOUT, TODAY, 10))
    with time_machine.travel(NOW, tick=False):
        tasks.score_due()
        del registry.subject_kinds["touchpoint"]
        registry.subject(key="touchpoint", title="T")(lambda: {CHECKOUT: "Checkout"})
        tasks.remeasure_all()
    with workspace_scope(workspace.pk):
        left = Measurement.objects.filter(subject_kind="touchpoint")
        assert set(left.values_list("subject_id", flat=True)) == {CHECKOUT}


def test_a_workspace_that_fails_does_not_stop_the_others(
    workspace: Workspace, other_workspace: Workspace, facts: Facts
) -> None:
    for each in (workspace, other_workspace):
        with workspace_scope(each.pk):
            facts.add(Answer(DELIVERY, TODAY, 10))
    del registry.metrics["nps"]

    def compute(days: set[date]) -> list[registry.Tally]:
        if registry.subject_kinds["workspace"].names().keys() == {workspace.pk}:
            raise RuntimeError("broken")
        return [registry.Tally(subject_kind="touchpoint", subject_id=DELIVERY, day=TODAY, n=1)]

    registry.metric(
        key="nps", title="NPS", unit="points", kind="nps", subjects=("touchpoint",),
        feed="answers", minimum="answers",
    )(compute)  # fmt: skip
    with time_machine.travel(NOW, tick=False), pytest.raises(RuntimeError, match="broken"):
        tasks.score_due()
    with workspace_scope(other_workspace.pk):
        assert Measurement.objects.exists()
    with workspace_scope(workspace.pk):
        assert StaleDay.objects.count() == 1


def test_the_command_recomputes_a_workspace(
    workspace: Workspace, facts: Facts, capsys: pytest.CaptureFixture[str]
) -> None:
    facts.answers.append(Answer(DELIVERY, TODAY, 10))
    with time_machine.travel(NOW, tick=False):
        call_command("recompute_scores", workspace=workspace.slug)
    assert capsys.readouterr().out.startswith("1 days, 2 tallies, ")
