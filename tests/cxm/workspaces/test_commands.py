"""Commands print what was asked for and nothing else, and say what is wrong."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cxm.workspaces.models import Membership, User, Workspace
from cxm.workspaces.work import for_each_workspace
from tests.make import PASSWORD

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    """Run a command and return what it printed."""
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_create_api_key_prints_just_the_key(workspace: Workspace) -> None:
    key = run("create_api_key", "CRM", "--workspace", "nordhaven", "--scope", "customers:read")
    assert key.startswith("cxm_")
    assert key.count("\n") == 1
    client = Client(headers={"Authorization": f"Bearer {key.strip()}"})
    assert client.get("/api/v1/customers/").status_code == 200
    assert client.get("/api/v1/segments/").status_code == 403


def test_create_source_prints_just_the_key(workspace: Workspace) -> None:
    key = run("create_source", "Web shop", "--workspace", "nordhaven")
    assert key.startswith("cxw_")
    assert key.count("\n") == 1


def test_an_unknown_workspace_lists_those_that_exist(workspace: Workspace) -> None:
    with pytest.raises(CommandError, match="Workspaces: nordhaven"):
        run("create_api_key", "CRM", "--workspace", "nordhafen")


def test_an_unknown_scope_is_refused(workspace: Workspace) -> None:
    with pytest.raises(CommandError, match="Unknown scope everything"):
        run("create_api_key", "CRM", "--workspace", "nordhaven", "--scope", "everything")


def test_create_owner_makes_a_workspace_to_log_in_to(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXM_PASSWORD", PASSWORD)
    run("create_owner", "Ida@example.com", "--workspace", "My Shop", "--timezone", "Europe/Berlin")
    assert client.login(username="ida@example.com", password=PASSWORD)
    with pytest.raises(CommandError, match="taken"):
        run("create_owner", "ida@example.com", "--workspace", "my-shop")


@pytest.mark.parametrize(
    ("email", "password"), [("nobody", PASSWORD), ("a@example.com", "12345678")]
)
def test_create_owner_refuses_nonsense_and_leaves_nothing(
    email: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXM_PASSWORD", password)
    with pytest.raises(CommandError):
        run("create_owner", email, "--workspace", "Shop")
    assert not User.objects.exists()


def test_one_failing_workspace_does_not_stop_the_others(
    workspace: Workspace, other_workspace: Workspace, alice: User, mallory: User
) -> None:
    seen = []

    def work(found: Workspace) -> None:
        seen.append((found, list(Membership.objects.values_list("user", flat=True))))
        if found == workspace:
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        for_each_workspace(work)
    assert sorted(seen, key=lambda s: s[0].name) == [
        (other_workspace, [mallory.pk]),
        (workspace, [alice.pk]),
    ]
