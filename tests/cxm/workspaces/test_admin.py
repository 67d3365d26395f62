"""The admin shows one workspace, by role, and writes down what is changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import ApiKey, AuditEntry, Membership, User, Workspace
from tests.make import PASSWORD, make_api_key, make_member

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


def test_a_stranger_is_sent_to_the_login(client: Client) -> None:
    response = client.get(reverse("admin:workspaces_membership_changelist"))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("admin:login"))


def test_login_takes_the_address_in_any_case(client: Client, alice: User) -> None:
    response = client.post(
        reverse("admin:login"), {"username": "Alice@Example.com", "password": PASSWORD}
    )
    assert response.status_code == 302


def test_members_of_another_workspace_are_not_listed(
    client_for: ClientFor, alice: User, mallory: User
) -> None:
    response = client_for(alice).get(reverse("admin:workspaces_membership_changelist"))
    assert b"alice@example.com" in response.content
    assert b"mallory@example.com" not in response.content


def test_a_member_of_two_workspaces_sees_one_at_a_time(
    client_for: ClientFor, workspace: Workspace, other_workspace: Workspace, mallory: User
) -> None:
    with workspace_scope(workspace.pk):
        Membership.objects.create(workspace=workspace, user=mallory, role="owner")
    make_member(workspace, email="only-nordhaven@example.com")
    client = client_for(mallory)
    url = reverse("admin:workspaces_membership_changelist")
    assert b"only-nordhaven" not in client.get(url).content
    client.post(reverse("switch_workspace"), {"workspace": str(workspace.pk)})
    assert b"only-nordhaven" in client.get(url).content


def test_nobody_switches_into_a_strangers_workspace(
    client_for: ClientFor, workspace: Workspace, alice: User, mallory: User
) -> None:
    client = client_for(mallory)
    client.post(reverse("switch_workspace"), {"workspace": str(workspace.pk)})
    response = client.get(reverse("admin:workspaces_membership_changelist"))
    assert b"alice@example.com" not in response.content


def test_a_viewer_reads_no_settings(client_for: ClientFor, bob: User) -> None:
    client = client_for(bob)
    assert client.get(reverse("admin:workspaces_membership_changelist")).status_code == 403
    assert client.get(reverse("admin:workspaces_apikey_add")).status_code == 403


def test_inviting_a_colleague_makes_a_user_and_an_audit_entry(
    client_for: ClientFor, workspace: Workspace, alice: User
) -> None:
    response = client_for(alice).post(
        reverse("admin:workspaces_membership_add"),
        {
            "email": "Carla@example.com",
            "name": "Carla Cruz",
            "password": "a long first password",
            "role": "analyst",
            "title": "Analyst",
        },
    )
    assert response.status_code == 302, response.context["errors"]
    with workspace_scope(workspace.pk):
        member = Membership.objects.select_related("user").get(user__email="carla@example.com")
        assert (member.role, member.workspace_id) == ("analyst", workspace.pk)
        entry = AuditEntry.objects.get(action="added")
        assert (entry.user, entry.object_id) == (alice, str(member.pk))


def test_inviting_twice_says_so(client_for: ClientFor, alice: User, bob: User) -> None:
    response = client_for(alice).post(
        reverse("admin:workspaces_membership_add"), {"email": bob.email, "role": "viewer"}
    )
    assert response.status_code == 200
    assert b"member already" in response.content


def test_a_change_is_written_down_with_both_values(
    client_for: ClientFor, workspace: Workspace, alice: User, bob: User
) -> None:
    with workspace_scope(workspace.pk):
        member = Membership.objects.get(user=bob)
    client_for(alice).post(
        reverse("admin:workspaces_membership_change", args=[member.pk]),
        {"role": "editor", "title": "Shop lead"},
    )
    with workspace_scope(workspace.pk):
        entry = AuditEntry.objects.get(action="changed")
    assert entry.changes == {"role": ["viewer", "editor"], "title": ["•••", "•••"]}


def test_the_last_owner_stays(client_for: ClientFor, workspace: Workspace, alice: User) -> None:
    with workspace_scope(workspace.pk):
        member = Membership.objects.get(user=alice)
    response = client_for(alice).post(
        reverse("admin:workspaces_membership_delete", args=[member.pk]), {"post": "yes"}
    )
    assert response.status_code == 403


def test_a_key_is_shown_once_and_kept_as_a_hash(
    client_for: ClientFor, workspace: Workspace, alice: User
) -> None:
    response = client_for(alice).post(
        reverse("admin:workspaces_apikey_add"),
        {"name": "CRM", "scopes": ["customers:read"]},
        follow=True,
    )
    with workspace_scope(workspace.pk):
        key = ApiKey.objects.get()
    text = response.content.decode()
    assert key.prefix in text
    assert key.token_hash not in text
    assert "cxm_" in text


def test_a_revoked_key_opens_nothing(
    client_for: ClientFor, workspace: Workspace, alice: User
) -> None:
    key, token = make_api_key(workspace)
    header = {"Authorization": f"Bearer {token}"}
    assert Client(headers=header).get("/api/v1/workspace/").status_code == 200
    client_for(alice).get(reverse("admin:workspaces_apikey_revoke", args=[key.pk]))
    with workspace_scope(workspace.pk):
        key.refresh_from_db()
    assert key.revoked_at is not None
    assert Client(headers=header).get("/api/v1/workspace/").status_code == 401


def test_foreign_rows_are_not_found(
    client_for: ClientFor, workspace: Workspace, alice: User, mallory: User
) -> None:
    with workspace_scope(workspace.pk):
        member = Membership.objects.get(user=alice)
    url = reverse("admin:workspaces_membership_change", args=[member.pk])
    response = client_for(mallory).get(url)
    assert response.status_code in {302, 404}
    assert b"Alice" not in response.content


def test_the_settings_open_without_a_list(
    client_for: ClientFor, workspace: Workspace, alice: User, bob: User
) -> None:
    url = reverse("admin:workspaces_workspace_changelist")
    response = client_for(alice).get(url, follow=True)
    assert response.redirect_chain[-1][0].endswith(f"/{workspace.pk}/change/")
    assert response.status_code == 200
    assert client_for(bob).get(url).status_code == 403


def test_a_workspace_has_no_way_to_be_deleted(
    client_for: ClientFor, workspace: Workspace, alice: User
) -> None:
    url = reverse("admin:workspaces_workspace_delete", args=[workspace.pk])
    assert client_for(alice).post(url, {"post": "yes"}).status_code == 403


def test_pages_tell_the_time_of_the_workspace(
    client_for: ClientFor, workspace: Workspace, alice: User
) -> None:
    with workspace_scope(workspace.pk):
        Workspace.objects.update(timezone="Asia/Tokyo")
    with time_machine.travel("2026-05-04T20:30:00Z", tick=False):
        client_for(alice).post(
            reverse("admin:workspaces_apikey_add"), {"name": "CRM", "scopes": ["*"]}
        )
        page = client_for(alice).get(reverse("admin:workspaces_auditentry_changelist"))
    assert "5 May 2026, 05:30" in page.content.decode()


def test_who_guesses_passwords_is_stopped(
    client: Client, alice: User, bob: User, settings: Settings
) -> None:
    settings.LOGIN_ATTEMPTS_PER_MINUTE = 10
    url = reverse("admin:login")
    with time_machine.travel("2026-05-04T10:00:05Z", tick=False):
        for _ in range(10):
            client.post(url, {"username": alice.email, "password": "wrong"})
        right = {"username": alice.email, "password": PASSWORD}
        assert client.post(url, right).status_code == 200
        elsewhere = {"username": bob.email, "password": PASSWORD}
        assert client.post(url, elsewhere, REMOTE_ADDR="203.0.113.9").status_code == 302
    with time_machine.travel("2026-05-04T10:01:05Z", tick=False):
        assert client.post(url, right).status_code == 302
