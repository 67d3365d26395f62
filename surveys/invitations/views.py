"""The public way out of a mail, and the admin's page that sends a campaign."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cxm.common.scope import workspace_scope
from surveys.invitations import services
from surveys.invitations.models import Invitation, InvitationToken
from surveys.invitations.public import public_page, spoken_language, unknown_link
from surveys.invitations.reports import find_token


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
