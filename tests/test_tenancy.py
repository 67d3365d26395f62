"""A stranger walks every model and every route."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.workspaces.keyscopes import RESOURCES
from cxm.workspaces.models import User, Workspace
from tests.filled import fill, ids_of
from tests.test_architecture import FLOORS

pytestmark = pytest.mark.django_db

# Tables of the installation, not of a workspace, each with its reason.
GLOBAL = {
    "workspaces_user": "a user may be in several workspaces; memberships say which",
    "workspaces_user_groups": "Django's; roles take the place of groups",
    "workspaces_user_user_permissions": "Django's; roles take the place of permissions",
    "health_heartbeat": "the installation's signs of life",
    "interactions_inbox": "COPY is refused under security; bodies lie there for a second, named by "
    "their workspace, and only the drain reads them, inside that workspace's scope",
    "api_ratewindow": "counts of callers, worth nothing after a minute",
}

# Rooms whose pages take ids.
WITH_PAGES = {
    "customers",
    "catalogue",
    "campaigns",
    "questionnaires",
    "invitations",
    "responses",
    "personas",
    "maps",
}
# Tables whose rows come and go, so that a filled workspace may hold none.
PASSING = {
    "interactions.Inbox",
    "api.IdempotentRequest",
    "kpis.StaleDay",
    "invitations.InvitationToken",
}


def our_tables() -> set[str]:
    """Return every table of our models, with those between them."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.split(".")[0] in FLOORS and model._meta.managed:
            found.add(model._meta.db_table)
    return found


def test_every_table_is_under_forced_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity AND EXISTS "
            "(SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid) "
            "FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        protected = dict(cursor.fetchall())
    open_tables = {t for t in our_tables() - set(GLOBAL) if not protected.get(t)}
    assert not open_tables


def test_partitions_are_protected_like_their_parent() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        )
        assert cursor.fetchall() == []


def test_the_tests_run_as_a_role_that_security_applies_to() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


@pytest.fixture
def filled() -> Workspace:
    """A stranger's workspace with rows of everything."""
    return fill()


@pytest.fixture
def filled_ids(filled: Workspace) -> dict[str, str]:
    """One id of each kind of row in it."""
    return ids_of(filled, set(FLOORS))


def test_without_a_scope_no_model_shows_a_row(filled: Workspace) -> None:
    shown = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.split(".")[0] in FLOORS
        and model._meta.db_table not in GLOBAL
        and model._default_manager.exists()
    ]
    assert not shown


def test_a_strangers_scope_shows_no_row(filled: Workspace, other_workspace: Workspace) -> None:
    with workspace_scope(other_workspace.pk):
        shown = [
            model._meta.label
            for model in apps.get_models()
            if model.__module__.split(".")[0] in FLOORS
            and model._meta.db_table not in GLOBAL
            and model is not Workspace
            and model._default_manager.exists()
        ]
    assert not shown


def test_the_walk_meets_a_row_of_every_model(filled: Workspace) -> None:
    """Otherwise the walks above would prove nothing."""
    with workspace_scope(filled.pk):
        empty = [
            model._meta.label
            for model in apps.get_models()
            if model.__module__.split(".")[0] in FLOORS
            and model._meta.db_table not in GLOBAL
            and not model._default_manager.exists()
        ]
    assert set(empty) <= PASSING


def api_routes() -> list[tuple[str, str, type[models.Model]]]:
    """Return name, address and model of every route of the API."""
    found = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for entry in patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, route)
            elif route.startswith("api/v1/") and entry.name not in {
                "schema",
                "api-docs",
                "api-redoc",
            }:
                view = getattr(entry.callback, "cls")  # noqa: B009 - not in the stubs
                found.append((str(entry.name), route, view.queryset.model))

    walk(get_resolver().url_patterns, "")
    return found


def test_a_stranger_gets_nothing_from_any_route(
    filled: Workspace,
    filled_ids: dict[str, str],
    other_workspace: Workspace,
    api: Callable[..., APIClient],
) -> None:
    """The id of a row is tried on its route, by every method, with a stranger's key."""
    client = api(of=other_workspace)
    wrong = []
    for name, route, model in api_routes():
        address = "/" + route.replace("^", "").replace("$", "").replace("\\.", ".")
        if "<" not in address:
            response = client.get(address)
            body = response.content.decode()
            if response.status_code not in {200, 405}:
                wrong.append(f"get {address}: {response.status_code}")
            if not name.startswith("workspace-") and any(i in body for i in filled_ids.values()):
                wrong.append(f"get {address} shows a foreign row")
            continue
        for found in (filled_ids.get(model._meta.label, str(filled.pk)), str(uuid.uuid4())):
            target = re.sub(r"\(\?P<[^>]+>[^)]+\)|<[^>]+>", found, address)
            for method in ("get", "put", "patch", "delete", "post"):
                response = getattr(client, method)(target, {})
                if response.status_code not in {404, 405}:
                    wrong.append(f"{method} {target}: {response.status_code}")
    assert not wrong


def test_without_a_key_no_route_answers() -> None:
    client = APIClient()
    for _name, route, _model in api_routes():
        address = "/" + re.sub(r"\(\?P<[^>]+>[^)]+\)|<[^>]+>", str(uuid.uuid4()), route)
        address = address.replace("^", "").replace("$", "").replace("\\.", ".")
        assert client.get(address).status_code in {401, 405}, address


def test_every_scope_of_a_door_can_be_given_to_a_key() -> None:
    used = set()

    def walk(patterns: list[URLPattern | URLResolver]) -> None:
        for entry in patterns:
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns)
            elif (view := getattr(entry.callback, "cls", None)) and hasattr(view, "scope"):
                used.add(view.scope)

    walk(get_resolver().url_patterns)
    assert used == set(RESOURCES)


@pytest.mark.timeout(600)  # some thousand requests
def test_foreign_pages_are_not_found(
    filled: Workspace, filled_ids: dict[str, str], mallory: User, client_for: Callable[..., Client]
) -> None:
    """Every page below /app/ that takes an id is tried with each id of the filled workspace."""
    client = client_for(mallory)
    found_on_pages = {i for label, i in filled_ids.items() if label.split(".")[0] in WITH_PAGES}

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for entry in patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, route)
            elif route.startswith("app/") and "<" in route:
                for found in found_on_pages:
                    target = "/" + re.sub(r"<[^>]+>", found, route)
                    for method in (client.get, client.post):
                        assert method(target).status_code in {404, 405}, target

    walk(get_resolver().url_patterns, "")
