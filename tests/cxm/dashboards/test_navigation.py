"""The sidebar leads somewhere, shows what one may see, and marks where one is."""

from __future__ import annotations

from cxm.dashboards import navigation
from cxm.dashboards.checks import check_navigation
from cxm.dashboards.registry import Need


def everything(_permission: str) -> bool:
    return True


def test_every_entry_has_a_page() -> None:
    assert navigation.missing_pages() == []
    assert check_navigation(None) == []


def test_stages_come_in_the_order_of_the_loop() -> None:
    sidebar = navigation.build("admin:index", everything, {})

    assert [group.key for group in sidebar.loop] == ["map", "collect", "ask", "score"]
    assert sidebar.home.current
    assert not any(group.current for group in sidebar.loop)


def test_the_line_of_the_page_and_its_stage_are_current() -> None:
    sidebar = navigation.build("admin:customers_customer_change", everything, {})

    current = [line.key for group in sidebar.loop for line in group.lines if line.current]
    assert current == ["customers"]
    assert [group.key for group in sidebar.loop if group.current] == ["collect"]


def test_no_page_belongs_to_two_lines() -> None:
    for page in (
        "admin:kpis_target_changelist", "kpis", "map_page", "map_list", "results_survey",
        "admin:catalogue_channel_changelist", "touchpoint", "admin:invitations_campaign_change",
        "interactions", "admin:interactions_source_add", "admin:kpis_kpi_change",
        "admin:customers_segment_changelist", "admin:workspaces_membership_add", "outbox",
    ):  # fmt: skip
        sidebar = navigation.build(page, everything, {})
        lines = [*sidebar.settings, *(line for group in sidebar.loop for line in group.lines)]
        assert len([line.key for line in lines if line.current]) == 1, page


def test_lines_that_the_user_may_not_see_are_left_out() -> None:
    sidebar = navigation.build("admin:index", lambda p: p.startswith("maps."), {})

    assert [(g.key, [line.key for line in g.lines]) for g in sidebar.loop] == [
        ("map", ["journeys", "pain-points", "opportunities"])
    ]
    assert sidebar.settings == ()


def test_the_outbox_is_there_in_local_mode_only(settings: object) -> None:
    settings.LOCAL = True  # type: ignore[attr-defined]
    assert "outbox" in [entry.key for entry in navigation.entries()]
    settings.LOCAL = False  # type: ignore[attr-defined]
    assert "outbox" not in [entry.key for entry in navigation.entries()]


def test_counts_stand_beside_their_line() -> None:
    need = Need(7, "bad")
    sidebar = navigation.build("admin:index", everything, {"quarantine": need})

    lines = {line.key: line.need for group in sidebar.loop for line in group.lines}
    assert lines["quarantine"] == need
    assert lines["sources"] is None
