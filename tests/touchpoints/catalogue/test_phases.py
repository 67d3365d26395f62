"""Phase models are data: what a workspace starts with, and what the former words became."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from cxm.workspaces.services import create_workspace
from tests.make import make_user
from touchpoints.catalogue.models import Phase, PhaseModel
from touchpoints.catalogue.services import create_default_phases, phases_by_key

FILLING = ("catalogue", "0003_fill_phases")


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


@pytest.mark.django_db
def test_touchpoints_keep_their_phase_when_phases_become_rows(workspace: Workspace) -> None:
    # The table as it was when the migration ran: the word, and beside it the new reference.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalogue_touchpoint RENAME phase_id TO phase_in_model_id")
        cursor.execute("ALTER TABLE catalogue_touchpoint ADD phase varchar(20) NOT NULL DEFAULT ''")
    loader = MigrationExecutor(connection).loader
    old = loader.project_state([FILLING]).apps
    places = old.get_model("catalogue", "Touchpoint").objects
    with workspace_scope(workspace.pk):
        old.get_model("catalogue", "PhaseModel").objects.all().delete()
        channel = old.get_model("catalogue", "Channel").objects.create(
            workspace_id=workspace.pk, key="store-2", name="Store"
        )
        for key, phase in (("advice", "consideration"), ("hotline", "use"), ("stand", "")):
            places.create(
                workspace_id=workspace.pk, key=key, name=key, channel=channel, phase=phase
            )

    import_module("touchpoints.catalogue.migrations.0003_fill_phases").fill(old, None)

    with workspace_scope(workspace.pk):
        found = dict(places.values_list("key", "phase_in_model__name"))
    assert found == {"advice": "Consideration", "hotline": "Use and service", "stand": None}
