"""The local outbox: what the site would have mailed, readable on this machine."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from cxm.local import outbox as mails
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page

PER_PAGE = 50
# The frame shows a mail as a mail program would: no scripts, nothing fetched, links open outside.
BODY_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)


@require_safe
@never_cache
@workspace_page("workspaces.view_workspace")
def outbox(request: MemberRequest) -> HttpResponse:
    """List the mails of the current workspace, the newest first."""
    folder = _folder()
    found = mails.names(folder, str(request.workspace.pk))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render_page(
        request,
        "local/outbox.html",
        {"page": page, "mails": mails.summaries(folder, list(page)), "folder": folder},
    )


@require_safe
@never_cache
@workspace_page("workspaces.view_workspace")
def outbox_mail(request: MemberRequest, name: str) -> HttpResponse:
    """Show one mail."""
    return render_page(request, "local/mail.html", {"mail": _mail(request, name)})


@require_safe
@never_cache
@xframe_options_sameorigin
@workspace_page("workspaces.view_workspace")
def outbox_body(request: MemberRequest, name: str) -> HttpResponse:
    """Answer the HTML of a mail for the frame on its page."""
    mail = _mail(request, name)
    return HttpResponse(
        f'<base target="_blank">{mail.html}', headers={"Content-Security-Policy": BODY_POLICY}
    )


def _folder() -> Path:
    """Return the outbox; a site that sends real mail has none."""
    folder: Path | None = settings.OUTBOX_DIR
    if folder is None:
        raise Http404(_("This site sends its mail."))
    return folder


def _mail(request: MemberRequest, name: str) -> mails.Mail:
    mail = mails.read(_folder(), name, str(request.workspace.pk))
    if mail is None:
        raise Http404(_("There is no such mail."))
    return mail
