"""The promise of the scoring: figures do not depend on the steps in which they came about."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cxm.common.scope import workspace_scope
from cxm.kpis import registry, services
from tests.cxm.kpis.make import (
    CHECKOUT,
    DELIVERY,
    NOW,
    TODAY,
    Answer,
    Facts,
    Visit,
    everything,
    make_kpi,
    make_target,
    score,
)
from tests.make import make_workspace

DAYS = st.integers(0, 400).map(lambda back: TODAY - timedelta(days=back))
PLACES = st.sampled_from([CHECKOUT, DELIVERY])
ANSWERS = st.builds(
    Answer, st.sampled_from([CHECKOUT, DELIVERY, None]), DAYS, st.integers(0, 10),
    st.integers(1, 5), st.sampled_from(["", "North", "South"]),
)  # fmt: skip
VISITS = st.builds(
    Visit, PLACES, DAYS, st.integers(1, 9), st.floats(0, 5000),
    st.sampled_from([None, True, False]), st.sampled_from(["New", "Back"]),
)  # fmt: skip
BATCH = st.tuples(
    st.lists(st.one_of(ANSWERS, VISITS), min_size=1, max_size=25),
    st.integers(0, 3),
    st.integers(0, 2),
)


@settings(
    max_examples=15,
    deadline=None,
    # Each try scores several times on a database: shrinking would take longer than reading.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(BATCH, min_size=1, max_size=5))
def test_scoring_in_steps_equals_scoring_from_scratch(
    db: None, facts: Facts, batches: list[tuple[list[Answer | Visit], int, int]]
) -> None:
    """Whatever arrives in whatever order, is taken back, or waits for the day to turn."""
    facts.answers.clear()
    facts.visits.clear()
    workspace = make_workspace(min_answers=3, min_visits=3)
    with workspace_scope(workspace.pk):
        make_target(make_kpi(workspace), 20)
        make_target(make_kpi(workspace, metric="visits", name="Visits"), 90, period="month")
        make_target(make_kpi(workspace, metric="satisfaction", name="Satisfaction"), 70)
        north = make_kpi(workspace, name="North", dimension="segment", dimension_value="North")
        make_target(north, 30, period="quarter")
        services.set_components(
            subject=registry.Subject("touchpoint", CHECKOUT),
            components=[
                services.ComponentSpec("views", 0, 6, 0.7),
                services.ComponentSpec("dwell", 3000, 20, 0.3),
            ],
        )
        moment = NOW
        for arriving, taken_back, days_later in batches:
            facts.add(*arriving)
            score(workspace, moment)
            facts.remove(*arriving[:taken_back])
            moment += timedelta(days=days_later)
            score(workspace, moment)
        stepwise = everything()
        services.recompute(workspace=workspace, now=moment)
        assert everything() == stepwise
