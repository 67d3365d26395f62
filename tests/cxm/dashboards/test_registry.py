"""Panels and attention entries: one key each, in order, and one failure stays alone."""

from __future__ import annotations

import logging

import pytest
from django.db import connection

from cxm.dashboards import registry
from cxm.dashboards.checks import check_navigation, check_registries
from cxm.dashboards.registry import Need, Window, attention, panel
from cxm.dashboards.reports import window_of
from cxm.workspaces.models import Workspace
from tests.cxm.dashboards.conftest import Own


def everything(_permission: str) -> bool:
    return True


def test_two_entries_with_one_key_are_refused(own_key: Own) -> None:
    attention(key=own_key("twice"))(lambda workspace: None)
    panel(key=own_key("twice-panel"), slot="journey", template="x.html")(lambda w, p: None)

    with pytest.raises(registry.RegistrationError):
        attention(key="twice")(lambda workspace: None)
    with pytest.raises(registry.RegistrationError):
        panel(key="twice-panel", slot="journey", template="x.html")(lambda w, p: None)


def test_a_slot_that_does_not_exist_is_refused() -> None:
    with pytest.raises(registry.RegistrationError, match="cellar"):
        panel(key="lost", slot="cellar", template="x.html")(lambda w, p: None)


def test_needs_come_in_order_and_only_when_something_is_needed(
    scope: Workspace, own_key: Own
) -> None:
    attention(key=own_key("t-late"), order=-1)(lambda w: Need(3, title="Late"))
    attention(key=own_key("t-first"), order=-2)(lambda w: Need(1, title="First"))
    attention(key=own_key("t-zero"), order=-3)(lambda w: Need(0, title="Zero"))
    attention(key=own_key("t-none"), order=-4)(lambda w: None)

    titles = [need.title for _item, need in registry.needs(scope, everything)]

    assert titles[:2] == ["First", "Late"]
    assert "Zero" not in titles


def test_a_need_that_the_user_may_not_see_is_not_asked_for(scope: Workspace, own_key: Own) -> None:
    def secret(workspace: Workspace) -> Need:
        raise AssertionError("asked")

    attention(key=own_key("t-secret"), permission="maps.view_journeymap")(secret)

    assert all(item.key != "t-secret" for item, _need in registry.needs(scope, lambda p: False))


def test_a_need_that_fails_is_logged_and_leaves_the_rest(
    scope: Workspace, own_key: Own, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(workspace: Workspace) -> Need:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        raise AssertionError("not reached")

    attention(key=own_key("t-broken"), order=-2)(broken)
    attention(key=own_key("t-fine"), order=-1)(lambda w: Need(1, title="Fine"))

    with caplog.at_level(logging.ERROR):
        found = registry.needs(scope, everything)

    assert found[0][1].title == "Fine"
    assert "t-broken" in caplog.text
    # The transaction of the page still works.
    assert Workspace.objects.count() == 1


def test_a_panel_without_context_is_not_shown(scope: Workspace, own_key: Own) -> None:
    panel(key=own_key("t-shy"), slot="quotes", template="no/such.html")(lambda w, p: None)
    before = registry.render_panels("quotes", scope, window_of(scope, 90), everything, None)

    assert all("could not be read" not in html for html in before)


def test_a_panel_that_fails_says_so_alone(
    scope: Workspace, own_key: Own, caplog: pytest.LogCaptureFixture
) -> None:
    panel(key=own_key("t-bad"), slot="quotes", order=-2, template="no/such.html")(lambda w, p: {})
    panel(key=own_key("t-good"), slot="quotes", order=-1, template="cxm/parts/empty.html")(
        lambda w, p: {"title": "All well", "icon": "check"}
    )

    with caplog.at_level(logging.ERROR):
        html = registry.render_panels("quotes", scope, window_of(scope, 90), everything, None)

    assert "could not be read" in html[0]
    assert "All well" in html[1]
    assert "t-bad" in caplog.text


def test_the_window_before_ends_where_this_one_begins(workspace: Workspace) -> None:
    window: Window = window_of(workspace, 30)

    assert (window.end - window.start).days == 29
    assert (window.start - window.before.end).days == 1
    assert window.key == "30d"


def test_the_check_finds_a_panel_without_template(own_key: Own) -> None:
    panel(key=own_key("t-check"), slot="quotes", template="no/such.html")(lambda w, p: None)

    assert [m.id for m in check_registries(None) if "t-check" in m.msg] == ["dashboards.E003"]


def test_the_check_finds_a_count_without_a_line(own_key: Own) -> None:
    attention(key=own_key("t-lost"), entry="cellar")(lambda w: None)

    assert "dashboards.E002" in [m.id for m in check_navigation(None)]


def test_every_registered_panel_has_its_template() -> None:
    assert check_registries(None) == []
