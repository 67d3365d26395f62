"""Which customers are one person: a forest of merges, worked out by its edges. Pure.

An edge leads from the customer who was merged to the one who stayed. A customer without an edge
is the root of a family, and the root stands for the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from uuid import UUID


def root_of(edges: Mapping[UUID, UUID], customer: UUID) -> UUID:
    """Return the root above a customer, who is their own without an edge."""
    while customer in edges:
        customer = edges[customer]
    return customer


def below(edges: Mapping[UUID, UUID], top: UUID) -> set[UUID]:
    """Return everybody who was merged into ``top``, directly or not, and ``top``."""
    into: dict[UUID, list[UUID]] = {}
    for loser, winner in edges.items():
        into.setdefault(winner, []).append(loser)
    found = {top}
    waiting = [top]
    while waiting:
        for customer in into.get(waiting.pop(), ()):
            found.add(customer)
            waiting.append(customer)
    return found


def join(
    edges: MutableMapping[UUID, UUID], pairs: Iterable[tuple[UUID, UUID]]
) -> list[tuple[UUID, UUID]]:
    """Merge pairs (who stays, who is merged) one after the other; return the edges that it took.

    Each edge leads from root to root, so that none closes a circle and merging what is one
    family already takes none.
    """
    taken = []
    for winner, loser in pairs:
        above, beneath = root_of(edges, winner), root_of(edges, loser)
        if above != beneath:
            edges[beneath] = above
            taken.append((above, beneath))
    return taken
