"""Personas as pages: found, described, compared, copied, deleted; for editors and for readers."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cxm.common.scope import workspace_scope
from cxm.customers.models import Customer, Segment, SegmentCondition
from cxm.workspaces.models import AuditEntry, User, Workspace
from journeys.personas.archetypes import ARCHETYPES
from journeys.personas.models import Persona
from tests.journeys.counting import queries_of
from tests.journeys.make import make_map, make_persona, make_touchpoint

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
LIST = "/app/personas/"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def editor(client_for: ClientFor, alice: User) -> Client:
    return client_for(alice)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def clara(scope: Workspace) -> Persona:
    return make_persona(
        scope,
        name="Commuter Clara",
        role="Nurse, 34",
        quote="I need it by Friday.",
        demographics="Age: 34\nHome: Aarhus",
        goals="Be on time\nSpend little",
        tags=["families", "mobile"],
    )


def make_segment(workspace: Workspace, **people: int) -> Segment:
    """Make a segment of German speakers, and people of each language."""
    segment = Segment.objects.create(workspace=workspace, name="Germans")
    SegmentCondition.objects.create(
        workspace=workspace, segment=segment, field="language", operator="is", value="de"
    )
    for language, number in people.items():
        Customer.objects.bulk_create(
            Customer(workspace=workspace, number=f"{language}-{one}", language=language)
            for one in range(number)
        )
    return segment


def filled(**changes: Any) -> dict[str, Any]:
    return {"name": "Zoe", "color": "petrol", **changes}


# --- the list ----------------------------------------------------------------------------


def test_an_empty_list_offers_templates(editor: Client, scope: Workspace) -> None:
    shown = editor.get(LIST).content.decode()
    assert "No personas yet" in shown
    assert shown.count("?template=") == len(ARCHETYPES) == 8


def test_cards_say_who_it_is_and_whom_it_stands_for(editor: Client, clara: Persona) -> None:
    clara.segment = make_segment(clara.workspace, de=3, fr=1)
    clara.save()
    make_map(clara.workspace, name="Buying a lamp", personas=[clara])
    shown = editor.get(LIST).content.decode()
    for words in ("Commuter Clara", "Nurse, 34", "“I need it by Friday.”", "Buying a lamp"):
        assert words in shown
    assert "<b>3 customers</b> (75.0 % of all)" in shown.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=clara", True), ("q=spend+nurse", True), ("q=otto", False), ("tag=families", True),
     ("tag=nobody", False), ("q=mobile", True)],
)  # fmt: skip
def test_personas_are_found_by_words_and_tag(
    editor: Client, clara: Persona, query: str, found: bool
) -> None:
    shown = editor.get(f"{LIST}?{query}").content.decode()
    assert (f"{LIST}{clara.pk}/" in shown) is found
    assert ("No persona fits." in shown) is not found


def test_the_list_costs_the_same_with_more_personas(editor: Client, clara: Persona) -> None:
    segment = make_segment(clara.workspace, de=2)
    clara.segment = segment
    clara.save()
    make_map(clara.workspace, personas=[clara])
    editor.get(LIST)
    before = queries_of(editor, LIST)
    for number in range(5):
        other = Segment.objects.create(workspace=clara.workspace, name=str(number))
        persona = make_persona(clara.workspace, segment=other, tags=["x"])
        make_map(clara.workspace, personas=[persona])
    assert queries_of(editor, LIST) == before


# --- one persona -------------------------------------------------------------------------


def test_the_sheet_shows_everything(editor: Client, clara: Persona) -> None:
    clara.segment = make_segment(clara.workspace, de=137, fr=863)
    clara.save()
    make_map(clara.workspace, make_touchpoint(clara.workspace), name="Buying", personas=[clara])
    shown = editor.get(f"{LIST}{clara.pk}/").content.decode()
    plain = shown.replace("\u202f", " ").replace("\xa0", " ")
    assert "<b>137 customers</b> (13.7 % of all)" in plain
    assert f"/admin/customers/customer/?segment={clara.segment_id}" in shown
    assert '<th scope="row">Age</th><td>34</td>' in shown
    assert "<li>Spend little</li>" in shown
    assert "Open the map" in shown
    assert 'class="strip"' in shown


def test_a_bare_persona_says_what_is_missing(editor: Client, scope: Workspace) -> None:
    persona = make_persona(scope)
    shown = editor.get(f"{LIST}{persona.pk}/").content.decode()
    assert "Bound to no segment yet" in shown
    assert "On no journey yet" in shown
    assert f"/app/journeys/new/?persona={persona.pk.hex}" in shown


def test_the_sheet_costs_the_same_with_more_maps(editor: Client, clara: Persona) -> None:
    make_map(clara.workspace, make_touchpoint(clara.workspace), personas=[clara])
    path = f"{LIST}{clara.pk}/"
    editor.get(path)
    before = queries_of(editor, path)
    for _round in range(4):
        make_map(clara.workspace, make_touchpoint(clara.workspace), personas=[clara])
    assert queries_of(editor, path) == before


def test_what_people_write_is_never_markup(editor: Client, scope: Workspace) -> None:
    wicked = "<script>alert(1)</script>"
    fields = ("role", "quote", "goals", "demographics", "brand_attitude", "channels")
    persona = make_persona(
        scope, name=wicked, tags=[wicked], **dict.fromkeys(fields, f"{wicked}: {wicked}")
    )
    other = make_persona(scope)
    for path in (
        LIST,
        f"{LIST}{persona.pk}/",
        f"{LIST}{persona.pk}/edit/",
        f"{LIST}{persona.pk}/print/",
        f"{LIST}compare/?a={persona.pk}&b={other.pk}",
        f"{LIST}{persona.pk}/delete/",
    ):
        assert "<script>alert" not in editor.get(path).content.decode(), path


# --- its form ----------------------------------------------------------------------------


def test_a_name_is_enough(editor: Client, scope: Workspace) -> None:
    answer = editor.post(f"{LIST}new/", filled())
    persona = Persona.objects.get()
    assert answer.headers["Location"] == f"{LIST}{persona.pk}/"
    assert persona.name == "Zoe"
    assert AuditEntry.objects.filter(action="added", object_name="Zoe").exists()


@pytest.mark.parametrize("key", list(ARCHETYPES))
def test_every_template_can_be_saved_as_it_is(editor: Client, scope: Workspace, key: str) -> None:
    form = editor.get(f"{LIST}new/?template={key}").context["form"]
    values = {name: form[name].value() or "" for name in form.fields if name != "upload"}
    assert editor.post(f"{LIST}new/?template={key}", values).status_code == 302
    persona = Persona.objects.get()
    assert len(persona.goals.splitlines()) >= 2
    assert persona.tags
    assert persona.name == str(ARCHETYPES[key].title)


def test_tags_are_written_between_commas(editor: Client, clara: Persona) -> None:
    form = editor.get(f"{LIST}{clara.pk}/edit/").context["form"]
    assert form["tags"].value() == "families, mobile"
    editor.post(f"{LIST}{clara.pk}/edit/", filled(tags=" new,  two   words ,, new "))
    clara.refresh_from_db()
    assert clara.tags == ["new", "two words"]
    answer = editor.post(f"{LIST}{clara.pk}/edit/", filled(tags="x" * 41))
    assert "A tag holds at most 40 characters." in answer.content.decode()


def test_a_name_is_taken_once(editor: Client, clara: Persona) -> None:
    answer = editor.post(f"{LIST}new/", filled(name=clara.name))
    assert "There is a persona of this name already." in answer.content.decode()
    assert editor.post(f"{LIST}{clara.pk}/edit/", filled(name=clara.name)).status_code == 302


def test_a_segment_of_another_workspace_is_no_choice(
    editor: Client, clara: Persona, other_workspace: Workspace
) -> None:
    with workspace_scope(other_workspace.pk):
        foreign = Segment.objects.create(workspace=other_workspace, name="Theirs")
    answer = editor.post(f"{LIST}{clara.pk}/edit/", filled(segment=str(foreign.pk)))
    assert answer.status_code == 200
    clara.refresh_from_db()
    assert clara.segment_id is None


def test_a_portrait_is_kept_shown_replaced_and_removed(
    editor: Client,
    clara: Persona,
    media: Path,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    edit, portrait = f"{LIST}{clara.pk}/edit/", f"{LIST}{clara.pk}/portrait/"
    assert editor.get(portrait).status_code == 404
    editor.post(edit, filled(upload=SimpleUploadedFile("../../me.svg", PNG, "image/svg+xml")))
    answer = editor.get(portrait)
    assert answer.content == PNG
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    (first,) = (media / "personas").iterdir()
    assert len(first.stem) == 32
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(edit, filled(upload=SimpleUploadedFile("x", b"GIF89a" + b"\0" * 40)))
    (second,) = (media / "personas").iterdir()
    assert second.suffix == ".gif"
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(edit, filled(drop_portrait="on"))
    assert list((media / "personas").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg onload='alert(1)'/>", "This is no picture."),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (5 * 1024 * 1024), "The picture is larger than 5 MB."),
    ],
)
def test_what_is_no_picture_is_refused(
    editor: Client, clara: Persona, content: bytes, words: str
) -> None:
    file = io.BytesIO(content)
    file.name = "portrait.png"
    answer = editor.post(f"{LIST}{clara.pk}/edit/", filled(upload=file))
    assert words in answer.content.decode()
    clara.refresh_from_db()
    assert clara.portrait == ""


# --- copied, deleted, compared, printed --------------------------------------------------


def test_a_copy_has_all_but_name_and_maps(editor: Client, clara: Persona, media: Path) -> None:
    editor.post(
        f"{LIST}{clara.pk}/edit/", filled(name=clara.name, upload=SimpleUploadedFile("x", PNG))
    )
    make_map(clara.workspace, personas=[clara])
    answer = editor.post(f"{LIST}{clara.pk}/copy/")
    copied = Persona.objects.get(name="Commuter Clara 2")
    assert answer.headers["Location"] == f"{LIST}{copied.pk}/edit/"
    clara.refresh_from_db()
    assert copied.tags == clara.tags
    assert copied.portrait not in ("", clara.portrait)
    assert not copied.maps.exists()
    assert len(list((media / "personas").iterdir())) == 2


def test_a_persona_on_maps_is_not_deleted(editor: Client, clara: Persona) -> None:
    make_map(clara.workspace, name="Buying a lamp", personas=[clara])
    answer = editor.post(f"{LIST}{clara.pk}/delete/")
    shown = answer.content.decode()
    assert "cannot be deleted yet" in shown
    assert "Buying a lamp" in shown
    assert Persona.objects.filter(pk=clara.pk).exists()


def test_a_persona_on_no_map_is_deleted(editor: Client, clara: Persona) -> None:
    assert "Delete Commuter Clara?" in editor.get(f"{LIST}{clara.pk}/delete/").content.decode()
    assert editor.post(f"{LIST}{clara.pk}/delete/").headers["Location"] == LIST
    assert not Persona.objects.exists()


def test_two_are_compared_in_words(editor: Client, clara: Persona) -> None:
    omar = make_persona(clara.workspace, name="Omar", goals="Be on time\nLearn something")
    shown = editor.get(f"{LIST}compare/?a={clara.pk}&b={omar.pk}").content.decode()
    assert '<li class="both">Be on time</li>' in shown
    assert '<li class="only">Spend little <span class="tag">only here</span></li>' in shown
    assert '<li class="only">Learn something <span class="tag">only here</span></li>' in shown
    assert "says nothing" in shown
    assert "They differ in" in shown


def test_the_comparison_begins_with_any_two(editor: Client, clara: Persona) -> None:
    assert "One more is needed" in editor.get(f"{LIST}compare/").content.decode()
    omar = make_persona(clara.workspace, name="Omar")
    assert "Omar" in editor.get(f"{LIST}compare/?a={omar.pk}").content.decode()
    assert editor.get(f"{LIST}compare/?a={omar.pk}&b={omar.workspace_id}").status_code == 404


def test_the_printed_page_has_no_frame(editor: Client, clara: Persona) -> None:
    shown = editor.get(f"{LIST}{clara.pk}/print/").content.decode()
    assert "<h1>Commuter Clara</h1>" in shown
    assert 'class="side"' not in shown


# --- who may -----------------------------------------------------------------------------


def test_a_viewer_may_look_and_not_touch(client_for: ClientFor, bob: User, clara: Persona) -> None:
    viewer = client_for(bob)
    for path in ("", f"{clara.pk}/", f"{clara.pk}/print/", "compare/"):
        shown = viewer.get(LIST + path)
        assert shown.status_code == 200, path
        assert "/edit/" not in shown.content.decode()
    for path in ("new/", f"{clara.pk}/edit/", f"{clara.pk}/copy/", f"{clara.pk}/delete/"):
        assert viewer.post(LIST + path, filled()).status_code == 403, path


def test_a_stranger_finds_nothing(client_for: ClientFor, mallory: User, clara: Persona) -> None:
    stranger = client_for(mallory)
    for path in ("", "edit/", "print/", "portrait/", "copy/", "delete/"):
        address = f"{LIST}{clara.pk}/{path}"
        assert stranger.get(address).status_code in {404, 405}, path
        assert stranger.post(address, filled()).status_code in {404, 405}, path
    assert stranger.get(f"{LIST}compare/?a={clara.pk}").status_code == 404


def test_who_is_not_logged_in_is_sent_to_the_door(client: Client, clara: Persona) -> None:
    assert client.get(f"{LIST}{clara.pk}/").status_code == 302
