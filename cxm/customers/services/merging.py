"""Customers who turn out to be one person: merged, and taken apart again.

A merge moves nothing. It makes one customer a part of another one's family; whatever was stored
with either stays with them, and readers ask for the family. So a merge is undone by taking its
edge away, whatever was merged before or after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.common.deadlocks import again_after_deadlock
from cxm.customers import families
from cxm.customers.models import Customer, Merge
from cxm.customers.services.numbers import lock_identities, workspace_in_scope
from cxm.customers.services.suggestions import tell_apart
from cxm.workspaces import audit
from cxm.workspaces.models import User

ERASED = "A customer who was erased is nobody any more and cannot be merged."


@again_after_deadlock
@transaction.atomic
def merge(
    *,
    winner: Customer,
    loser: Customer,
    by: User | None = None,
    reason: Merge.Reason = Merge.Reason.MANUAL,
) -> Merge:
    """Make two customers one person; return the merge that says so.

    It joins their whole families. Of two who are one person already, the merge that made them so
    is returned and nothing changes.

    Args:
        winner: who stays; their facts stand first.
        loser: who is found as a part of the winner from now on.

    Raises:
        DomainError: one was erased ("customer_erased"), both are the same ("same_customer"), or
            they are of different workspaces ("other_workspace").
    """
    if winner.pk == loser.pk:
        raise DomainError("Nobody is merged into themselves.", code="same_customer")
    if {winner.workspace_id, loser.workspace_id} != {workspace_in_scope()}:
        raise DomainError("Customers of two workspaces are never merged.", code="other_workspace")
    made = join_many([(winner.pk, loser.pk)], reason=reason, by=by)
    winner.refresh_from_db()
    loser.refresh_from_db()
    if made:
        audit.record("merged", loser, {"into": (None, winner)})
        return made[0]
    edges = {edge.loser_id: edge for edge in Merge.objects.active().filter(loser__root=winner.root)}
    return edges.get(loser.pk) or edges[winner.pk]


def join_many(
    pairs: Sequence[tuple[UUID, UUID]], *, reason: Merge.Reason, by: User | None = None
) -> list[Merge]:
    """Merge pairs (who stays, who is merged) one after the other, by a constant number of queries.

    Pairs who are one person already make no merge.

    Raises:
        DomainError: somebody was erased ("customer_erased").
    """
    if not pairs:
        return []
    with transaction.atomic():
        workspace = workspace_in_scope()
        # The series before the rows, as everywhere, so that nobody waits in a ring.
        lock_identities()
        members = _locked_families(pk for pair in pairs for pk in pair)
        if any(member.is_erased for member in members.values()):
            raise DomainError(ERASED, code="customer_erased")
        edges = {pk: row.merged_into_id for pk, row in members.items() if row.merged_into_id}
        made = [
            Merge(workspace_id=workspace, winner_id=above, loser_id=beneath, reason=reason, by=by)
            for above, beneath in families.join(edges, pairs)
        ]
        Merge.objects.bulk_create(made)
        touched = {pk for edge in made for pk in (edge.winner_id, edge.loser_id)}
        changed = []
        for pk, member in members.items():
            root = families.root_of(edges, pk)
            above = None if root == pk else root
            if above != member.merged_into_id or pk in touched:
                member.merged_into_id = above
                changed.append(member)
        _save(changed)
        return made


@again_after_deadlock
@transaction.atomic
def undo_merge(*, merge: Merge, by: User | None = None) -> Merge:
    """Take a merge back: the loser, with who had been merged into them, is a person again.

    The two are remembered as not the same, so that no system merges them again by itself.
    Undoing what was undone changes nothing.

    Raises:
        DomainError: the person was erased meanwhile ("customer_erased").
    """
    lock_identities()
    row = Merge.objects.select_for_update().get(pk=merge.pk)
    if row.undone_at is None:
        members = _locked_families([row.loser_id])
        if any(member.is_erased for member in members.values()):
            raise DomainError(ERASED, code="customer_erased")
        edges = dict(
            Merge.objects.active().filter(loser__in=members).values_list("loser_id", "winner_id")
        )
        del edges[row.loser_id]
        leaving = families.below(edges, row.loser_id)
        changed = [
            member
            for pk, member in members.items()
            if pk in leaving or pk in {row.winner_id, member.root}
        ]
        for member in changed:
            if member.pk in leaving:
                member.merged_into_id = None if member.pk == row.loser_id else row.loser_id
        _save(changed)
        row.undone_at, row.undone_by = now(), by
        row.save(update_fields=["undone_at", "undone_by", "updated_at"])
        tell_apart(row.winner_id, row.loser_id, by=by)
        audit.record("undone merge of", members[row.loser_id], {"into": (row.winner_id, None)})
    merge.undone_at, merge.undone_by = row.undone_at, row.undone_by
    return merge


def _locked_families(wanted: Iterable[UUID]) -> dict[UUID, Customer]:
    """Return everybody in the families of some customers, locked in the order of their ids."""
    people = Customer.objects.filter(pk__in=set(wanted)).order_by().values("root")
    rows = Customer.objects.filter(root__in=people).order_by("pk")
    return {row.pk: row for row in rows.select_for_update()}


def _save(customers: Sequence[Customer]) -> None:
    moment = now()
    for customer in customers:
        customer.updated_at = moment
    Customer.objects.bulk_update(customers, ["merged_into", "updated_at"], batch_size=1000)
