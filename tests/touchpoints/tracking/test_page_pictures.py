"""Pictures of pages under their heat maps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from touchpoints.tracking.models import PagePicture

pytestmark = pytest.mark.django_db

ADDRESS = "/app/tracking/heat/picture/"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path, django_capture_on_commit_callbacks: object) -> Path:
    """A place of its own for files."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def client(alice: User, client_for: Callable[[User], Client]) -> Client:
    """Alice's browser."""
    return client_for(alice)


def put(client: Client, content: bytes = PNG, **changes: str) -> str:
    """Put a picture under the start page; return what the page then says."""
    data = {"path": "/", "device": "desktop", **changes}
    file = SimpleUploadedFile("secret name.png", content, "image/png")
    response = client.post(ADDRESS, {**data, "picture": file}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def the_only(workspace: Workspace) -> PagePicture:
    """Return the one picture there is."""
    with workspace_scope(workspace.pk):
        return PagePicture.objects.get()


def test_a_picture_is_kept_and_shown(client: Client, workspace: Workspace, media: Path) -> None:
    assert "lies under its heat map" in put(client)
    row = the_only(workspace)
    assert (row.path, row.device) == ("/", "desktop")
    assert "secret" not in row.picture
    response = client.get(f"{ADDRESS}{row.pk}/")
    assert (response["Content-Type"], response.content) == ("image/png", PNG)
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_next_one_takes_its_place(
    client: Client,
    workspace: Workspace,
    media: Path,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        put(client)
        first = the_only(workspace).picture
        put(client, PNG + b"other")
    assert the_only(workspace).picture != first
    assert [file.name for file in media.rglob("*.png")] == [
        the_only(workspace).picture.rpartition("/")[2]
    ]


def test_it_can_be_taken_away(
    client: Client,
    workspace: Workspace,
    media: Path,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    put(client)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        client.post(f"{ADDRESS}{the_only(workspace).pk}/drop/")
    with workspace_scope(workspace.pk):
        assert not PagePicture.objects.exists()
    assert not list(media.rglob("*.png"))


@pytest.mark.parametrize(
    ("content", "changes", "said"),
    [
        (b"<svg onload='alert(1)'/>", {}, "This is no picture"),
        (b"", {}, "This is no picture"),
        (PNG, {"device": "fridge"}, "Choose a picture"),
        (PNG, {"path": ""}, "Choose a picture"),
        (PNG, {"path": "x" * 501}, "Choose a picture"),
    ],
)
def test_what_is_no_picture_is_refused(
    client: Client, workspace: Workspace, content: bytes, changes: dict[str, str], said: str
) -> None:
    assert said in put(client, content, **changes)
    with workspace_scope(workspace.pk):
        assert not PagePicture.objects.exists()


def test_viewers_and_strangers_change_nothing(
    client: Client,
    bob: User,
    mallory: User,
    client_for: Callable[[User], Client],
    workspace: Workspace,
) -> None:
    put(client)
    row = the_only(workspace)
    viewer, stranger = client_for(bob), client_for(mallory)
    assert viewer.get(f"{ADDRESS}{row.pk}/").status_code == 200
    assert viewer.post(f"{ADDRESS}{row.pk}/drop/").status_code == 403
    assert viewer.post(ADDRESS, {"path": "/", "device": "desktop"}).status_code == 403
    assert stranger.get(f"{ADDRESS}{row.pk}/").status_code == 404
    assert stranger.post(f"{ADDRESS}{row.pk}/drop/").status_code == 404
    assert the_only(workspace).pk == row.pk
