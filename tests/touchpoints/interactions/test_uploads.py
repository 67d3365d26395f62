"""Files of contacts: what they are taken for, and that each row counts once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cxm.workspaces.models import User, Workspace
from tests.touchpoints.make import NOON, make_channel, make_touchpoint
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions import services
from touchpoints.interactions.models import (
    FileImport,
    Interaction,
    JobStatus,
    Quarantined,
    SourceDay,
)
from touchpoints.interactions.services import importing, uploads
from touchpoints.interactions.uploading import NotReadableError, guess, guess_format, read_table

Browser = Callable[[User], Client]

FILE = """Datum;Filiale;E-Mail;Betrag;Notiz
19.05.2026 14:30;Aarhus;ida@shop.example;49,5;advice
19.05.2026 15:00;Odense;;;
20.05.2026 09:10;Odense;bo@shop.example;;wants a grinder
31.02.2026 09:10;Odense;;;
"""


def test_columns_are_guessed_by_their_names_and_what_stands_there() -> None:
    table = read_table(FILE.encode())
    assert table.delimiter == ";"
    found = guess(table)
    assert found["when"] == "Datum"
    assert found["format"] == "%d.%m.%Y %H:%M"
    assert (found["place"], found["email"], found["value"], found["note"]) == (
        "Filiale", "E-Mail", "Betrag", "Notiz",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2026-05-20 10:00"], ""),
        (["2026-05-20T10:00:00Z"], ""),
        (["20.05.2026"], "%d.%m.%Y"),
        (["05/20/2026", "05/21/2026"], "%m/%d/%Y"),
        (["20/05/2026 08:00"], "%d/%m/%Y %H:%M"),
        ([], ""),
    ],
)
def test_the_way_of_writing_times_is_guessed(values: list[str], form: str) -> None:
    assert guess_format(values) == form


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused_with_a_sentence(content: bytes) -> None:
    try:
        found = guess(read_table(content))
    except NotReadableError as error:
        found = {"problem": str(error)}
    assert found.get("problem", ".").endswith(".")


@pytest.fixture
def store(scope: Workspace) -> Touchpoint:
    """A store."""
    channel = make_channel(scope, key="store", kind="offline")
    return make_touchpoint(scope, key="store-visit", name="Store visit", channel=channel)


def upload(browser: Client, content: str = FILE) -> FileImport:
    file = SimpleUploadedFile("visits.csv", content.encode())
    answer = browser.post(reverse("contacts_imports"), {"file": file})
    assert answer.status_code == 302
    # Two of the same millisecond have no order: the address says which one it is.
    (job,) = [j for j in FileImport.objects.all() if j.get_absolute_url() == answer["Location"]]
    return job


def chosen(**changes: str) -> dict[str, str]:
    return {
        "when": "Datum",
        "format": "%d.%m.%Y %H:%M",
        "place_key": "store-visit",
        "email": "E-Mail",
        "place": "Filiale",
        "note": "Notiz",
        **changes,
    }


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_the_first_rows_say_what_would_become_of_them(
    scope: Workspace, client_for: Browser, alice: User, store: Touchpoint
) -> None:
    browser = client_for(alice)
    job = upload(browser)
    page = browser.get(job.get_absolute_url())
    assert page.context["form"]["when"].value() == "Datum"
    answer = browser.post(job.get_absolute_url(), chosen(look="1"))
    preview = answer.context["preview"]
    assert (preview.counts.stored, preview.counts.quarantined) == (3, 1)
    assert [bool(row.problem) for row in preview.rows] == [False, False, False, True]
    assert not Interaction.objects.exists()
    assert not SourceDay.objects.exists()
    missing = browser.post(job.get_absolute_url(), chosen(place_key=""))
    assert missing.status_code == 422
    assert "Choose the touchpoint" in missing.content.decode()


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_a_file_is_imported_in_the_background_and_its_bytes_go(
    scope: Workspace, client_for: Browser, alice: User, store: Touchpoint
) -> None:
    browser = client_for(alice)
    job = upload(browser)
    browser.post(job.get_absolute_url(), chosen(begin="1"))
    assert "Waiting for its turn" in browser.get(job.get_absolute_url()).content.decode()
    assert services.import_due(workspace=scope) == 4
    job.refresh_from_db()
    assert (job.status, job.done, job.stored, job.refused) == (JobStatus.DONE, 4, 3, 1)
    assert bytes(job.content) == b""
    rows = Interaction.objects.order_by("occurred_at")
    assert {row.kind for row in rows} == {"offline"}
    assert rows[0].properties == {"place": "Aarhus", "note": "advice"}
    assert rows[0].touchpoint_id == store.pk
    assert rows[0].customer_id is not None
    assert rows[1].customer_id is None
    assert Quarantined.objects.get().reason == "bad_time"
    part = browser.get(reverse("contacts_import_progress", args=[job.pk])).content.decode()
    assert "See why rows were refused" in part
    again = upload(browser)
    browser.post(again.get_absolute_url(), chosen(begin="1"))
    services.import_due(workspace=scope)
    again.refresh_from_db()
    assert (again.stored, again.duplicate) == (0, 4)
    assert Interaction.objects.count() == 3


@pytest.mark.django_db
def test_an_import_goes_on_where_a_worker_died(
    scope: Workspace, client_for: Browser, alice: User, store: Touchpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(importing, "ROWS_AT_A_TIME", 2)
    same = "19.05.2026 14:30;Aarhus;;;\n"
    job = upload(client_for(alice), FILE.splitlines(keepends=True)[0] + same * 5)
    client_for(alice).post(job.get_absolute_url(), chosen(begin="1"))
    # The time is over after the first two rows.
    assert services.import_due(workspace=scope, seconds=0) == 2
    assert uploads._claim(job.pk) is not None
    assert services.import_due(workspace=scope) == 0
    FileImport.objects.update(leased_until=NOON)
    assert services.import_due(workspace=scope) == 3
    job.refresh_from_db()
    # Five equal rows are five contacts, whoever read them.
    assert (job.done, job.stored, job.duplicate) == (5, 5, 0)
    assert Interaction.objects.count() == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04\x00\x00", "Save the sheet as CSV"),
        (b"a,a\n1,2\n", "a name of its own"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(
    scope: Workspace, client_for: Browser, alice: User, content: bytes, words: str
) -> None:
    file = SimpleUploadedFile("x.csv", content)
    answer = client_for(alice).post(reverse("contacts_imports"), {"file": file})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not FileImport.objects.exists()


@pytest.mark.django_db
def test_files_are_their_workspaces_and_old_drafts_go(
    scope: Workspace, client_for: Browser, alice: User, bob: User, mallory: User
) -> None:
    job = upload(client_for(alice))
    assert client_for(mallory).get(job.get_absolute_url()).status_code == 404
    assert client_for(bob).get(job.get_absolute_url()).status_code == 403
    assert services.forget_files(workspace=scope) == 0
    with time_machine.travel(job.created_at + timedelta(days=2), tick=False):
        assert services.forget_files(workspace=scope) == 1
    dropped = upload(client_for(alice))
    client_for(alice).post(reverse("contacts_import_drop", args=[dropped.pk]))
    assert not FileImport.objects.exists()
