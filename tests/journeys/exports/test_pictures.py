"""Pictures come in with a file: judged like uploads, all of them or none, in their workspace."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from cxm.workspaces.models import User, Workspace
from journeys.exports.incoming import pictures, read, resolve
from journeys.exports.incoming.matching import Known
from journeys.exports.tables import csv_file, xlsx_file
from journeys.maps.models import Card, JourneyMap
from journeys.maps.pictures import store_picture
from tests.journeys.exports.make import make_sheet, picture_bytes, with_pictures

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
IMPORT = "/api/v1/journey-maps/import/"
PAGE = "/app/journeys/import/"
PNG = picture_bytes()


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def document(*cards: Any, kind: str = "pictures") -> bytes:
    """Return a map with a step and cards that show something."""
    written = {
        "format": "cxm-journey-map",
        "format_version": 1,
        "map": {"name": "Lamps"},
        "stages": [{"key": "a", "name": "Before"}],
        "steps": [{"key": "s", "stage": "a", "name": "Hears"}],
        "lanes": [{"key": "l", "kind": kind}],
        "cards": [{"lane": "l", "step": "s", "picture": card} for card in cards],
    }
    return json.dumps(written).encode()


def data(content: bytes) -> dict[str, str]:
    return {"name": "a.png", "data": base64.b64encode(content).decode()}


def send(client: APIClient, content: bytes, file: str = "a.json", **more: Any) -> Any:
    sent = {"file": SimpleUploadedFile(file, content), **more}
    return client.post(IMPORT, sent, format="multipart")


def test_a_picture_comes_in_and_is_kept_under_a_name_of_its_own(
    api: Api, scope: Workspace, media: Path
) -> None:
    made = send(api("journeys:write"), document(data(PNG), {"name": "a.png"}))
    assert made.status_code == 201, made.json()
    assert made.json()["problems"] == []
    [kept] = files_in(media)
    assert kept.read_bytes() == PNG
    assert set(Card.objects.values_list("picture", flat=True)) == {kept.name}
    assert kept.parent.name == str(scope.pk)


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (data(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"), "no picture"),
        (data(b""), "no picture"),
        (data(PNG + bytes(5 * 1024 * 1024)), "larger than 5 MB"),
        ({"data": "?" * 100}, "not valid Base64"),
        ({"data": base64.b64encode(PNG).decode()[:-1]}, "not valid Base64"),
    ],
)
def test_what_is_no_picture_stops_the_import(
    api: Api, scope: Workspace, media: Path, card: dict[str, str], said: str
) -> None:
    client = api("journeys:write")
    refused = send(client, document(data(PNG), card))
    assert (refused.status_code, refused.json()["code"]) == (422, "import_blocked")
    assert said in refused.json()["detail"]
    assert "cards, row 2" in refused.json()["detail"]
    looked = send(client, document(data(PNG), card), dry_run=True)
    assert {problem["row"] for problem in looked.json()["problems"]} == {2}
    assert not JourneyMap.objects.exists()
    assert files_in(media) == []


def test_pictures_have_a_limit_together(
    api: Api, scope: Workspace, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_CARRIED", 2 * len(PNG))
    cards = [data(picture_bytes(color=color)) for color in ("red", "blue", "green", "brown")]
    refused = send(api("journeys:write"), document(*cards))
    assert refused.status_code == 422
    assert refused.json()["detail"].count("together") == 1
    assert files_in(media) == []


def test_a_file_is_small_but_for_its_pictures(api: Api, scope: Workspace) -> None:
    long = document().replace(b'"Hears"', b'"' + b"x" * (5 * 1024 * 1024) + b'"')
    refused = send(api("journeys:write"), long)
    assert (refused.status_code, refused.json()["code"]) == (422, "too_large")
    large = document(data(PNG + bytes(4 * 1024 * 1024)), data(PNG + b"1" * 4 * 1024 * 1024))
    assert send(api("journeys:write"), large, dry_run=True).json()["problems"] == []


@pytest.mark.parametrize("odd", [7, "x", [1], {}, {"data": 3}, {"data": -1}, {"data": True}, None])
def test_odd_pictures_are_left_out(api: Api, scope: Workspace, odd: Any) -> None:
    looked = send(api("journeys:write"), document(odd), dry_run=True)
    assert looked.status_code == 200
    assert looked.json()["cards"] == 0


def test_a_picture_needs_a_lane_of_pictures(api: Api, scope: Workspace, media: Path) -> None:
    made = send(api("journeys:write"), document(data(PNG), kind="actions"))
    assert made.status_code == 201
    assert made.json()["cards"] == 0
    assert "no picture" in made.json()["problems"][0]["text"]


def test_a_name_alone_finds_only_pictures_of_the_workspace(
    api: Api, scope: Workspace, other_workspace: Workspace
) -> None:
    mine = store_picture(scope.pk, ContentFile(PNG))
    theirs = store_picture(other_workspace.pk, ContentFile(PNG))
    made = send(api("journeys:write"), document({"name": mine}, theirs, {"name": "../../x.png"}))
    assert [problem["code"] for problem in made.json()["problems"]] == [
        "unknown_picture",
        "empty_card",
    ] * 2
    assert Card.objects.get().picture == mine
    # A list of cards names pictures as well.
    table = f"step,lane,text,picture\nHears,Pictures,,{mine}\n".encode()
    assert send(api("journeys:write"), table, "a.csv", name="Again").status_code == 201
    assert Card.objects.filter(picture=mine).count() == 2
    assert b",0.png," in csv_file(with_pictures(make_sheet(1), PNG))


def test_the_preview_keeps_pictures_until_the_journey_is_made(
    client_for: Callable[[User], Client], alice: User, scope: Workspace, media: Path
) -> None:
    editor = client_for(alice)
    content = document(data(PNG))
    page = editor.post(PAGE, {"file": SimpleUploadedFile("a.json", content)}).content.decode()
    found = re.search(r'name="content" value="([^"]*)"', page)
    assert found is not None
    assert len(found[1]) < 2_000
    sent = {"content": html.unescape(found[1]), "name": "Lamps", "kind": "as_is"}
    assert editor.post(PAGE, sent).status_code == 302
    [kept] = files_in(media)
    assert Card.objects.get().picture == kept.name
    # Should it be gone by then, nothing is made.
    kept.unlink()
    answer = editor.post(PAGE, {**sent, "name": "Other"})
    assert "There is no such picture." in answer.content.decode()
    assert JourneyMap.objects.count() == 1


def test_a_broken_picture_in_a_workbook_is_not_the_end(scope: Workspace) -> None:
    written = xlsx_file(with_pictures(make_sheet(1), PNG))
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"MZ broken" if "media" in name else old.read(name))
    raw = read(buffer.getvalue(), "a.xlsx")
    assert raw.pictures == {}
    draft = resolve(raw, Known())
    assert "unknown_picture" in {problem.code for problem in draft.problems}


def test_a_kind_that_workbooks_do_not_know_comes_back_as_another(scope: Workspace) -> None:
    raw = read(
        xlsx_file(with_pictures(make_sheet(2), picture_bytes("WEBP"), b"GIF89a no")), "a.xlsx"
    )
    [content] = raw.pictures.values()
    assert content.startswith(b"\xff\xd8\xff")
