"""The public answer page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.kpis.models import StaleDay
from cxm.workspaces.models import Workspace
from surveys.invitations.models import Invitation
from surveys.questionnaires.models import Survey
from surveys.responses.models import Answer, Response
from tests.surveys.make import make_invited, make_reachable, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(workspace: Workspace) -> Survey:
    return make_survey(workspace)


@pytest.fixture
def invited(workspace: Workspace, survey: Survey) -> tuple[Invitation, str]:
    invitation, token, _stop = make_invited(survey, make_reachable(workspace, name="Mara Lind"))
    return invitation, f"/s/{token}/"


def browser() -> Client:
    """A browser without cookies that does enforce CSRF."""
    return Client(enforce_csrf_checks=True)


def test_a_link_of_the_mail_chooses_and_changes_nothing(
    workspace: Workspace, invited: tuple[Invitation, str]
) -> None:
    invitation, path = invited
    with workspace_scope(workspace.pk):
        before = Invitation.objects.values().get(pk=invitation.pk)
    for _ in range(3):
        page = browser().get(path, {"a": "8"})
    assert page.status_code == 200
    html = page.content.decode()
    assert 'value="8" required checked' in html
    assert html.count(" checked") == 1
    assert "<script" not in html
    assert not page.cookies
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert page["Content-Security-Policy"].startswith("default-src 'none'")
    with workspace_scope(workspace.pk):
        assert Invitation.objects.values().get(pk=invitation.pk) == before
        assert not Response.objects.exists()


def test_an_answer_comes_in_without_cookies_and_is_thanked_for(
    workspace: Workspace, survey: Survey, invited: tuple[Invitation, str]
) -> None:
    invitation, path = invited
    client = browser()
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        Invitation.objects.all()
        answer = client.post(
            path, {"score": "8", "comment": "Driver was kind, but a day late.", "reply": "on"}
        )
        assert answer.status_code == 303
        page = client.get(answer["Location"]).content.decode()
    assert "Thank you. Your answer has reached us." in page
    assert "8 of 10" in page
    assert "Driver was kind, but a day late." in page
    assert "you will get one by Wednesday, 25 November." in page
    assert "You can change it until 29 November." in page
    with workspace_scope(workspace.pk):
        response = Response.objects.get()
        assert (response.invitation_id, response.customer_id) == (
            invitation.pk,
            invitation.customer_id,
        )
        assert response.wants_reply
        assert set(response.answers.values_list("number", "text")) == {
            (8, ""),
            (None, "Driver was kind, but a day late."),
        }
        invitation.refresh_from_db()
        assert invitation.answered_at is not None
        assert StaleDay.objects.filter(feed="answers", day="2026-11-22").exists()


def test_zero_is_an_answer(workspace: Workspace, invited: tuple[Invitation, str]) -> None:
    _invitation, path = invited
    assert 'value="0" required checked' in browser().get(path, {"a": "0"}).content.decode()
    assert browser().post(path, {"score": "0"}).status_code == 303
    assert "0 of 10" in browser().get(path).content.decode()
    with workspace_scope(workspace.pk):
        assert Answer.objects.get().number == 0


@pytest.mark.parametrize("score", ["", "11", "-1", "8.5", "eight", "٣", "1e1"])
def test_what_is_not_on_the_scale_is_asked_for_again(
    workspace: Workspace, invited: tuple[Invitation, str], score: str
) -> None:
    _invitation, path = invited
    page = browser().post(path, {"score": score, "comment": "My words", "reply": "on"})
    if page.status_code == 303:
        # Another digit for a number on the scale is that number.
        with workspace_scope(workspace.pk):
            assert Answer.objects.get(number__isnull=False).number == int(score)
        return
    html = page.content.decode()
    assert page.status_code == 422
    assert "Choose a number from 0 to 10." in html
    assert "My words" in html
    assert 'name="reply" checked' in html
    with workspace_scope(workspace.pk):
        assert not Response.objects.exists()


def test_the_same_form_twice_is_one_answer(
    workspace: Workspace, invited: tuple[Invitation, str]
) -> None:
    _invitation, path = invited
    for _ in range(2):
        assert browser().post(path, {"score": "9", "comment": "Fine"}).status_code == 303
    with workspace_scope(workspace.pk):
        response = Response.objects.get()
        assert response.changed_at is None
        assert response.answers.count() == 2


def test_an_answer_can_be_changed_for_some_days(
    workspace: Workspace, survey: Survey, invited: tuple[Invitation, str]
) -> None:
    _invitation, path = invited
    browser().post(path, {"score": "3", "comment": "Late", "reply": "on"})
    form = browser().get(path, {"change": "1"}).content.decode()
    assert 'value="3" required checked' in form
    assert ">Late</textarea>" in form
    with workspace_scope(workspace.pk):
        StaleDay.objects.all().delete()

    browser().post(path, {"score": "7", "comment": ""})
    with workspace_scope(workspace.pk):
        response = Response.objects.get()
        assert response.changed_at is not None
        assert not response.wants_reply
        assert response.reply_due_at is None
        assert list(response.answers.values_list("number", "text")) == [(7, "")]
        assert StaleDay.objects.filter(feed="answers").count() == 1

    with time_machine.travel(now() + timedelta(days=8), tick=False):
        assert "Change my answer" not in browser().get(path).content.decode()
        page = browser().post(path, {"score": "0"}, follow=True)
        assert "7 of 10" in page.content.decode()
    with workspace_scope(workspace.pk):
        assert Answer.objects.get().number == 7


def test_another_score_in_the_mail_offers_the_change(invited: tuple[Invitation, str]) -> None:
    _invitation, path = invited
    browser().post(path, {"score": "3", "comment": "Late"})
    html = browser().get(path, {"a": "5"}).content.decode()
    assert 'value="5" required checked' in html
    assert ">Late</textarea>" in html
    assert "Thank you" in browser().get(path, {"a": "3"}).content.decode()


def test_a_link_past_its_time_says_so_and_stores_nothing(
    workspace: Workspace, invited: tuple[Invitation, str]
) -> None:
    _invitation, path = invited
    with time_machine.travel(now() + timedelta(days=15), tick=False):
        pages = [browser().get(path, {"a": "8"}), browser().post(path, {"score": "8"})]
    for page in pages:
        assert page.status_code == 404
        assert "This link has expired" in page.content.decode()
        assert "Nordhaven" in page.content.decode()
    with workspace_scope(workspace.pk):
        assert not Response.objects.exists()


def test_a_closed_survey_takes_no_answer(
    workspace: Workspace, survey: Survey, invited: tuple[Invitation, str]
) -> None:
    _invitation, path = invited
    with workspace_scope(workspace.pk):
        survey.status = "closed"
        survey.save()
    assert browser().post(path, {"score": "8"}).status_code == 404


def test_unknown_links_and_secrets_for_other_purposes_tell_nothing(
    workspace: Workspace, survey: Survey
) -> None:
    _invitation, token, stop = make_invited(survey, make_reachable(workspace))
    for path in ("/s/nothing/", f"/s/{stop}/", f"/u/{token}/", f"/s/{token}x/", "/s/nothing/stop/"):
        for page in (browser().get(path), browser().post(path, {"score": "8"})):
            html = page.content.decode()
            assert page.status_code == 404
            assert "This link has expired" in html
            assert "Nordhaven" not in html
    with workspace_scope(workspace.pk):
        assert not Response.objects.exists()


def test_what_a_customer_writes_is_shown_as_text(invited: tuple[Invitation, str]) -> None:
    _invitation, path = invited
    words = "<script>alert(1)</script> & <b onclick=x>\"'"
    page = browser().post(path, {"score": "1", "comment": words}, follow=True).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b onclick=x&gt;" in page
    form = browser().get(path, {"change": "1"}).content.decode()
    assert "<script>alert" not in form
    odd = browser().post(path, {"score": '"><script>', "lang": '"><script>'}).content.decode()
    assert "<script>" not in odd


def test_the_page_speaks_german(
    workspace: Workspace, survey: Survey, invited: tuple[Invitation, str]
) -> None:
    _invitation, path = invited
    page = browser().get(path, {"lang": "de", "a": "9"})
    html = page.content.decode()
    assert page["Content-Language"] == "de"
    assert '<html lang="de"' in html
    assert "Wie wahrscheinlich ist es, dass Sie Nordhaven Freunden empfehlen?" in html
    assert "Antwort senden" in html
    assert 'value="9" required checked' in html
    assert 'href="?a=9&amp;lang=en"' in html
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        answer = browser().post(path, {"score": "9", "reply": "on", "lang": "de"}, follow=True)
    thanks = answer.content.decode()
    assert "Danke. Ihre Antwort ist angekommen." in thanks
    assert "Mittwoch, 25. November" in thanks
    with workspace_scope(workspace.pk):
        assert Response.objects.get().language == "de"
    for english in ("Thank", "answer", "Change", "Stop", "Contact", "close this"):
        assert english not in thanks.replace("/stop/", "").partition("<body")[2], english


def test_a_customer_is_met_in_their_language(workspace: Workspace, survey: Survey) -> None:
    _invitation, token, _stop = make_invited(survey, make_reachable(workspace, language="de-AT"))
    assert '<html lang="de"' in browser().get(f"/s/{token}/").content.decode()


def test_a_form_sent_too_often_has_to_wait(invited: tuple[Invitation, str]) -> None:
    _invitation, path = invited
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        answers = [browser().post(path, {"score": ""}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_long_words_are_kept_to_two_thousand_characters(
    workspace: Workspace, invited: tuple[Invitation, str]
) -> None:
    _invitation, path = invited
    assert browser().post(path, {"score": "5", "comment": "x" * 2001}).status_code == 422
    lines = "\r\n".join("y" * 9 for _ in range(200))
    assert browser().post(path, {"score": "5", "comment": lines}).status_code == 303
    with workspace_scope(workspace.pk):
        assert len(Answer.objects.get(number=None).text) == 1999
