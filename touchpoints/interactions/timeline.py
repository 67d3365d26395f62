"""A customer's visits and other contacts, for the timeline and the head of their page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db.models import Count, DurationField, Exists, OuterRef, Q, QuerySet, Value
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cxm.common.clock import now
from cxm.customers.facts import Fact, fact
from cxm.customers.timeline import TimelineEntry, Wanted, timeline
from touchpoints.interactions.models import Interaction, Visit
from touchpoints.interactions.records import CLICKED, OFFLINE, PAGE_LEFT

if TYPE_CHECKING:
    from cxm.customers.models import Customer

# Far longer than a visit lasts; it keeps the search for a visit's first contact short.
LONGEST_VISIT: Final = timedelta(days=1)
MOST_NAMED: Final = 4
# A direct entry by somebody who was seen before is a sign of an earlier contact.
RETURNING: Final = gettext_lazy("Returning, direct")
# What says nothing about where in a visit somebody was.
SILENT: Final = frozenset({CLICKED, PAGE_LEFT})
# These stand for themselves; everything else of a visit is shown as one entry.
ALONE: Final = Q(kind=OFFLINE) | Q(value__isnull=False) | Q(quantity__gt=1)


@timeline(key="interactions", title=gettext_lazy("Interactions"))
def interactions_of(wanted: Wanted) -> Iterator[TimelineEntry]:
    """Return what the customer did, newest first: visits as one entry each; three queries at most.

    Who searches sees the single contacts that match.
    """
    rows = _contacts(wanted.customer, wanted.family)
    if not wanted.text:
        rows = rows.filter(ALONE | ~Exists(_earlier_in_the_visit()))
    shown = list(
        wanted.of(
            rows.select_related("touchpoint__channel", "channel"),
            at="occurred_at",
            search=("name", "event", "url", "touchpoint__name"),
        )
    )
    of_visits = [row for row in shown if not _is_alone(row)]
    visits = {} if wanted.text else _visits(wanted, of_visits)
    returning = _returning(of_visits)
    for row in shown:
        alone = _is_alone(row)
        visit = [] if alone else visits.get(row.visit_key, [])
        came_back = not alone and row.visit_key in returning
        yield _visit(row, visit, came_back) if len(visit) > 1 else _contact(row, came_back)


@fact(key="first-contact", title=gettext_lazy("First contact"), order=5)
def first_contact(customer: Customer, family: Sequence[UUID]) -> Fact | None:
    """Return when the customer first did something, and where."""
    return _when_and_where(_contacts(customer, family).order_by("occurred_at", "id"))


@fact(key="last-contact", title=gettext_lazy("Last contact"), order=10)
def last_contact(customer: Customer, family: Sequence[UUID]) -> Fact | None:
    """Return when the customer last did something, and where."""
    return _when_and_where(_contacts(customer, family).order_by("-occurred_at", "-id"))


@fact(key="visits", title=gettext_lazy("Visits, last 12 months"), order=20)
def visits_of_a_year(customer: Customer, family: Sequence[UUID]) -> Fact | None:
    """Return how often the customer came, and how many contacts that were."""
    since = now() - timedelta(days=365)
    found = (
        _contacts(customer, family)
        .filter(occurred_at__gte=since)
        .aggregate(visits=Count("visit_key", distinct=True), contacts=Count("visit_key"))
    )
    if not found["contacts"]:
        return None
    note = ngettext("%(n)d contact", "%(n)d contacts", found["contacts"])
    return Fact(f"{found['visits']:,}", note % {"n": found["contacts"]})


def _when_and_where(rows: QuerySet[Interaction]) -> Fact | None:
    row = rows.select_related("touchpoint").first()
    if row is None:
        return None
    place = row.touchpoint.name if row.touchpoint else row.title
    return Fact(date_format(localtime(row.occurred_at), "DATE_FORMAT"), place)


def _contacts(customer: Customer, family: Sequence[UUID]) -> QuerySet[Interaction]:
    return Interaction.objects.filter(
        workspace_id=customer.workspace_id, customer_id__in=family
    ).contacts()


def _earlier_in_the_visit() -> QuerySet[Interaction]:
    """Return what came before, in the same visit, the contact in the query around."""
    longest = Value(LONGEST_VISIT, output_field=DurationField())
    return (
        Interaction.objects.filter(
            workspace_id=OuterRef("workspace_id"),
            customer_id=OuterRef("customer_id"),
            visit_key=OuterRef("visit_key"),
            occurred_at__lte=OuterRef("occurred_at"),
            occurred_at__gt=OuterRef("occurred_at") - longest,
        )
        .filter(Q(occurred_at__lt=OuterRef("occurred_at")) | Q(id__lt=OuterRef("id")))
        .contacts()
        .exclude(ALONE)
        .order_by()
    )


def _visits(wanted: Wanted, first: Sequence[Interaction]) -> dict[UUID, list[Interaction]]:
    """Return the contacts of visits, oldest first, by the visit; ``first`` are their first ones."""
    if not first:
        return {}
    found: dict[UUID, list[Interaction]] = {}
    rows = (
        _contacts(wanted.customer, wanted.family)
        .filter(
            visit_key__in={row.visit_key for row in first},
            occurred_at__gte=min(row.occurred_at for row in first),
            occurred_at__lt=max(row.occurred_at for row in first) + LONGEST_VISIT,
        )
        .exclude(ALONE)
        .select_related("touchpoint")
        .order_by("occurred_at", "id")
    )
    for row in rows:
        found.setdefault(row.visit_key, []).append(row)
    return found


def _returning(first: Sequence[Interaction]) -> frozenset[UUID]:
    """Return the visits of somebody who came by themselves and had been here before."""
    direct = [row for row in first if row.channel and row.channel.key == "direct"]
    if not direct:
        return frozenset()
    found = Visit.objects.filter(
        workspace_id=direct[0].workspace_id,
        id__in={row.visit_key for row in direct},
        started_at__gte=min(row.occurred_at for row in direct) - LONGEST_VISIT,
        started_at__lte=max(row.occurred_at for row in direct),
        returning_direct=True,
    )
    return frozenset(found.order_by().values_list("id", flat=True))


def _is_alone(row: Interaction) -> bool:
    return row.kind == OFFLINE or row.value is not None or row.quantity > 1


def _visit(first: Interaction, contacts: Sequence[Interaction], came_back: bool) -> TimelineEntry:
    last = max(_end(row) for row in contacts)
    minutes = round((last - first.occurred_at).total_seconds() / 60)
    title = _("Visit")
    if minutes:
        title = ngettext("Visit, %(n)d minute", "Visit, %(n)d minutes", minutes) % {"n": minutes}
    channel = first.channel.name if first.channel else ""
    return TimelineEntry(
        at=first.occurred_at,
        id=first.id,
        icon=first.icon,
        title=title,
        detail=_places(contacts),
        tag=str(RETURNING) if came_back else channel,
    )


def _end(row: Interaction) -> datetime:
    return row.occurred_at + timedelta(seconds=row.dwell_seconds or 0)


def _places(contacts: Iterable[Interaction]) -> str:
    """Name where somebody was, in order and each once."""
    names = dict.fromkeys(
        row.touchpoint.name if row.touchpoint and not row.name else row.title
        for row in contacts
        if row.event not in SILENT
    )
    shown = list(names)[:MOST_NAMED]
    said = ", ".join(shown)
    if left := len(names) - len(shown):
        said += " " + ngettext("and %(n)d more", "and %(n)d more", left) % {"n": left}
    return said


def _contact(row: Interaction, came_back: bool) -> TimelineEntry:
    return TimelineEntry(
        at=row.occurred_at,
        id=row.id,
        icon=row.icon,
        title=row.title,
        detail=" · ".join(filter(None, (_detail(row), str(RETURNING) if came_back else ""))),
        tag=row.touchpoint.name if row.touchpoint else "",
        url=row.touchpoint.get_absolute_url() if row.touchpoint else "",
    )


def _detail(row: Interaction) -> str:
    parts: list[str] = []
    if row.quantity > 1:
        parts.append(ngettext("%(n)d view", "%(n)d views", row.quantity) % {"n": row.quantity})
    if row.value is not None:
        parts.append(f"{row.value:,.2f} {row.currency}".strip())
    for name in ("note", "place"):
        said = row.properties.get(name)
        if isinstance(said, str) and said.strip():
            parts.append(said.strip()[:200])
    if row.url:
        parts.append(row.url[:120])
    return " · ".join(parts)
