"""The public way out of a mail, and the admin's page that sends a campaign."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from surveys.invitations import services
from surveys.invitations.models import Campaign, Invitation, InvitationToken
from surveys.invitations.public import public_page, spoken_language, unknown_link
from surveys.invitations.reports import audience, find_token, progress
from surveys.invitations.tasks import send_due
from surveys.invitations.words import reason_in_words

logger = logging.getLogger(__name__)


@csrf_exempt  # mail programs post without a cookie (RFC 8058); the secret is in the address
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET, which changes nothing; stop the invitations on POST."""
    found = find_token(token, InvitationToken.Purpose.UNSUBSCRIBE)
    if found is None:
        return unknown_link(request)
    with workspace_scope(found.workspace_id):
        return stop_page(request, found.invitation)


def stop_page(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Show the page that stops invitations, or do so on POST; inside the workspace's scope."""
    survey = invitation.campaign.survey
    language = spoken_language(
        request,
        survey.languages,
        invitation.language
        or survey.language_for(invitation.customer.language, invitation.workspace.language),
    )
    done = request.method == "POST"
    if done:
        services.unsubscribe(invitation=invitation)
    return public_page(
        request,
        "invitations/unsubscribe.html",
        {"done": done},
        language=language,
        workspace=invitation.workspace,
        languages=survey.languages,
    )


@workspace_page("invitations.view_campaign")
def campaign_page(request: MemberRequest, campaign_id: UUID) -> HttpResponse:
    """Show whom a campaign would reach, send it, and show how far it is."""
    campaign = _campaign(campaign_id)
    may_send = request.user.has_perm("invitations.change_campaign")
    if request.method == "POST":
        if not may_send:
            raise PermissionDenied
        _act(request, campaign)
        return HttpResponseRedirect(reverse("campaign_send", args=[campaign.pk]))
    draft = campaign.status == Campaign.Status.DRAFT
    chosen = audience(campaign) if draft else None
    return render_page(
        request,
        "invitations/campaign.html",
        {
            "campaign": campaign,
            "may_send": may_send,
            "draft": draft,
            "allowed": len(chosen.allowed) if chosen else 0,
            "refused": len(chosen.refused) if chosen else 0,
            "reasons": _in_words(chosen.reasons) if chosen else [],
            **(_progress(campaign) if not draft else {}),
        },
    )


@workspace_page("invitations.view_campaign")
def campaign_progress(request: MemberRequest, campaign_id: UUID) -> HttpResponse:
    """Answer the part of the page that shows how far a campaign is; asked for while it runs."""
    campaign = _campaign(campaign_id)
    return render_page(
        request, "invitations/_progress.html", {"campaign": campaign, **_progress(campaign)}
    )


def _campaign(campaign_id: UUID) -> Campaign:
    return get_object_or_404(
        Campaign.objects.select_related("survey", "segment", "workspace"), pk=campaign_id
    )


def _progress(campaign: Campaign) -> dict[str, object]:
    found = progress(campaign)
    counts = found.counts
    return {
        "progress": found,
        "running": campaign.status == Campaign.Status.SENDING,
        "sent": counts.get(Invitation.Status.SENT, 0),
        "uncertain": counts.get(Invitation.Status.UNCERTAIN, 0),
        "failed": counts.get(Invitation.Status.FAILED, 0),
        "skipped": counts.get(Invitation.Status.SKIPPED, 0),
        "reasons_left_out": _in_words([(key, n) for key, n in found.reasons if key]),
    }


def _in_words(reasons: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(reason_in_words(reason), n) for reason, n in reasons]


def _act(request: MemberRequest, campaign: Campaign) -> None:
    """Do what a button of the page asks for, and say what came of it."""
    verb = request.POST.get("do", "")
    try:
        if verb == "launch":
            services.launch_campaign(campaign=campaign)
            # Only a nudge: the workers find the rows by themselves within seconds.
            transaction.on_commit(lambda: _nudge(campaign))
            messages.success(request, _("The invitations are on their way."))
        elif verb == "pause":
            services.pause_campaign(campaign=campaign)
        elif verb == "resume":
            services.resume_campaign(campaign=campaign)
        elif verb == "test":
            services.send_test(
                survey=campaign.survey,
                campaign=campaign,
                address=request.user.email,
                url=f"{settings.SITE_URL}{reverse('survey_preview', args=[campaign.survey_id])}",
            )
            messages.success(request, _("A test mail is on its way to %s.") % request.user.email)
        else:
            return
    except DomainError as error:
        messages.error(request, error.detail)
        return
    audit.record({"launch": "sent", "test": "tested"}.get(verb, f"{verb}d"), campaign, {})


def _nudge(campaign: Campaign) -> None:
    """Wake a worker. Whatever the broker has against it, the rows are found by the next round."""
    try:
        send_due.delay(str(campaign.workspace_id))
    except Exception:
        logger.exception("The broker could not be reached; the next round sends.")
