"""Without a scope nothing is seen; with one, only its workspace."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from cxm.common.scope import current_workspace_id, directory_scope, user_scope, workspace_scope
from cxm.workspaces.models import ApiKey, Membership, User, Workspace
from tests.make import make_api_key


def test_without_a_scope_no_row_is_seen(workspace: Workspace, alice: User) -> None:
    make_api_key(workspace)
    assert not Workspace.objects.exists()
    assert not Membership.objects.exists()
    assert not ApiKey.objects.exists()


def test_a_scope_shows_its_workspace_alone(
    workspace: Workspace, other_workspace: Workspace, alice: User, mallory: User
) -> None:
    with workspace_scope(workspace.pk):
        assert list(Workspace.objects.all()) == [workspace]
        assert [m.user for m in Membership.objects.all()] == [alice]


def test_nothing_is_written_into_another_workspace(
    workspace: Workspace, other_workspace: Workspace, alice: User
) -> None:
    with (
        workspace_scope(workspace.pk),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Membership.objects.create(workspace=other_workspace, user=alice)


def test_a_user_sees_the_workspaces_they_belong_to(
    workspace: Workspace, other_workspace: Workspace, alice: User
) -> None:
    with user_scope(alice.pk):
        assert [m.workspace for m in Membership.objects.select_related("workspace")] == [workspace]


def test_the_directory_shows_workspaces_and_nothing_in_them(
    workspace: Workspace, other_workspace: Workspace, alice: User
) -> None:
    with directory_scope():
        assert set(Workspace.objects.all()) == {workspace, other_workspace}
        assert not Membership.objects.exists()


def test_scopes_nest_and_end(workspace: Workspace, other_workspace: Workspace) -> None:
    with workspace_scope(workspace.pk):
        with workspace_scope(other_workspace.pk):
            assert list(Workspace.objects.all()) == [other_workspace]
        assert list(Workspace.objects.all()) == [workspace]
    assert current_workspace_id() is None
    assert not Workspace.objects.exists()


def test_a_scope_survives_a_failed_transaction(workspace: Workspace) -> None:
    with workspace_scope(workspace.pk):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert Workspace.objects.exists()
    assert not Workspace.objects.exists()


def test_a_scope_opened_in_a_failed_transaction_leaves_nothing(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    with workspace_scope(workspace.pk):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            workspace_scope(other_workspace.pk),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert list(Workspace.objects.all()) == [workspace]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_learns_the_scope(workspace: Workspace) -> None:
    with workspace_scope(workspace.pk):
        connection.close()
        assert Workspace.objects.exists()
    connection.close()
    assert not Workspace.objects.exists()
