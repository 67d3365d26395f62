"""What the room's pages share."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from cxm.customers.models import Customer
from cxm.customers.reports import Person, person_of
from cxm.workspaces.pages import MemberRequest


def find_person(pk: UUID) -> Person:
    """Return the person whom a customer is a part of. Raises Http404."""
    found = Customer.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return person_of(found)


def require(request: MemberRequest, verb: str) -> None:
    """Raise PermissionDenied unless the colleague may do this to customers."""
    if not may(request, verb):
        raise PermissionDenied


def may(request: MemberRequest, verb: str) -> bool:
    """Say whether the colleague may do this to customers."""
    return request.user.has_perm(f"customers.{verb}_customer")
