"""Doors of the editor: JSON in, JSON out, errors as problem details like those of the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError, problem
from cxm.workspaces.models import Membership, Workspace
from cxm.workspaces.pages import MemberRequest
from journeys.maps.models import JourneyMap

P = ParamSpec("P")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_IDS: Final = 200


class BadInput(Exception):
    """What was sent is not what this door takes: 400 with a code."""

    def __init__(self, detail: str, *, code: str = "invalid") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code


def json_page(
    *, read: str, write: str
) -> Callable[
    [Callable[Concatenate[MemberRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Make a view a door of the editor: it takes members who hold a permission.

    The view runs in one transaction, so that a change and its audit entry are one. Refusals of
    services become 422, unknown and foreign ids 404, other input 400.

    Args:
        read: the permission for GET, "maps.view_journeymap".
        write: the permission for everything else.
    """

    def wrap(
        view: Callable[Concatenate[MemberRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _refuse(401, "not_logged_in", "Unauthorized", _("Log in again."))
            needed = read if request.method in SAFE else write
            if getattr(request, "workspace", None) is None or not request.user.has_perm(needed):
                return _refuse(403, "forbidden", "Forbidden", _("Your role may not do that."))
            try:
                with transaction.atomic():
                    return view(cast(MemberRequest, request), *args, **kwargs)
            except PermissionDenied:
                return _refuse(403, "forbidden", "Forbidden", _("Your role may not do that."))
            except Http404:
                return _refuse(404, "not_found", "Not Found", _("There is no such thing."))
            except BadInput as wrong:
                return _refuse(400, wrong.code, "Invalid input", wrong.detail)
            except ValidationError as wrong:
                return _refuse(400, "invalid", "Invalid input", " ".join(wrong.messages))
            except DomainError as refused:
                return _refuse(422, refused.code, "Refused", refused.detail)

        return door

    return wrap


def journey_of(request: MemberRequest, map_id: UUID) -> JourneyMap:
    """Return a map of the workspace; 404 for those of others."""
    return get_object_or_404(JourneyMap.objects.for_workspace(request.workspace), pk=map_id)


def _refuse(status: int, code: str, title: str, detail: str) -> HttpResponse:
    return problem(status=status, code=code, title=title, detail=detail)


class Body:
    """The body of a request, read field by field; each reader raises BadInput."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self.fields = fields

    @classmethod
    def of(cls, request: HttpRequest) -> Body:
        """Read a JSON object."""
        try:
            found = json.loads(request.body or b"{}")
        except (ValueError, RecursionError):
            raise BadInput(_("Send JSON."), code="not_json") from None
        if not isinstance(found, dict):
            raise BadInput(_("Send a JSON object."), code="not_json")
        return cls(found)

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def text(self, name: str, *, most: int, required: bool = True) -> str:
        """Return a text without the white space around it."""
        found = self.fields.get(name)
        if found is None and not required:
            return ""
        if not isinstance(found, str) or "\x00" in found:
            raise _wrong(name, _("must be a text"))
        found = found.strip()
        if required and not found:
            raise BadInput(_("Write something."), code="empty")
        if len(found) > most:
            raise BadInput(
                _("That is too long: at most %(most)s characters.") % {"most": most},
                code="too_long",
            )
        return found

    def flag(self, name: str) -> bool:
        """Return true or false."""
        found = self.fields.get(name)
        if not isinstance(found, bool):
            raise _wrong(name, _("must be true or false"))
        return found

    def number(self, name: str, *, most: int) -> int:
        """Return a whole number from 0 on."""
        found = self.fields.get(name)
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
            raise _wrong(name, _("must be a whole number"))
        return found

    def id(self, name: str) -> UUID | None:
        """Return an id, None where there is none."""
        found = self.fields.get(name)
        return None if found is None else _uuid(name, found)

    def ids(self, name: str) -> list[UUID]:
        """Return a list of ids, each once."""
        found = self.fields.get(name)
        if found is None:
            return []
        if not isinstance(found, list) or len(found) > MOST_IDS:
            raise _wrong(name, _("must be a list of ids"))
        return list(dict.fromkeys(_uuid(name, item) for item in found))


def id_in_query(request: HttpRequest, name: str) -> UUID | None:
    """Return an id of the query string, None where there is none; raises BadInput."""
    found = request.GET.get(name)
    return _uuid(name, found) if found else None


def members_of(workspace: Workspace, ids: Sequence[UUID]) -> list[Membership]:
    """Return members by their ids; a foreign one is not found. No query without ids."""
    if not ids:
        return []
    found = list(
        Membership.objects.for_workspace(workspace).filter(pk__in=ids).select_related("user")
    )
    if len(found) != len(ids):
        raise Http404
    return found


def _uuid(name: str, value: object) -> UUID:
    try:
        return UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise _wrong(name, _("must be an id")) from None


def _wrong(name: str, what: str) -> BadInput:
    return BadInput(f"{name}: {what}")
