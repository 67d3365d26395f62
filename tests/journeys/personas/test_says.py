"""What the customers of a persona's segment say: on its sheet and side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.test import Client

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.customers.models import Customer, Segment
from cxm.workspaces.models import User, Workspace
from journeys.personas.models import Persona
from journeys.personas.reports import apart, nps_of, said_by
from surveys.responses.services import Submission, submit_responses
from tests.cxm.customers.make import make_customer, make_segment
from tests.journeys.counting import queries_of
from tests.journeys.make import make_persona
from tests.surveys.make import make_invited, make_survey, make_touchpoint
from touchpoints.catalogue.models import Touchpoint

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
LIST = "/app/personas/"


@pytest.fixture
def few(workspace: Workspace) -> Workspace:
    """The workspace, in which three answers are enough."""
    workspace.min_answers = 3
    with workspace_scope(workspace.pk):
        workspace.save()
    return workspace


@pytest.fixture
def segment(few: Workspace) -> Segment:
    return make_segment(few, ("language", "", "is", "de"), name="Germans")


@pytest.fixture
def hanna(few: Workspace, segment: Segment) -> Persona:
    with workspace_scope(few.pk):
        return make_persona(few, name="Hanna", segment=segment)


@pytest.fixture
def editor(client_for: ClientFor, alice: User) -> Client:
    return client_for(alice)


def make_answers(
    workspace: Workspace,
    scores: Sequence[int],
    *,
    of: Customer,
    at: Touchpoint | None = None,
    days_ago: int = 3,
) -> None:
    """Make answers of one customer, about us as a whole or about a touchpoint."""
    about = {"kind": "transactional", "touchpoint": at} if at else {}
    moment = now() - timedelta(days=days_ago)
    with workspace_scope(workspace.pk):
        submit_responses(
            survey=make_survey(workspace, name=f"About {at}", **about),
            submissions=[Submission(moment, score, customer_id=of.pk) for score in scores],
        )


def says(client: Client, persona: Persona) -> str:
    answer = client.get(f"{LIST}{persona.pk}/says/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_sheet_fetches_what_they_say_afterwards(editor: Client, hanna: Persona) -> None:
    shown = editor.get(f"{LIST}{hanna.pk}/").content.decode()
    assert f'hx-get="{LIST}{hanna.pk}/says/" hx-trigger="load"' in shown


def test_the_card_counts_this_segment_alone(editor: Client, hanna: Persona) -> None:
    ours = hanna.workspace
    german, french = make_customer(ours, language="de"), make_customer(ours, language="fr")
    make_answers(ours, [9, 9, 9, 2], of=german)
    make_answers(ours, [0] * 50, of=french)
    shown = says(editor, hanna)
    assert "<b>50</b>" in shown
    assert "n 4 answers" in shown
    assert "over the last 90 days" in shown
    assert "Too few in the 90 days before to compare" in shown
    assert "Nobody was invited." in shown
    assert "No survey about a touchpoint was answered by them." in shown


def test_a_clear_change_is_named(editor: Client, hanna: Persona) -> None:
    german = make_customer(hanna.workspace, language="de")
    make_answers(hanna.workspace, [0] * 40, of=german)
    make_answers(hanna.workspace, [10] * 40, of=german, days_ago=100)
    assert "200 lower, a clear change" in says(editor, hanna)


def test_touchpoints_stand_worst_first_and_link_to_their_pages(
    editor: Client, hanna: Persona
) -> None:
    ours = hanna.workspace
    german = make_customer(ours, language="de")
    places = {name: make_touchpoint(ours, name=name) for name in ("Good", "Bad", "Rare")}
    make_answers(ours, [10, 10, 8], of=german, at=places["Good"])
    make_answers(ours, [0, 0, 9], of=german, at=places["Bad"])
    make_answers(ours, [0, 0], of=german, at=places["Rare"])
    shown = says(editor, hanna)
    order = [shown.index(f">{name}</a>") for name in ("Bad", "Good", "Rare")]
    assert order == sorted(order)
    assert f'href="/app/touchpoints/{places["Bad"].pk}/"' in shown
    assert "<b>\u221233</b>" in shown
    # Of two answers the value would tell what each of them was.
    assert "Too few answers: 2 of 3." in shown
    assert "\u2212100" not in shown.split("</h3>")[-1]


def test_at_most_eight_touchpoints_are_listed(editor: Client, hanna: Persona) -> None:
    german = make_customer(hanna.workspace, language="de")
    for number in range(10):
        place = make_touchpoint(hanna.workspace, name=f"Place {number}")
        make_answers(hanna.workspace, [number, 9, 9], of=german, at=place)
    shown = says(editor, hanna)
    assert shown.count('href="/app/touchpoints/') == 8
    assert "and 2 more touchpoints" in shown


def test_below_the_minimum_there_is_no_value(editor: Client, hanna: Persona) -> None:
    german = make_customer(hanna.workspace, language="de")
    make_answers(hanna.workspace, [9, 9], of=german)
    shown = says(editor, hanna)
    assert "Too few answers: 2 of 3." in shown
    assert "100" not in shown.replace("\u2212100 to 100", "")


def test_the_response_rate_counts_invitations(editor: Client, hanna: Persona) -> None:
    ours = hanna.workspace
    survey = make_survey(ours)
    for number in range(4):
        invitation, _token, _stop = make_invited(
            survey, make_customer(ours, language="de"), at=now() - timedelta(days=2)
        )
        if number == 0:
            with workspace_scope(ours.pk):
                type(invitation).objects.update(answered_at=now())
    shown = says(editor, hanna).replace("\u202f", " ")
    assert "<b>25 %</b>" in shown
    assert "n 4 invitations" in shown


def test_without_answers_the_card_says_what_to_do(
    editor: Client, client_for: ClientFor, bob: User, hanna: Persona
) -> None:
    assert "Nobody is in this segment now" in says(editor, hanna)
    make_customer(hanna.workspace, language="de")
    shown = says(editor, hanna)
    assert "No answers in the last 90 days" in shown
    invite = f"/admin/invitations/campaign/add/?segment={hanna.segment_id and hanna.segment_id.hex}"
    assert invite in shown
    assert editor.get(invite).status_code == 200
    assert "/add/" not in says(client_for(bob), hanna)


def test_without_a_segment_only_who_may_edit_is_asked_to_choose(
    editor: Client, client_for: ClientFor, bob: User, workspace: Workspace
) -> None:
    with workspace_scope(workspace.pk):
        persona = make_persona(workspace)
    page = f"{LIST}{persona.pk}/"
    assert "#id_segment" in editor.get(page).content.decode()
    assert "#id_segment" not in client_for(bob).get(page).content.decode()
    assert editor.get(f"{page}says/").status_code == 404


def test_the_card_costs_the_same_with_more_answers(editor: Client, hanna: Persona) -> None:
    ours = hanna.workspace
    german = make_customer(ours, language="de")
    make_answers(ours, [9, 9, 0], of=german, at=make_touchpoint(ours))
    path = f"{LIST}{hanna.pk}/says/"
    editor.get(path)
    before = queries_of(editor, path)
    for number in range(5):
        make_answers(
            ours,
            [9, 9, number],
            of=make_customer(ours, language="de"),
            at=make_touchpoint(ours),
            days_ago=number,
        )
    assert queries_of(editor, path) == before


def test_a_stranger_sees_nothing(client_for: ClientFor, mallory: User, hanna: Persona) -> None:
    assert client_for(mallory).get(f"{LIST}{hanna.pk}/says/").status_code == 404


def test_other_workspaces_are_not_counted(
    editor: Client, hanna: Persona, other_workspace: Workspace
) -> None:
    make_answers(other_workspace, [0] * 9, of=make_customer(other_workspace, language="de"))
    make_answers(hanna.workspace, [9] * 5, of=make_customer(hanna.workspace, language="de"))
    with workspace_scope(hanna.workspace_id):
        assert hanna.segment is not None
        said = said_by(hanna.segment, hanna.workspace)
    assert said.nps is not None
    assert (said.nps.value, said.nps.figure.n) == (100, 5)


def test_two_personas_show_their_nps_side_by_side(editor: Client, hanna: Persona) -> None:
    ours = hanna.workspace
    french = make_segment(ours, ("language", "", "is", "fr"), name="French")
    with workspace_scope(ours.pk):
        omar = make_persona(ours, name="Omar", segment=french)
    path = f"{LIST}compare/?a={hanna.pk}&b={omar.pk}"
    make_answers(ours, [9] * 20 + [0], of=make_customer(ours, language="de"))
    shown = editor.get(path).content.decode()
    assert "n 21" in shown
    assert "No answers yet." in shown
    other = make_customer(ours, language="fr")
    make_answers(ours, [9, 0], of=other)
    assert "Too few answers: 2 of 3." in editor.get(path).content.decode()
    make_answers(ours, [9], of=other)
    assert "no clear difference" in editor.get(path).content.decode()
    make_answers(ours, [0] * 40, of=other)
    assert "a clear difference" in editor.get(path).content.decode()
    with workspace_scope(ours.pk):
        assert apart(nps_of(hanna, ours), None, ours) is None
        omar.segment = None
        omar.save()
    assert "Bound to no segment yet" in editor.get(path).content.decode()
