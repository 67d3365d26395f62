"""The team's pages of surveys, campaigns and results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, User, Workspace
from surveys.invitations.models import Campaign, Invitation
from surveys.invitations.services import send_due
from surveys.questionnaires.models import Question, Survey
from surveys.responses.models import Response
from surveys.responses.services import Submission, submit_responses
from tests.surveys.conftest import MailServer
from tests.surveys.make import (
    make_campaign,
    make_launched,
    make_reachable,
    make_survey,
    make_touchpoint,
)

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


def answer(survey: Survey, scores: list[int], comment: str = "") -> None:
    moment = now()
    with workspace_scope(survey.workspace_id):
        submit_responses(
            survey=survey,
            submissions=[
                Submission(
                    submitted_at=moment - timedelta(hours=place), score=score, comment=comment
                )
                for place, score in enumerate(scores)
            ],
        )


def test_a_survey_made_in_the_admin_comes_with_its_questions(
    workspace: Workspace, alice: User, client_for: ClientFor
) -> None:
    client = client_for(alice)
    page = client.post(
        reverse("admin:questionnaires_survey_add"),
        {
            "name": "After delivery",
            "kind": "relational",
            "touchpoint": "",
            "status": "active",
            "languages": ["en", "de"],
            "change_days": 7,
            "reply_days": 3,
        },
    )
    assert page.status_code == 302, page.content.decode()[:2000]
    with workspace_scope(workspace.pk):
        survey = Survey.objects.get()
        assert list(survey.questions.values_list("kind", flat=True)) == ["nps", "comment"]
        assert survey.questions.get(kind="nps").texts.count() == 2
        question = Question.objects.get(kind="nps")
        assert AuditEntry.objects.filter(action="added", object_id=str(survey.pk)).exists()
    for name, pk in (
        ("admin:questionnaires_survey_change", survey.pk),
        ("admin:questionnaires_question_change", question.pk),
        ("survey_preview", survey.pk),
        ("results_survey", survey.pk),
    ):
        assert client.get(reverse(name, args=[pk])).status_code == 200, name


def test_the_preview_shows_the_public_page_and_cannot_send(
    workspace: Workspace, bob: User, client_for: ClientFor
) -> None:
    survey = make_survey(workspace)
    page = client_for(bob).get(
        reverse("survey_preview", args=[survey.pk]), {"lang": "de", "a": "8"}
    )
    html = page.content.decode()
    assert "Wie wahrscheinlich" in html
    assert 'value="8" required checked' in html
    assert "<form" not in html


def test_a_campaign_is_counted_sent_and_followed(
    workspace: Workspace,
    alice: User,
    client_for: ClientFor,
    mail_server: MailServer,
) -> None:
    for _ in range(3):
        make_reachable(workspace)
    refused = make_reachable(workspace)
    with workspace_scope(workspace.pk):
        refused.consents.all().delete()
        campaign = make_campaign(make_survey(workspace))
    client = client_for(alice)
    url = reverse("campaign_send", args=[campaign.pk])

    html = client.get(url).content.decode()
    assert "3 customers get" in html
    assert "did not agree to be asked" in html
    with workspace_scope(workspace.pk):
        assert not Invitation.objects.exists()

    assert client.post(url, {"do": "test"}).status_code == 302
    assert mail_server.recipients == ["alice@example.com"]
    assert client.post(url, {"do": "launch"}).status_code == 302
    with workspace_scope(workspace.pk):
        assert Invitation.objects.filter(status="queued").count() == 3
    assert "hx-get" in client.get(url).content.decode()
    client.post(url, {"do": "pause"})
    assert "Go on sending" in client.get(url).content.decode()
    client.post(url, {"do": "resume"})
    with workspace_scope(workspace.pk):
        send_due(workspace=workspace)
        verbs = list(AuditEntry.objects.order_by("created_at").values_list("action", flat=True))
    assert verbs == ["tested", "sent", "paused", "resumed"]
    part = client.get(reverse("campaign_progress", args=[campaign.pk]))
    assert "Everything is sent" in part.content.decode()
    assert "hx-get" not in part.content.decode()


def test_a_viewer_sends_nothing(workspace: Workspace, bob: User, client_for: ClientFor) -> None:
    make_reachable(workspace)
    campaign = make_campaign(make_survey(workspace))
    url = reverse("campaign_send", args=[campaign.pk])
    assert client_for(bob).get(url).status_code == 200
    assert client_for(bob).post(url, {"do": "launch"}).status_code == 403
    with workspace_scope(workspace.pk):
        assert Campaign.objects.get().status == "draft"


def test_a_stranger_finds_none_of_it(
    workspace: Workspace, mallory: User, client_for: ClientFor
) -> None:
    survey = make_survey(workspace)
    campaign = make_campaign(survey)
    client = client_for(mallory)
    for name, pk in (
        ("campaign_send", campaign.pk),
        ("campaign_progress", campaign.pk),
        ("results_survey", survey.pk),
        ("results_export", survey.pk),
        ("survey_preview", survey.pk),
    ):
        assert client.get(reverse(name, args=[pk])).status_code == 404, name


def test_lists_of_the_admin_cost_the_same_for_many_rows(
    workspace: Workspace,
    alice: User,
    client_for: ClientFor,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = client_for(alice)
    survey = make_survey(workspace)
    for _ in range(12):
        make_reachable(workspace)
    for number in range(3):
        make_survey(workspace, name=f"Survey {number}")
        with workspace_scope(workspace.pk):
            workspace.contact_gap_days = 0
            workspace.save()
        make_launched(survey, name=f"Campaign {number}")
    answer(survey, [10, 9, 0], "Words")
    for name in (
        "admin:questionnaires_survey_changelist",
        "admin:invitations_campaign_changelist",
        "admin:invitations_invitation_changelist",
        "admin:responses_response_changelist",
    ):
        with django_assert_max_num_queries(28):  # type: ignore[attr-defined]
            assert client.get(reverse(name)).status_code == 200, name


def test_results_show_figures_distribution_and_comments(
    workspace: Workspace,
    bob: User,
    client_for: ClientFor,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    place = make_touchpoint(workspace, name="Parcel hand-over")
    survey = make_survey(workspace, kind="transactional", touchpoint=place)
    answer(survey, [10] * 20 + [8] * 10 + [0] * 10, "<b>Words</b> & more")
    client = client_for(bob)
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]
        html = client.get(reverse("results_survey", args=[survey.pk])).content.decode()
    assert "NPS is 25" in html
    assert "n 40" in html
    assert "&lt;b&gt;Words&lt;/b&gt; &amp; more" in html
    assert "<b>Words" not in html
    assert "Parcel hand-over" in html
    detractors = client.get(
        reverse("results_survey", args=[survey.pk]), {"show": "detractor"}
    ).content.decode()
    assert detractors.count('class="quote"') == 6
    assert "show=detractor&amp;n=26#comments" in detractors
    more = client.get(
        reverse("results_survey", args=[survey.pk]), {"show": "detractor", "n": "26"}
    ).content.decode()
    assert more.count('class="quote"') == 10
    assert "Show more" not in more
    assert client.get(reverse("results")).status_code == 302
    odd = client.get(
        reverse("results_survey", args=[survey.pk]), {"show": "x", "days": "7", "n": "-3"}
    )
    assert odd.status_code == 200


def test_too_few_answers_show_no_score(
    workspace: Workspace, bob: User, client_for: ClientFor
) -> None:
    survey = make_survey(workspace)
    answer(survey, [10] * 12)
    html = client_for(bob).get(reverse("results_survey", args=[survey.pk])).content.decode()
    assert "Not enough data (n = 12)" in html
    assert "NPS is" not in html


def test_the_results_of_nothing_say_what_to_do(
    workspace: Workspace, bob: User, client_for: ClientFor
) -> None:
    assert "Make a survey" in client_for(bob).get(reverse("results")).content.decode()
    survey = make_survey(workspace)
    html = client_for(bob).get(reverse("results_survey", args=[survey.pk])).content.decode()
    assert "No answers yet." in html


def test_the_export_defuses_formulas(
    workspace: Workspace, bob: User, client_for: ClientFor
) -> None:
    survey = make_survey(workspace)
    answer(survey, [0], "=HYPERLINK(1)")
    page = client_for(bob).get(reverse("results_export", args=[survey.pk]))
    text = page.content.decode()
    assert text.startswith("response,submitted_at,customer")
    assert ",0,'=HYPERLINK(1)," in text
    with workspace_scope(workspace.pk):
        assert AuditEntry.objects.get().action == "exported answers"


def test_a_reply_is_noted(workspace: Workspace, alice: User, client_for: ClientFor) -> None:
    survey = make_survey(workspace)
    with workspace_scope(workspace.pk):
        submit_responses(
            survey=survey,
            submissions=[
                Submission(submitted_at=now() - timedelta(days=9), score=2, wants_reply=True)
            ],
        )
        response = Response.objects.get()
    client = client_for(alice)
    home = client.get(reverse("admin:index")).content.decode()
    assert "Replies were promised and are overdue" in home
    client.post(
        reverse("admin:responses_response_changelist"),
        {"action": "note_reply", "_selected_action": [str(response.pk)]},
    )
    with workspace_scope(workspace.pk):
        response.refresh_from_db()
        assert response.replied_at is not None
    home = client.get(reverse("admin:index")).content.decode()
    assert "Replies were promised and are overdue" not in home
