"""One shape for every error of the API: problem details (RFC 9457) with a stable code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

MOST_NAMED = 5
MEDIA_TYPE = "application/problem+json"


class FieldProblem(TypedDict):
    """What is wrong with one place of the body: RFC 6901 pointer, sentence, code."""

    pointer: str
    detail: str
    code: str


class Problem(TypedDict):
    """The body of an error."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: NotRequired[list[FieldProblem]]


class DomainError(Exception):
    """A rule of ours says no; services raise it, doors turn it into 422 with its code."""

    code = "refused"

    def __init__(self, detail: str, *, code: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code


def problem(*, status: int, code: str, title: str, detail: str) -> JsonResponse:
    """Return an error answer outside DRF's views."""
    body = Problem(type="about:blank", title=title, status=status, detail=detail, code=code)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Answer an unknown address below /api/."""
    return problem(
        status=404, code="not_found", title="Not Found", detail="Nothing is at this address."
    )


def exception_handler(error: Exception, context: Mapping[str, object]) -> Response | None:
    """Turn any exception of a view into problem details; unknown ones stay a 500."""
    raised = _as_api_exception(error)
    if raised is None:
        return None
    headers: dict[str, str] = {}
    if getattr(raised, "auth_header", None):
        headers["WWW-Authenticate"] = str(getattr(raised, "auth_header"))  # noqa: B009
    wait = getattr(raised, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    body = Problem(
        type="about:blank",
        title=str(raised.default_detail).rstrip("."),
        status=raised.status_code,
        detail=_sentence(raised.detail),
        code=_code(raised),
    )
    if isinstance(raised, exceptions.ValidationError):
        body["title"] = "Invalid input"
        body["code"] = "invalid"
        body["detail"] = "Some of the input is not valid; see errors."
        body["errors"] = list(field_problems(raised.get_full_details()))
    set_rollback()
    return Response(body, status=raised.status_code, headers=headers, content_type=MEDIA_TYPE)


def field_problems(details: object, pointer: str = "") -> Sequence[FieldProblem]:
    """Flatten DRF's nested details ({"message", "code"} leaves) into pointers."""
    if isinstance(details, Mapping):
        if set(details) == {"message", "code"}:
            return [
                FieldProblem(
                    pointer=pointer, detail=str(details["message"]), code=str(details["code"])
                )
            ]
        found: list[FieldProblem] = []
        for key, value in details.items():
            step = "" if key in {"non_field_errors", "__all__"} else f"/{_escaped(str(key))}"
            found.extend(field_problems(value, pointer + step))
        return found
    if isinstance(details, Sequence) and not isinstance(details, str):
        leaves = all(isinstance(d, Mapping) and set(d) == {"message", "code"} for d in details)
        found = []
        for index, value in enumerate(details):
            found.extend(field_problems(value, pointer if leaves else f"{pointer}/{index}"))
        return found
    return [FieldProblem(pointer=pointer, detail=str(details), code="invalid")]


def _as_api_exception(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, ValidationError):
        return exceptions.ValidationError(
            error.message_dict if hasattr(error, "error_dict") else error.messages
        )
    if isinstance(error, DataError):
        # No field of ours refused it, and PostgreSQL has no room for it: a time zone of 21 hours.
        return exceptions.ValidationError("A value lies outside of what can be.", "out_of_range")
    if isinstance(error, (ProtectedError, RestrictedError)):
        used = exceptions.APIException(_users_of(error), "in_use")
        used.status_code = 409
        used.default_detail = "Conflict"
        return used
    if isinstance(error, DomainError):
        refused = exceptions.APIException(error.detail, error.code)
        refused.status_code = 422
        refused.default_detail = "Refused"
        return refused
    return None


def _users_of(error: ProtectedError | RestrictedError) -> str:
    if isinstance(error, ProtectedError):
        rows = list(error.protected_objects)
    else:
        rows = list(error.restricted_objects)
    named = sorted(f"{row._meta.verbose_name} {row}" for row in rows[:MOST_NAMED])
    return f"It is still used by {', '.join(named)}. Remove it there first."


def _code(error: exceptions.APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else str(error.default_code)


def _sentence(detail: object) -> str:
    return detail if isinstance(detail, str) else "The request could not be carried out."


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
