from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cxm.customers.models import Customer
from cxm.kpis.models import DailyTally
from cxm.kpis.reports import figures, slices
from cxm.kpis.services import score_workspace
from cxm.workspaces.models import Workspace
from tests.touchpoints.interactions.shoppers import MAPPING, PAGES, make_shoppers
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions.models import (
    ImportMapping,
    Interaction,
    Quarantined,
    Source,
    SourceDay,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def import_file(file: Path, mapping: Path = MAPPING, *more: str) -> dict[str, int]:
    out = StringIO()
    arguments = [str(file), "--workspace", "nordhaven", "--mapping", str(mapping), *more]
    call_command("import_interactions", *arguments, stdout=out)
    found: dict[str, int] = json.loads(out.getvalue())
    return found


def write_mapping(folder: Path, **changes: Any) -> Path:
    content = {
        "name": "orders",
        "occurred_at": {"from": "column", "column": "when"},
        "emit": [{"event": "order", "value": {"column": "total"}, "currency": "EUR"}],
        **changes,
    }
    path = folder / "orders.mapping.json"
    path.write_text(json.dumps(content))
    return path


def test_the_example_gives_what_its_file_says(scope: Workspace, tmp_path: Path) -> None:
    shoppers = make_shoppers(200)
    counts = import_file(shoppers.write(tmp_path / "shop.csv"))
    assert (counts["read"], counts["stored"]) == (200, 200)
    assert counts["duplicate"] == counts["quarantined"] == counts["skipped"] == 0
    assert counts["interactions"] == Interaction.objects.count()
    score_workspace(workspace=scope, now=AT)
    totals = figures("workspace", [scope.pk], ("visits", "conversion"), "all")
    assert totals[scope.pk, "visits"].figure.value == 200
    conversion = totals[scope.pk, "conversion"]
    assert (conversion.figure.n, conversion.successes) == (200, shoppers.bought)
    by_type = {
        score.dimension_value: (score.figure.n, score.successes)
        for score in slices("workspace", scope.pk, "conversion", "visitor_type", "all")
    }
    assert by_type == shoppers.by_type()
    places = {key: Touchpoint.objects.get(key=key).pk for key in PAGES.values()}
    scores = figures("touchpoint", places.values(), ("views", "dwell"), "all")
    for key, pk in places.items():
        assert scores[pk, "views"].figure.value == shoppers.views()[key]
        assert scores[pk, "dwell"].total == pytest.approx(float(shoppers.seconds()[key]), abs=1e-4)


def test_importing_twice_changes_nothing(scope: Workspace, tmp_path: Path) -> None:
    file = make_shoppers(60).write(tmp_path / "shop.csv", "1,2,3")
    first = import_file(file)
    assert (first["read"], first["stored"], first["quarantined"]) == (61, 60, 1)
    score_workspace(workspace=scope, now=AT)
    before = list(Interaction.objects.values_list("id", flat=True)), DailyTally.objects.count()
    again = import_file(file)
    assert (again["read"], again["stored"], again["duplicate"]) == (61, 0, 61)
    assert again["interactions"] == 0
    assert Quarantined.objects.count() == 1
    score_workspace(workspace=scope, now=AT)
    assert before == (
        list(Interaction.objects.values_list("id", flat=True)),
        DailyTally.objects.count(),
    )
    total = SourceDay.objects.get()
    assert total.received == total.stored + total.duplicate + total.quarantined


def test_broken_rows_are_kept_with_a_reason_and_the_rest_is_in(
    scope: Workspace, tmp_path: Path
) -> None:
    good = "1,2,0,0,0,0,0,0,0,0,{month},1,1,1,1,{kind},{weekend},{bought}"
    filled = {"month": "May", "kind": "Other", "weekend": "TRUE", "bought": "0"}
    broken = {
        "unreadable_row": "1,2,3",
        "unknown_value": good.format(**{**filled, "month": "Mai"}),
        "missing_value": good.format(**{**filled, "kind": ""}),
        "not_a_boolean": good.format(**{**filled, "bought": "perhaps"}),
        "not_a_number": "x" + good.format(**filled),
        "below_minimum": "-" + good.format(**filled),
    }
    file = make_shoppers(20).write(tmp_path / "shop.csv", *broken.values())
    counts = import_file(file)
    assert (counts["stored"], counts["quarantined"]) == (20, len(broken))
    kept = dict(Quarantined.objects.values_list("reason", "detail"))
    assert set(kept) == set(broken)
    assert kept["unknown_value"].startswith("Row 22: “Month” is “Mai”")


def test_a_dry_run_counts_and_leaves_nothing(scope: Workspace, tmp_path: Path) -> None:
    file = make_shoppers(30).write(tmp_path / "shop.csv", "1,2,3")
    counts = import_file(file, MAPPING, "--dry-run")
    assert (counts["read"], counts["stored"], counts["quarantined"]) == (31, 30, 1)
    for model in (Interaction, Quarantined, Source, ImportMapping, Touchpoint):
        assert not model.objects.exists()


def test_jsonl_with_customers_money_and_keys(scope: Workspace, tmp_path: Path) -> None:
    mapping = write_mapping(
        tmp_path,
        key=["id"],
        customer={
            "email": {"column": "who.mail"},
            "ids": [{"column": "who.nr", "system": "shop"}],
            "name": {"column": "who.name"},
            "traits": {"plan": {"column": "who.plan"}},
        },
    )
    lines = [
        {"id": 1, "when": "2026-01-05T10:00:00+01:00", "total": 12.5,
         "who": {"mail": "Ann@Example.com", "nr": 7, "name": "Ann", "plan": "gold"}},
        {"id": 2, "when": "2026-01-06", "total": "7", "who": {"mail": "ann@example.com"}},
        {"id": 2, "when": "2026-01-07", "total": "8", "who": {"mail": "ann@example.com"}},
        {"id": 3, "when": "2026-01-08", "total": 1, "who": {"mail": "nobody"}},
        {"id": 4, "when": "someday", "total": 1},
        [1],
    ]  # fmt: skip
    file = tmp_path / "orders.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n{broken\n\n")
    counts = import_file(file, mapping, "--source", "Old shop")
    assert (counts["read"], counts["stored"], counts["duplicate"]) == (7, 3, 0)
    assert counts["quarantined"] == 4
    customer = Customer.objects.get()
    assert (customer.name, customer.traits) == ("Ann", {"plan": "gold"})
    assert Source.objects.get().name == "Old shop"
    reasons = sorted(Quarantined.objects.values_list("reason", flat=True))
    assert reasons == ["bad_customer", "bad_time", "unreadable_row", "unreadable_row"]


def test_a_file_in_latin_1_and_bytes_that_are_not(scope: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes("when;total;note\n2026-01-05;1;Größe\n".encode("latin-1"))
    fields = {
        "delimiter": ";",
        "emit": [{"event": "order", "properties": {"note": {"column": "note"}}}],
    }
    assert import_file(file, write_mapping(tmp_path, encoding="latin-1", **fields))["stored"] == 1
    assert Interaction.objects.get().properties == {"note": "Größe"}
    utf8 = write_mapping(tmp_path, name="other", encoding="utf-8", **fields)
    assert import_file(file, utf8)["quarantined"] == 1
    assert "bytes that are not utf-8" in Quarantined.objects.get().detail


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"emit": []}, "`emit` is empty"),
        ({"emit": [{"event": "a", "kind": "jump"}]}, "`kind` must be one of"),
        ({"emit": [{"event": 1}]}, "`emit[0].event`"),
        ({"emit": [{"event": "a", "when": [{"column": "b"}]}]}, "needs exactly one test"),
        ({"emit": [{"event": "a", "dwell": {"column": "b", "method": "guess"}}]}, "dwell.method"),
        ({"surprise": 1}, "surprise"),
        ({"encoding": "klingon"}, "klingon"),
        ({"delimiter": ";;"}, "one character"),
        ({"columns": {"a": {"min": 1}}}, "are for numbers"),
        ({"key": ["nowhere"]}, "no column nowhere"),
        (
            {"occurred_at": {"from": "column", "column": "when", "timezone": "Mars/Base"}},
            "Mars/Base",
        ),
        (
            {"catalogue": {"touchpoints": [{"key": "a", "name": "A", "channel": "x"}]}},
            "channel “x”",
        ),
    ],
)
def test_a_mapping_that_cannot_work_says_where(
    scope: Workspace, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("when,total\n2026-01-05,1\n")
    with pytest.raises(CommandError) as raised:
        import_file(file, write_mapping(tmp_path, **changes))
    assert said in str(raised.value)
    assert not Interaction.objects.exists()


def test_files_that_are_not_there_are_named(scope: Workspace, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"gone\.csv: No such file"):
        import_file(tmp_path / "gone.csv")
    with pytest.raises(CommandError, match=r"gone\.json: No such file"):
        import_file(MAPPING, tmp_path / "gone.json")


def test_create_source_prints_just_the_key(scope: Workspace) -> None:
    out = StringIO()
    call_command("create_source", "Till", "--workspace", "nordhaven", stdout=out)
    assert out.getvalue().startswith("cxw_")
    assert len(out.getvalue().split()) == 1
    with pytest.raises(CommandError, match="Another source is called"):
        call_command("create_source", "Till", "--workspace", "nordhaven")
