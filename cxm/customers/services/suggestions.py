"""Pairs of customers who may be one person: noticed by the way, decided by people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from cxm.common.clock import now
from cxm.common.ids import uuid7
from cxm.customers.models import Customer, Identity, Suggestion, SuggestionReason
from cxm.customers.services.numbers import workspace_in_scope
from cxm.workspaces import audit
from cxm.workspaces.models import User

# Both in the order of their keys, so that transactions with the same pairs wait in a line.
_NOTE_PAIRS: Final = """
INSERT INTO customers_suggestion
    (id, workspace_id, first_id, second_id, count, last_at, created_at, updated_at)
SELECT id, %(workspace)s, first, second, count, %(at)s, %(at)s, %(at)s
FROM unnest(%(ids)s::uuid[], %(firsts)s::uuid[], %(seconds)s::uuid[], %(counts)s::int[])
    AS noticed (id, first, second, count)
ORDER BY first, second
ON CONFLICT (workspace_id, first_id, second_id) DO UPDATE SET
    count = customers_suggestion.count + excluded.count,
    last_at = greatest(customers_suggestion.last_at, excluded.last_at),
    updated_at = excluded.updated_at
RETURNING id, first_id, second_id
"""
_NOTE_REASONS: Final = """
INSERT INTO customers_suggestionreason
    (id, workspace_id, suggestion_id, identity_id, count, last_at, created_at, updated_at)
SELECT id, %(workspace)s, suggestion, identity, count, %(at)s, %(at)s, %(at)s
FROM unnest(%(ids)s::uuid[], %(suggestions)s::uuid[], %(identities)s::uuid[], %(counts)s::int[])
    AS noticed (id, suggestion, identity, count)
ORDER BY suggestion, identity
ON CONFLICT (suggestion_id, identity_id) DO UPDATE SET
    count = customers_suggestionreason.count + excluded.count,
    last_at = greatest(customers_suggestionreason.last_at, excluded.last_at),
    updated_at = excluded.updated_at
"""


class Conflict(NamedTuple):
    """An identity of one person came with the identities of another one; people by their roots."""

    person: UUID
    other: UUID
    identity: UUID


def note_conflicts(conflicts: Iterable[Conflict]) -> None:
    """Keep conflicts as possible duplicates, by two statements; none without a conflict."""
    counts = Counter(
        (*sorted((c.person, c.other)), c.identity) for c in conflicts if c.person != c.other
    )
    if not counts:
        return
    pairs: Counter[tuple[UUID, UUID]] = Counter()
    for (first, second, _identity), count in counts.items():
        pairs[first, second] += count
    workspace, moment = workspace_in_scope(), now()
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE_PAIRS,
            {
                "workspace": workspace,
                "at": moment,
                "ids": [uuid7() for _ in pairs],
                "firsts": [first for first, _ in pairs],
                "seconds": [second for _, second in pairs],
                "counts": list(pairs.values()),
            },
        )
        row_of = {(first, second): pk for pk, first, second in cursor.fetchall()}
        cursor.execute(
            _NOTE_REASONS,
            {
                "workspace": workspace,
                "at": moment,
                "ids": [uuid7() for _ in counts],
                "suggestions": [row_of[first, second] for first, second, _ in counts],
                "identities": [identity for _, _, identity in counts],
                "counts": list(counts.values()),
            },
        )


def dismiss_suggestion(*, suggestion: Suggestion, by: User | None) -> None:
    """Write down that two customers are not the same person; a repeat changes nothing.

    No alias merges them from now on, and they are not suggested again.
    """
    first, second = suggestion.first.root, suggestion.second.root
    told = Suggestion.objects.filter(
        Q(first__root=first, second__root=second) | Q(first__root=second, second__root=first),
        dismissed_at=None,
    ).update(dismissed_at=now(), dismissed_by=by, updated_at=now())
    if told:
        audit.record("told apart", suggestion.first, {"from": (None, suggestion.second)})


def tell_apart(customer: UUID, other: UUID, *, by: User | None) -> None:
    """Write down that two customers are not the same person."""
    first, second = sorted((customer, other))
    moment = now()
    Suggestion.objects.update_or_create(
        first_id=first,
        second_id=second,
        defaults={"dismissed_at": moment, "dismissed_by": by},
        create_defaults={"dismissed_at": moment, "dismissed_by": by, "last_at": moment},
    )


def forget_reasons(identity: Identity) -> None:
    """Drop the hints that rest on an identity which has changed hands, unless already decided."""
    hinted = list(
        SuggestionReason.objects.filter(identity=identity).values_list("suggestion", flat=True)
    )
    SuggestionReason.objects.filter(identity=identity).delete()
    Suggestion.objects.filter(pk__in=hinted, dismissed_at=None, reasons=None).delete()


def forget_suggestions(customers: Iterable[Customer]) -> None:
    """Delete what hints at customers who are erased."""
    ids = [customer.pk for customer in customers]
    Suggestion.objects.filter(Q(first__in=ids) | Q(second__in=ids)).delete()
