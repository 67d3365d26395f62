"""From facts to measurements, in steps and from scratch."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from cxm.common import statistics
from cxm.common.scope import workspace_scope
from cxm.kpis import registry, services, tallies
from cxm.kpis.models import DailyTally, Measurement, ScoreState, StaleDay
from cxm.workspaces.models import Workspace
from tests.cxm.kpis.make import (
    CHECKOUT,
    DELIVERY,
    NOW,
    TODAY,
    Answer,
    Facts,
    Visit,
    everything,
    score,
)
from tests.make import make_workspace

Z = statistics.z_for(0.95)


def one(metric: str, window: str = "90d", **lookup: Any) -> Measurement:
    lookup = {"subject_id": DELIVERY, "dimension": "", "back": 0, **lookup}
    return Measurement.objects.get(metric=metric, window=window, **lookup)


def answers(
    touchpoint: Any, promoters: int, passives: int, detractors: int, day: date
) -> list[Any]:
    scores = [9] * promoters + [7] * passives + [0] * detractors
    return [Answer(touchpoint, day, nps) for nps in scores]


def test_nps_of_a_window_is_that_of_its_answers(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 50, 30, 20, TODAY - timedelta(days=89)))
    facts.add(*answers(DELIVERY, 0, 0, 40, TODAY - timedelta(days=90)))
    score(scope)
    found = one("nps")
    assert (found.value, found.n, found.start, found.end) == (
        30, 100, date(2026, 8, 25), TODAY,
    )  # fmt: skip
    assert (found.low, found.high) == pytest.approx((14.051, 44.201), abs=1e-3)
    assert (found.successes, found.failures) == (50, 20)
    before = one("nps", back=1)
    assert (before.value, before.n, before.end) == (-100, 40, date(2026, 8, 24))
    everybody = one("nps", "all")
    assert (everybody.n, everybody.start) == (140, date(2026, 8, 24))


def test_relational_and_transactional_answers_are_never_pooled(
    scope: Workspace, facts: Facts
) -> None:
    facts.add(*answers(DELIVERY, 0, 0, 40, TODAY), *answers(None, 40, 0, 0, TODAY))
    score(scope)
    assert one("nps").value == -100
    assert one("nps", subject_id=scope.pk).value == 100
    # The workspace's satisfaction is rolled up from touchpoints, not mixed with its own NPS.
    assert one("satisfaction", subject_id=scope.pk).n == 80


def test_slices_are_measured_beside_the_whole(scope: Workspace, facts: Facts) -> None:
    facts.add(*[Visit(CHECKOUT, TODAY, bought=i < 3, visitor="New") for i in range(10)])
    facts.add(*[Visit(CHECKOUT, TODAY, bought=i < 9, visitor="Back") for i in range(10)])
    score(scope)
    whole = one("success", subject_id=CHECKOUT)
    sliced = one("success", subject_id=CHECKOUT, dimension="visitor_type", dimension_value="Back")
    assert (whole.value, whole.n, whole.successes) == (60, 20, 12)
    assert (sliced.value, sliced.n) == (90, 10)
    assert not Measurement.objects.filter(window="15d").exclude(dimension="").exists()


def test_count_and_mean_keep_their_sums(scope: Workspace, facts: Facts) -> None:
    facts.add(*[Visit(CHECKOUT, TODAY, seconds=0.1 * i) for i in range(100)])
    score(scope)
    dwell = one("dwell", subject_id=CHECKOUT)
    assert float(dwell.total) == pytest.approx(495.0)
    assert dwell.value == pytest.approx(4.95)
    visits = one("visits", subject_id=CHECKOUT)
    assert (visits.value, visits.low, visits.high) == (100, None, None)


def test_scoring_again_changes_nothing(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 50, 30, 20, TODAY))
    first = score(scope)
    assert first.days == 1
    assert first.tallies == 2
    assert first.measurements > 0
    ids = set(Measurement.objects.values_list("id", "updated_at"))
    assert score(scope) == services.ScoreResult()
    with transaction.atomic():
        services.mark_stale("answers", [TODAY])
    again = score(scope)
    assert (again.days, again.tallies, again.measurements) == (1, 0, 0)
    assert set(Measurement.objects.values_list("id", "updated_at")) == ids


def test_a_quiet_second_costs_few_queries(
    scope: Workspace, facts: Facts, django_assert_max_num_queries: Any
) -> None:
    facts.add(*answers(DELIVERY, 50, 30, 20, TODAY))
    score(scope)
    with django_assert_max_num_queries(6):
        score(scope)


def test_facts_that_are_taken_back_leave_no_trace(scope: Workspace, facts: Facts) -> None:
    kept, gone = answers(DELIVERY, 30, 10, 0, TODAY), answers(CHECKOUT, 20, 10, 10, TODAY)
    facts.add(*kept)
    score(scope)
    before = everything()
    facts.add(*gone)
    score(scope)
    assert Measurement.objects.filter(subject_id=CHECKOUT).exists()
    facts.remove(*gone)
    score(scope)
    assert everything() == before


def test_the_day_turns_without_new_facts(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 40, 0, 0, TODAY - timedelta(days=29)))
    score(scope)
    assert one("nps", "30d").n == 40
    assert score(scope, NOW + timedelta(days=1)).measurements > 0
    assert not Measurement.objects.filter(metric="nps", window="30d", back=0).exists()
    assert one("nps", "30d", back=1).n == 40


def test_the_day_is_that_of_the_workspace(scope: Workspace, facts: Facts) -> None:
    scope.timezone = "Pacific/Auckland"
    scope.save()
    facts.add(*answers(DELIVERY, 40, 0, 0, TODAY))
    score(scope, NOW + timedelta(hours=4))
    assert ScoreState.objects.get().measured_on == TODAY + timedelta(days=1)


def test_other_rules_measure_everything_again(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 50, 30, 20, TODAY))
    score(scope)
    scope.confidence = 0.99
    scope.save()
    score(scope)
    assert one("nps").low == pytest.approx(statistics.nps(50, 30, 20, statistics.z_for(0.99)).low)


def test_another_timezone_starts_from_scratch(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 50, 30, 20, TODAY))
    score(scope)
    facts.answers.append(Answer(DELIVERY, TODAY - timedelta(days=1), 10))
    scope.timezone = "Europe/Copenhagen"
    scope.save()
    score(scope)
    assert one("nps").n == 101


def test_recompute_finds_what_was_never_noted(scope: Workspace, facts: Facts) -> None:
    facts.answers.extend(answers(DELIVERY, 50, 30, 20, TODAY))
    result = services.recompute(workspace=scope, now=NOW)
    assert result.days == 1
    assert one("nps").value == 30


def test_a_crash_leaves_everything_for_the_next_run(
    scope: Workspace, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts.add(*answers(DELIVERY, 50, 30, 20, TODAY))

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(services, "_note_state", fail)
        with pytest.raises(RuntimeError, match="power cut"):
            score(scope)
    assert StaleDay.objects.count() == 1
    assert not DailyTally.objects.exists()
    assert not Measurement.objects.exists()
    score(scope)
    assert StaleDay.objects.count() == 0
    assert one("nps").value == 30


def test_a_long_import_is_taken_in_portions(
    scope: Workspace, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts.add(*[Answer(DELIVERY, TODAY - timedelta(days=d), 10) for d in range(5)])
    monkeypatch.setattr(services, "MOST_DAYS", 2)
    seen = [score(scope) for _ in range(3)]
    assert [(result.days, result.more) for result in seen] == [(2, True), (2, True), (1, False)]
    assert one("nps").n == 5


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        ({"day": TODAY + timedelta(days=1)}, "not asked for"),
        ({"subject_kind": "stage"}, "not among its subjects"),
        ({"n": -1}, "negative number"),
        ({"successes": 4}, "more successes"),
        ({"dimension_value": "New"}, "without a dimension"),
    ],
)
def test_a_tally_that_cannot_be_true_is_refused(
    scope: Workspace, facts: Facts, tally: dict[str, Any], words: str
) -> None:
    values = {"subject_kind": "touchpoint", "subject_id": DELIVERY, "day": TODAY, "n": 3, **tally}
    del registry.metrics["nps"]
    registry.metric(
        key="nps", title="NPS", unit="points", kind="nps", subjects=("touchpoint",),
        feed="answers", minimum="answers",
    )(lambda days: [registry.Tally(**values)])  # fmt: skip
    with transaction.atomic():
        services.mark_stale("answers", [TODAY])
    with pytest.raises(tallies.BadTallyError, match=words):
        score(scope)
    assert StaleDay.objects.count() == 1


def test_two_tallies_of_one_day_are_refused(scope: Workspace, facts: Facts) -> None:
    facts.add(Answer(DELIVERY, TODAY, 10))
    twice = facts.nps({TODAY}) * 2
    del registry.metrics["nps"]
    registry.metric(
        key="nps", title="NPS", unit="points", kind="nps", subjects=("touchpoint",),
        feed="answers", minimum="answers",
    )(lambda days: twice)  # fmt: skip
    with pytest.raises(tallies.BadTallyError, match="two tallies"):
        score(scope)


def test_marking_needs_a_scope_a_transaction_and_a_feed(
    facts: Facts, transactional_db: None
) -> None:
    workspace = make_workspace()
    with pytest.raises(services.NoScopeError, match="No workspace"):
        services.mark_stale("answers", [TODAY])
    with workspace_scope(workspace.pk):
        with pytest.raises(services.NoScopeError, match="in the transaction"):
            services.mark_stale("answers", [TODAY])
        with transaction.atomic(), pytest.raises(registry.UnknownEntryError, match="rumours"):
            services.mark_stale("rumours", [TODAY])
        with transaction.atomic():
            services.mark_stale("answers", [TODAY, TODAY])
        assert StaleDay.objects.count() == 1


def test_two_scorers_never_work_on_one_workspace_at_once(
    facts: Facts, transactional_db: None
) -> None:
    workspace = make_workspace()
    with workspace_scope(workspace.pk):
        facts.add(*answers(DELIVERY, 50, 30, 20, TODAY))
    results: list[services.ScoreResult] = []

    def other() -> None:
        try:
            with workspace_scope(workspace.pk):
                results.append(score(workspace))
        finally:
            connection.close()

    with workspace_scope(workspace.pk), transaction.atomic():
        score(workspace)
        second = threading.Thread(target=other)
        second.start()
        second.join(timeout=20)
        assert [result.busy for result in results] == [True]
    with workspace_scope(workspace.pk):
        assert one("nps").value == 30
        assert StaleDay.objects.count() == 0


def test_facts_noted_while_a_scoring_runs_are_scored_next(
    facts: Facts, transactional_db: None
) -> None:
    """The note is a row of its own: the running scorer deletes only the rows it read."""
    workspace = make_workspace()
    original = facts.nps
    with workspace_scope(workspace.pk):
        facts.add(*answers(DELIVERY, 50, 30, 20, TODAY))

    def arrive() -> None:
        try:
            with workspace_scope(workspace.pk):
                facts.add(*answers(DELIVERY, 0, 0, 100, TODAY))
        finally:
            connection.close()

    def interrupted(days: set[date]) -> list[registry.Tally]:
        found = original(days)
        late = threading.Thread(target=arrive)
        late.start()
        late.join(timeout=20)
        return found

    entry = registry.metrics["nps"]
    registry.metrics["nps"] = _with_compute(entry, interrupted)
    with workspace_scope(workspace.pk):
        score(workspace)
        assert one("nps").n == 100
        assert StaleDay.objects.count() == 1
        registry.metrics["nps"] = entry
        score(workspace)
        assert one("nps").n == 200
        assert StaleDay.objects.count() == 0


def _with_compute(entry: registry.Metric, compute: registry.TallyFunction) -> registry.Metric:
    values = {name: getattr(entry, name) for name in entry.__slots__}
    return registry.Metric(**{**values, "compute": compute})


def test_workspaces_do_not_see_each_other(
    scope: Workspace, other_workspace: Workspace, facts: Facts
) -> None:
    facts.add(*answers(DELIVERY, 50, 30, 20, TODAY))
    score(scope)
    with workspace_scope(other_workspace.pk):
        assert not Measurement.objects.exists()
        assert not DailyTally.objects.exists()
        assert score(other_workspace) == services.ScoreResult()
    assert one("nps").value == 30


def test_what_is_about_a_subject_that_is_gone_is_removed(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 50, 30, 20, TODAY), *answers(CHECKOUT, 30, 0, 0, TODAY))
    score(scope)
    del registry.subject_kinds["touchpoint"]
    registry.subject(key="touchpoint", title="T")(lambda: {CHECKOUT: "Checkout"})
    assert services.remove_orphans(workspace=scope) > 0
    assert not Measurement.objects.filter(subject_id=DELIVERY).exists()
    assert one("nps", subject_id=CHECKOUT).value == 100
    score(scope)
    assert one("satisfaction", subject_id=scope.pk).n == 60
    assert services.remove_orphans(workspace=scope) == 0
