"""Phase models are data: what a workspace starts with, and what the former words became."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from cxm.workspaces.services import create_workspace
from tests.make import make_user
from touchpoints.catalogue.models import Phase, PhaseModel
from touchpoints.catalogue.services import create_default_phases, phases_by_key

BEFORE = ("catalogue", "0001_initial")


@pytest.mark.django_db
def test_a_new_workspace_has_three_phase_models() -> None:
    workspace = create_workspace(name="New shop", owner=make_user())
    with workspace_scope(workspace.pk):
        found = {
            model.key: [phase.key for phase in model.phases.all()]
            for model in PhaseModel.objects.all()
        }
        assert PhaseModel.objects.get(is_default=True).key == "customer-lifecycle"
        assert PhaseModel.objects.get(is_cycle=True).key == "loyalty-loop"
    assert found == {
        "customer-lifecycle": [
            "awareness", "consideration", "purchase", "delivery", "use", "loyalty",
        ],
        "decision": ["awareness", "consideration", "decision", "deployment"],
        "loyalty-loop": [
            "awareness", "favourability", "consideration", "conversion", "loyalty",
        ],
    }  # fmt: skip


@pytest.mark.django_db
def test_what_is_there_stays(scope: Workspace) -> None:
    mine = PhaseModel.objects.create(key="decision", name="How we decide", is_default=True)
    Phase.objects.create(model=mine, key="think", name="Think")
    create_default_phases(workspace=scope)
    create_default_phases(workspace=scope)
    assert [phase.key for phase in PhaseModel.objects.get(key="decision").phases.all()] == ["think"]
    assert PhaseModel.objects.get(is_default=True) == mine
    assert PhaseModel.objects.count() == 3


@pytest.mark.django_db
def test_phases_are_named_alone_or_with_their_model(scope: Workspace) -> None:
    create_default_phases(workspace=scope)
    phases = phases_by_key(workspace=scope)
    assert phases["loyalty"].model.key == "customer-lifecycle"
    assert phases["loyalty-loop/loyalty"].model.key == "loyalty-loop"
    assert phases["deployment"].model.key == "decision"


@pytest.fixture
def _migrated_back(transactional_db: None) -> Iterator[None]:
    MigrationExecutor(connection).migrate([BEFORE])
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.usefixtures("_migrated_back")
def test_touchpoints_keep_their_phase_when_phases_become_rows(workspace: Workspace) -> None:
    old = MigrationExecutor(connection).loader.project_state([BEFORE]).apps
    with workspace_scope(workspace.pk):
        channel = old.get_model("catalogue", "Channel").objects.create(
            workspace_id=workspace.pk, key="store", name="Store"
        )
        places = old.get_model("catalogue", "Touchpoint").objects
        for key, phase in (("advice", "consideration"), ("hotline", "use"), ("stand", "")):
            places.create(
                workspace_id=workspace.pk, key=key, name=key, channel=channel, phase=phase
            )
    executor = MigrationExecutor(connection)
    executor.migrate([("catalogue", "0004_phase_by_reference")])
    new = executor.loader.project_state([("catalogue", "0004_phase_by_reference")]).apps
    with workspace_scope(workspace.pk):
        found = dict(
            new.get_model("catalogue", "Touchpoint").objects.values_list("key", "phase__name")
        )
    assert found == {"advice": "Consideration", "hotline": "Use and service", "stand": None}
