"""What is known about one person: handed out, and forgotten.

Both read nothing but the ``personal_data`` that each model declares beside its columns (see
``cxm.common.personal``), so a room above takes part by declaring and is never named here.
Both run inside the customer's workspace scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypedDict
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from cxm.common.clock import now
from cxm.common.personal import PersonalData
from cxm.customers.keys import address_hash
from cxm.customers.matching import Json
from cxm.customers.models import Customer, Identity, Suppression
from cxm.customers.reports import person_of
from cxm.customers.services import forget_suggestions, lock_identities
from cxm.customers.vocabulary import ADDRESS_KIND
from cxm.workspaces import audit

# Of no meaning to the person: what ties rows together, and secrets' fingerprints.
NOT_EXPORTED = ("workspace", "customer", "merged_into", "root")
FINGERPRINTS = ("_hash",)


class ColumnNotes(TypedDict):
    """Why a personal column is kept, and for how long."""

    purpose: str
    retention: str


class ExportedTable(TypedDict):
    """All rows of one kind about the customer."""

    title: str
    columns: dict[str, ColumnNotes]
    rows: list[dict[str, Json]]


class CustomerExport(TypedDict):
    """Everything that is kept about one customer, ready for JSON."""

    customer: str
    exported_at: str
    tables: dict[str, ExportedTable]
    suppressed_channels: list[str]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure did: number of rows by the model's label."""

    deleted: dict[str, int]
    blanked: dict[str, int]


def personal_models() -> Iterator[tuple[type[models.Model], PersonalData]]:
    """Yield each model with personal data of customers, with its declaration."""
    for model in apps.get_models():
        declared = getattr(model, "personal_data", None)
        if isinstance(declared, PersonalData) and declared.customer is not None:
            yield model, declared


def export_customer(customer: Customer) -> CustomerExport:
    """Return everything that is kept about a person; the export is audited.

    That is what is stored with any customer of the family. A personal column that declares
    ``export=False`` is left out.
    """
    tables: dict[str, ExportedTable] = {}
    with transaction.atomic():
        person = person_of(customer)
        for model, declared in personal_models():
            columns = _exported_columns(model, declared)
            found = _rows_of(model, declared, person.ids).order_by("pk")
            rows = [{field.name: _plain(field, row) for field in columns} for row in found]
            if rows:
                tables[model._meta.label_lower] = ExportedTable(
                    title=str(model._meta.verbose_name_plural),
                    columns={
                        name: ColumnNotes(purpose=note.purpose, retention=note.retention)
                        for name, note in declared.fields.items()
                        if note.export
                    },
                    rows=rows,
                )
        audit.record("exported", person.customer, {})
        return CustomerExport(
            customer=person.customer.number,
            exported_at=now().isoformat(),
            tables=tables,
            suppressed_channels=_suppressed_channels(person.ids),
        )


def erase_customer(customer: Customer) -> Erasure:
    """Forget a person: all customers of the family, all at once or not at all.

    Rows are deleted, emptied of their personal columns, or kept, as each model declares. The
    customers' rows stay with their numbers and ``erased_at``, so that figures keep their counts
    and other systems learn of it. Suppressed addresses are hashes and stay. Erasing somebody
    who was erased does nothing.
    """
    erasure = Erasure(deleted={}, blanked={})
    with transaction.atomic():
        # Nobody may give the customer a new identity, or merge them, meanwhile.
        lock_identities()
        root = Customer.objects.values_list("root", flat=True).get(pk=customer.pk)
        family = list(Customer.objects.filter(root=root).order_by("pk").select_for_update())
        if all(member.is_erased for member in family):
            customer.refresh_from_db(fields=["erased_at"])
            return erasure
        ids = [member.pk for member in family]
        forget_suggestions(family)
        declarations = list(personal_models())
        # First empty, then delete: a row that is emptied may be found through one that goes.
        for model, declared in declarations:
            if declared.on_erase == "blank" and declared.fields:
                rows = _rows_of(model, declared, ids)
                count = rows.update(**blanks(model, declared))
                if count:
                    erasure.blanked[model._meta.label_lower] = count
        for model, declared in declarations:
            if declared.on_erase == "delete":
                _, counts = _rows_of(model, declared, ids).delete()
                for label, count in counts.items():
                    known = erasure.deleted.get(label.lower(), 0)
                    erasure.deleted[label.lower()] = known + count
        moment = now()
        Customer.objects.filter(pk__in=ids).update(erased_at=moment, updated_at=moment)
        for member in family:
            member.refresh_from_db()
            audit.record("erased", member, {})
    customer.refresh_from_db()
    return erasure


def _rows_of(
    model: type[models.Model], declared: PersonalData, customers: Sequence[UUID]
) -> models.QuerySet[models.Model]:
    path = declared.customer or "pk"
    return model._base_manager.filter(**{f"{path}__in": customers})


def _exported_columns(
    model: type[models.Model], declared: PersonalData
) -> list[models.Field[object, object]]:
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and field.name not in NOT_EXPORTED
        and not field.name.endswith(FINGERPRINTS)
        and (field.name not in declared.fields or declared.fields[field.name].export)
    ]


def _plain(field: models.Field[object, object], row: models.Model) -> Json:
    value: object = field.value_from_object(row)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value)


def blanks(model: type[models.Model], declared: PersonalData) -> dict[str, object]:
    """Return what each personal column of a model holds once it is emptied."""
    return {name: _blank(model._meta.get_field(name)) for name in declared.fields}


def _blank(field: object) -> object:
    """Return what an emptied column holds: nothing where it may, else an empty value."""
    if not isinstance(field, models.Field):
        raise TypeError(f"{field} is no column and cannot be personal.")
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return field.get_default() if field.has_default() else {}
    if isinstance(field, (models.CharField, models.TextField, models.FileField)):
        return ""
    return field.get_default()


def _suppressed_channels(customers: Sequence[UUID]) -> list[str]:
    """Return the channels on which an address of the person is suppressed."""
    identities = list(
        Identity.objects.filter(customer__in=customers).order_by().values_list("kind", "value")
    )
    hashes = {
        (channel, address_hash(channel, value))
        for channel, wanted in ADDRESS_KIND.items()
        for kind, value in identities
        if kind == wanted
    }
    found = Suppression.objects.filter(address_hash__in={digest for _, digest in hashes})
    rows = found.order_by().values_list("channel", "address_hash")
    return sorted({channel for channel, digest in rows if (channel, digest) in hashes})
