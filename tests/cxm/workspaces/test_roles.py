"""What each of the five roles may do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Membership, User, Workspace
from cxm.workspaces.roles import (
    ANALYST,
    ANALYST_WRITES,
    COMMENTER,
    EDITOR,
    OWNER,
    OWNER_ROOMS,
    ROOMS,
    VIEWER,
    may,
)
from tests.make import make_member

ClientFor = Callable[[User], Client]

ROLES = (OWNER, EDITOR, ANALYST, COMMENTER, VIEWER)
WRITES = ("add", "change", "delete", "send")


def test_the_roles_are_those_that_can_be_given() -> None:
    assert set(Membership.Role.values) == set(ROLES)


@pytest.mark.parametrize("room", ROOMS)
def test_every_role_reads_every_room(room: str) -> None:
    assert all(may(role, room, "view") for role in ROLES)


@pytest.mark.parametrize("action", WRITES)
@pytest.mark.parametrize("room", ROOMS)
def test_a_commenter_writes_nothing(room: str, action: str) -> None:
    assert not may(COMMENTER, room, action)
    assert not may(VIEWER, room, action)


def test_comments_are_for_all_but_viewers_and_on_maps_alone() -> None:
    assert {role for role in ROLES if may(role, "maps", "comment")} == set(ROLES) - {VIEWER}
    elsewhere = [room for room in ROOMS if room != "maps" and may(COMMENTER, room, "comment")]
    assert not elsewhere


def test_an_analyst_keeps_what_is_measured() -> None:
    for room in ROOMS:
        assert may(ANALYST, room, "change") == (room in ANALYST_WRITES)
    assert may(ANALYST, "maps", "comment")


@pytest.mark.parametrize("room", sorted(OWNER_ROOMS))
def test_settings_are_the_owners(room: str) -> None:
    assert [role for role in ROLES if may(role, room, "view")] == [OWNER]
    assert [role for role in ROLES if may(role, room, "change")] == [OWNER]


def test_an_unknown_role_may_nothing() -> None:
    assert not any(may("guest", room, action) for room in ROOMS for action in ("view", "comment"))


@pytest.mark.django_db
def test_a_colleague_becomes_a_commenter(
    workspace: Workspace, alice: User, bob: User, client_for: ClientFor
) -> None:
    with workspace_scope(workspace.pk):
        member = Membership.objects.get(user=bob)
    answer = client_for(alice).post(
        reverse("admin:workspaces_membership_change", args=[member.pk]),
        {"role": "commenter", "title": ""},
    )
    assert answer.status_code == 302
    with workspace_scope(workspace.pk):
        assert Membership.objects.get(user=bob).role == COMMENTER


@pytest.mark.django_db
def test_a_commenter_sees_no_settings_and_changes_nothing_in_the_admin(
    workspace: Workspace, client_for: ClientFor
) -> None:
    client = client_for(make_member(workspace, "commenter"))
    for name in ("workspaces_membership_changelist", "workspaces_apikey_changelist"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
    assert client.get(reverse("admin:catalogue_touchpoint_changelist")).status_code == 200
    for name in ("catalogue_touchpoint_add", "maps_journeymap_add", "kpis_kpi_add"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
