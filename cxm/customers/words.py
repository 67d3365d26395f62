"""What the room's vocabulary is called on pages."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cxm.customers import vocabulary as v

PURPOSE_WORDS: Final[dict[str, str | Promise]] = {
    v.SURVEY: pgettext_lazy("consent", "Ask for feedback"),
    v.SERVICE: pgettext_lazy("consent", "Follow up"),
    v.TRACKING: pgettext_lazy("consent", "Link visits"),
    v.MARKETING: pgettext_lazy("consent", "Advertise"),
}
CHANNEL_WORDS: Final[dict[str, str | Promise]] = {
    v.CHANNEL_EMAIL: pgettext_lazy("consent", "by e-mail"),
    v.CHANNEL_SMS: pgettext_lazy("consent", "by text message"),
    v.CHANNEL_PHONE: pgettext_lazy("consent", "by phone"),
    v.CHANNEL_WEB: pgettext_lazy("consent", "on the web"),
    v.CHANNEL_POST: pgettext_lazy("consent", "by post"),
}
REASON_WORDS: Final[dict[str, str | Promise]] = {
    v.UNSUBSCRIBED: gettext_lazy("unsubscribed"),
    v.COMPLAINT: gettext_lazy("complained"),
    v.BOUNCE: gettext_lazy("bounced"),
    v.MANUAL: gettext_lazy("stopped by hand"),
}


def consent_words(purpose: str, channel: str) -> str:
    """Return "Ask for feedback by e-mail"."""
    return _("%(purpose)s %(channel)s") % {
        "purpose": PURPOSE_WORDS.get(purpose, purpose),
        "channel": CHANNEL_WORDS.get(channel, channel),
    }
