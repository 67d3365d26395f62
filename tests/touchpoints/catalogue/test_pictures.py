"""A touchpoint's picture: looked into, kept under a random name, shown and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from rest_framework.test import APIClient

from cxm.workspaces.models import User, Workspace
from tests.touchpoints.make import make_touchpoint
from touchpoints.catalogue.models import Touchpoint
from touchpoints.catalogue.pictures import LARGEST_PICTURE, kind_of

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
Api = Callable[..., APIClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
GIF = b"GIF89a" + b"\x00" * 20


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """A folder of our own for what is uploaded."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (GIF, "gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_the_first_bytes_say_what_it_is(head: bytes, kind: str | None) -> None:
    assert kind_of(head) == kind


def post_form(browser: Client, place: Touchpoint, **more: object) -> object:
    return browser.post(
        reverse("admin:catalogue_touchpoint_change", args=[place.pk]),
        {
            "name": place.name,
            "key": place.key,
            "channel": str(place.channel_id),
            "status": "active",
            **more,
        },
    )


def test_a_picture_is_put_replaced_and_removed(
    scope: Workspace,
    client_for: Browser,
    alice: User,
    media: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    place, browser = make_touchpoint(scope), client_for(alice)
    post_form(browser, place, upload=SimpleUploadedFile("../my shop.png", PNG))
    place.refresh_from_db()
    assert place.picture.startswith("touchpoints/")
    (kept,) = files(media)
    assert "shop" not in kept
    assert kept.endswith(".png")

    with django_capture_on_commit_callbacks(execute=True):
        post_form(browser, place, upload=SimpleUploadedFile("b.txt", GIF))
    place.refresh_from_db()
    assert files(media) == [place.picture.removeprefix("touchpoints/")]
    assert place.picture.endswith(".gif")

    with django_capture_on_commit_callbacks(execute=True):
        post_form(browser, place, drop_picture="on")
    place.refresh_from_db()
    assert (place.picture, files(media)) == ("", [])


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"<svg onload='alert(1)'/>", "no picture"), (PNG + bytes(LARGEST_PICTURE), "larger than")],
    ids=["svg", "too large"],
)
def test_what_is_no_picture_is_refused(
    scope: Workspace, client_for: Browser, alice: User, media: Path, content: bytes, said: str
) -> None:
    place = make_touchpoint(scope)
    answer = post_form(client_for(alice), place, upload=SimpleUploadedFile("a.png", content))
    assert said in answer.content.decode()  # type: ignore[attr-defined]
    assert not files(media)


def test_it_is_sent_as_a_picture_and_nothing_else(
    scope: Workspace, api: Api, client_for: Browser, alice: User, mallory: User
) -> None:
    place = make_touchpoint(scope)
    page = reverse("touchpoint_picture", args=[place.pk])
    assert client_for(alice).get(page).status_code == 404
    sent = api().put(
        f"/api/v1/touchpoints/{place.pk}/picture/",
        {"file": SimpleUploadedFile("a.html", PNG)},
        format="multipart",
    )
    assert (sent.status_code, sent.json()["has_picture"]) == (200, True)
    answer = client_for(alice).get(page)
    assert answer.content == PNG
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client_for(mallory).get(page).status_code == 404


def test_the_api_refuses_what_is_no_picture_and_takes_one_away(
    scope: Workspace,
    api: Api,
    media: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    place = make_touchpoint(scope)
    address = f"/api/v1/touchpoints/{place.pk}/picture/"
    bad = api().put(address, {"file": SimpleUploadedFile("a.png", b"<svg/>")}, format="multipart")
    assert (bad.status_code, bad.json()["code"]) == (422, "no_picture")
    assert api().put(address, {}, format="multipart").status_code == 400
    api().put(address, {"file": SimpleUploadedFile("a.png", PNG)}, format="multipart")
    with django_capture_on_commit_callbacks(execute=True):
        assert api().delete(address).status_code == 204
    assert not files(media)


def test_a_deleted_touchpoint_takes_its_picture_along(
    scope: Workspace,
    api: Api,
    media: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    place = make_touchpoint(scope)
    address = f"/api/v1/touchpoints/{place.pk}/"
    api().put(f"{address}picture/", {"file": SimpleUploadedFile("a", PNG)}, format="multipart")
    assert files(media)
    with django_capture_on_commit_callbacks(execute=True):
        assert api().delete(address).status_code == 204
    assert not files(media)
