"""What the keys of reasons mean, for people."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Final[dict[str, Promise]] = {
    "no_consent": _("did not agree to be asked"),
    "suppressed": _("unsubscribed, complained, or the address bounced"),
    "no_address": _("has no e-mail address"),
    "erased": _("was erased"),
    "recently_asked": _("was asked not long ago"),
    "bad_address": _("has an address that cannot be written to"),
    "survey_closed": _("the survey was closed"),
    "refused": _("the mail server refused the mail"),
    "bounced": _("there is no such mailbox"),
    "gave_up": _("the mail server put us off too often"),
    "not_composed": _("the mail could not be written"),
    "connection_lost": _("the connection broke off before an answer"),
    "worker_lost": _("the worker ended in the middle of it"),
    "put_off": _("the mail server asked to try later"),
    "server_down": _("the mail server could not be reached"),
}


def reason_in_words(reason: str) -> str:
    """Return what a reason means; the key itself for one that is not known any more."""
    return str(REASONS.get(reason, reason))
