"""Contacts that people or their programs enter: a visit to the store, a call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from cxm.api.errors import DomainError
from cxm.common.clock import day_of, now
from cxm.customers.keys import KINDS, IdentityKey
from cxm.customers.matching import CustomerFacts, Json
from cxm.customers.models import Customer, Identity
from cxm.kpis.services import mark_stale
from cxm.workspaces import audit
from cxm.workspaces.models import Membership, Workspace
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions.models import (
    Interaction,
    MessageKey,
    Source,
    SourceDay,
    StaffContact,
    Visit,
)
from touchpoints.interactions.records import (
    EARLIEST,
    OFFLINE,
    Record,
    RefusedRecordError,
    hash_id,
)
from touchpoints.interactions.services.ingest import FEED, ingest
from touchpoints.interactions.services.rollups import rebuild_days
from touchpoints.interactions.services.sources import source_called

BY_STAFF: Final = "Entered by hand"
BY_PROGRAMS: Final = "Contacts by API"
CONTACT: Final = "Contact"
# Clocks of tills and browsers run ahead a little.
AHEAD: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What is told of a contact.

    Attributes:
        event: what happened, as goals know it; "Contact" where nothing more is known.
        by: who of us had the contact.
    """

    touchpoint: Touchpoint
    occurred_at: datetime
    customer: Customer | None = None
    keys: Sequence[IdentityKey] = ()
    event: str = ""
    place: str = ""
    by: str = ""
    note: str = ""
    outcome: str = ""
    value: Decimal | None = None
    currency: str = ""


@transaction.atomic
def record_contact(
    *,
    workspace: Workspace,
    facts: ContactFacts,
    entered_by: Membership | None = None,
    source_name: str = "",
) -> StaffContact:
    """Take a contact in at once, with its sums, and remember who entered it.

    It is a visit of its own: whoever comes into the store was not carried there by a browser.

    Raises:
        DomainError: its time lies ahead or before 2000 ("bad_time"), the customer is nobody any
            more ("customer_gone"), or its values cannot be (the code of what refuses them).
    """
    if facts.occurred_at > now() + AHEAD:
        raise DomainError("The time is yet to come.", code="bad_time")
    if facts.occurred_at < EARLIEST:
        raise DomainError("The time lies before 2000.", code="bad_time")
    name = source_name or (BY_STAFF if entered_by is not None else BY_PROGRAMS)
    source = source_called(workspace=workspace, name=name, kind=Source.Kind.STAFF)
    entry = StaffContact(
        workspace=workspace,
        occurred_at=facts.occurred_at,
        source=source,
        touchpoint=facts.touchpoint,
        customer=facts.customer,
        entered_by=entered_by,
    )
    record = _record(entry, facts)
    counts = ingest(source=source, records=[record], received_at=now())
    if not counts.stored:
        raise DomainError("The contact cannot be stored as it is.", code="refused")
    stored = Interaction.objects.for_workspace(workspace).get(
        occurred_at=record.occurred_at, visit_key=_visit_of(workspace, record)
    )
    entry.interaction_id = stored.id
    entry.save(force_insert=True)
    return entry


def _visit_of(workspace: Workspace, record: Record) -> UUID:
    """Return the visit of a record: the only one on its lane."""
    found: UUID = (
        Visit.objects.for_workspace(workspace)
        .filter(started_at=record.occurred_at, lane=hash_id("visit", record.visit))
        .values_list("id", flat=True)
        .get()
    )
    return found


def _record(entry: StaffContact, facts: ContactFacts) -> Record:
    texts = {"note": facts.note, "outcome": facts.outcome}
    properties: dict[str, Json] = {key: text for key, text in texts.items() if text}
    told = {"place": facts.place, "by": facts.by}
    context: dict[str, Json] = {key: text for key, text in told.items() if text}
    try:
        return Record(
            key=f"staff:{entry.pk}",
            occurred_at=facts.occurred_at,
            kind=OFFLINE,
            event=facts.event or CONTACT,
            name=facts.outcome,
            touchpoint=facts.touchpoint.key,
            customer=_customer(facts),
            visit=f"staff:{uuid4()}",
            value=facts.value,
            currency=facts.currency,
            properties=properties,
            context=context,
        )
    except RefusedRecordError as error:
        raise DomainError(error.detail, code=error.reason) from error


def _customer(facts: ContactFacts) -> CustomerFacts | None:
    if facts.customer is None:
        return CustomerFacts(keys=tuple(facts.keys)) if facts.keys else None
    known = sorted(
        Identity.objects.filter(customer__root=facts.customer.root, shared_at=None),
        key=lambda one: (one.customer_id != facts.customer.pk, KINDS.index(one.kind), one.pk),  # type: ignore[union-attr]
    )
    if not known:
        raise DomainError("Nothing is known of this customer any more.", code="customer_gone")
    return CustomerFacts(keys=(IdentityKey(known[0].kind, known[0].system, known[0].value),))


@transaction.atomic
def undo_contact(*, entry: StaffContact, by: Membership | None) -> None:
    """Take a contact back as if it had never been entered, with its sums.

    Raises:
        DomainError: somebody else entered it, or more than ten minutes ago ("too_late").
    """
    found = StaffContact.objects.select_for_update().select_related("source").get(pk=entry.pk)
    if not found.may_be_undone(by, now()):
        raise DomainError(
            "Only who entered a contact can take it back, within ten minutes.", code="too_late"
        )
    workspace = entry.workspace
    row = (
        Interaction.objects.for_workspace(workspace)
        .filter(occurred_at=found.occurred_at, id=found.interaction_id)
        .first()
    )
    if row is not None:
        mine = Interaction.objects.for_workspace(workspace)
        mine.filter(occurred_at=row.occurred_at, id=row.id).delete()
        visits = Visit.objects.for_workspace(workspace)
        visits.filter(started_at=row.occurred_at, id=row.visit_key).delete()
        keys = MessageKey.objects.for_workspace(workspace)
        keys.filter(key=hash_id(f"staff:{found.pk}")).delete()
        SourceDay.objects.for_workspace(workspace).filter(
            source=found.source, day=day_of(row.received_at, workspace.timezone)
        ).update(received=F("received") - 1, stored=F("stored") - 1)
        day = day_of(row.occurred_at, workspace.timezone)
        rebuild_days(workspace_id=workspace.pk, timezone=workspace.timezone, days=[day])
        mark_stale(FEED, {day})
    audit.record("took back", found, {})
    found.delete()
