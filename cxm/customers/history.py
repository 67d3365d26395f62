"""What we learned about a person, for the timeline: consents and merges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cxm.customers.models import Consent, Customer, Merge
from cxm.customers.timeline import TimelineEntry, Wanted, timeline
from cxm.customers.words import consent_words


@timeline(key="consents", title=gettext_lazy("Consents"))
def consents(wanted: Wanted) -> Iterable[TimelineEntry]:
    """Return what the person agreed to and withdrew, by one query."""
    rows = Consent.objects.filter(customer__in=wanted.family)
    if not wanted.text:
        return [_consent(row) for row in wanted.of(rows, at="at")]
    # The words are in the reader's language, so the database cannot find them.
    every = replace(wanted, text="", limit=None)
    return _found(wanted, (_consent(row) for row in every.of(rows, at="at")))


@timeline(key="merges", title=gettext_lazy("Merges"))
def merges(wanted: Wanted) -> Iterable[TimelineEntry]:
    """Return when customers were merged into the person and taken out again; two queries."""
    every = replace(wanted, text="", limit=None) if wanted.text else wanted
    rows = Merge.objects.filter(
        Q(winner__in=wanted.family) | Q(loser__in=wanted.family)
    ).select_related("winner", "loser", "by", "undone_by")
    entries = [_merged(row, wanted) for row in every.of(rows, at="created_at")]
    undone = rows.filter(undone_at__isnull=False)
    entries += [_undone(row, wanted) for row in every.of(undone, at="undone_at")]
    return _found(wanted, entries) if wanted.text else entries


def _found(wanted: Wanted, entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    found = [entry for entry in entries if wanted.says(entry.title, entry.detail, entry.tag)]
    return found[: wanted.limit]


def _consent(row: Consent) -> TimelineEntry:
    words = consent_words(row.purpose, row.channel)
    title = _("Agreed: %(what)s") if row.granted else _("No longer: %(what)s")
    through = _("Through %(source)s.") % {"source": row.source} if row.source else ""
    return TimelineEntry(
        at=row.at,
        id=row.pk,
        icon="check" if row.granted else "cross",
        title=title % {"what": words},
        detail=f"“{row.wording}” {through}".strip() if row.wording else through,
        kind="note",
    )


def _merged(row: Merge, wanted: Wanted) -> TimelineEntry:
    return TimelineEntry(
        at=row.created_at,
        id=row.pk,
        icon="people",
        title=_("Merged: %(loser)s into %(winner)s")
        % {"loser": _named(row.loser), "winner": _named(row.winner)},
        detail=_by(row.by) or str(row.get_reason_display()) + ".",
        kind="note",
        url=_other(row, wanted),
    )


def _undone(row: Merge, wanted: Wanted) -> TimelineEntry:
    return TimelineEntry(
        at=row.undone_at or row.created_at,
        id=row.pk,
        icon="undo",
        title=_("Taken apart again: %(loser)s and %(winner)s")
        % {"loser": _named(row.loser), "winner": _named(row.winner)},
        detail=_by(row.undone_by),
        kind="note",
        url=_other(row, wanted),
    )


def _named(customer: Customer) -> str:
    return f"{customer.number} {customer.name}".strip()


def _by(user: object) -> str:
    return _("By %(name)s.") % {"name": user} if user else ""


def _other(row: Merge, wanted: Wanted) -> str:
    """Return the page of the one who is another person now, if one is."""
    for customer in (row.winner, row.loser):
        if customer.pk not in wanted.family:
            return customer.get_absolute_url()
    return ""
