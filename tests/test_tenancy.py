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

from cxm.workspaces.keyscopes import RESOURCES
from cxm.workspaces.models import User, Workspace
from tests.test_architecture import FLOORS

pytestmark = pytest.mark.django_db

# Tables of the installation, not of a workspace, each with its reason.
GLOBAL = {
    "workspaces_user": "a user may be in several workspaces; memberships say which",
    "workspaces_user_groups": "Django's; roles take the place of groups",
    "workspaces_user_user_permissions": "Django's; roles take the place of permissions",
    "health_heartbeat": "the installation's signs of life",
    "api_ratewindow": "counts of callers, worth nothing after a minute",
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


@pytest.mark.parametrize(
    "model",
    [m for m in apps.get_models() if m.__module__.split(".")[0] in FLOORS],
    ids=lambda m: m._meta.label,
)
def test_without_a_scope_no_model_shows_a_row(model: type[models.Model], filled: Workspace) -> None:
    if model._meta.db_table not in GLOBAL:
        assert not model._default_manager.exists()


def api_routes() -> list[tuple[str, str]]:
    """Return the address of every route of the API, with a stranger's id filled in."""
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
                found.append((str(entry.name), route))

    walk(get_resolver().url_patterns, "")
    return found


@pytest.mark.parametrize(("name", "route"), api_routes(), ids=str)
def test_a_stranger_gets_nothing_from_any_route(
    name: str,
    route: str,
    filled: Workspace,
    filled_ids: dict[str, str],
    other_workspace: Workspace,
    api: Callable[..., APIClient],
) -> None:
    """Every id of the filled workspace is tried on the route with a stranger's key."""
    client = api(of=other_workspace)
    address = "/" + route.replace("^", "").replace("$", "").replace("\\.", ".")
    if "(?P<" not in address and "<" not in address:
        response = client.get(address)
        assert response.status_code in {200, 405}
        if response.status_code == 200 and not name.startswith("workspace-"):
            body = response.content.decode()
            assert not [found for found in filled_ids.values() if found in body]
        return
    for found in {*filled_ids.values(), str(uuid.uuid4())}:
        target = re.sub(r"\(\?P<[^>]+>[^)]+\)|<[^>]+>", found, address)
        for method in ("get", "put", "patch", "delete", "post"):
            response = getattr(client, method)(target, {})
            assert response.status_code in {404, 405}, f"{method} {target}"


def test_without_a_key_no_route_answers() -> None:
    client = APIClient()
    for _name, route in api_routes():
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


def test_foreign_pages_are_not_found(
    filled: Workspace, filled_ids: dict[str, str], mallory: User, client_for: Callable[..., Client]
) -> None:
    """Every page below /app/ that takes an id is tried with each id of the filled workspace."""
    client = client_for(mallory)

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for entry in patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, route)
            elif route.startswith("app/") and "<" in route:
                for found in filled_ids.values():
                    target = "/" + re.sub(r"<[^>]+>", found, route)
                    for method in (client.get, client.post):
                        assert method(target).status_code in {404, 405}, target

    walk(get_resolver().url_patterns, "")
