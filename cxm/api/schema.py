"""The OpenAPI document's idea of our errors and keys."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Documents the bearer key."""

    target_class = "cxm.workspaces.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the security scheme object."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key made in Settings → API keys, or by `manage.py create_api_key`.",
        }


class MemberScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Documents the session of a colleague who is logged in."""

    target_class = "cxm.workspaces.authentication.MemberAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the security scheme object."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The admin's own session; writes need the CSRF token.",
        }


PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "code"],
                "properties": {
                    "pointer": {"type": "string"},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}
ERRORS = {
    "400": "The input is not valid.",
    "401": "The key is missing or not valid.",
    "403": "The key lacks the scope.",
    "404": "No such object in this workspace.",
    "409": "A request with this Idempotency-Key is still running.",
    "422": "Refused by a rule, or the Idempotency-Key belongs to another body.",
    "429": "Too many requests; see Retry-After.",
}


def describe_problems(result: dict[str, Any], **kwargs: object) -> dict[str, Any]:
    """Add the error answers that every operation can give (a drf-spectacular hook)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            if method not in {"get", "post", "put", "patch", "delete"}:
                continue
            for status, description in ERRORS.items():
                operation["responses"].setdefault(
                    status, {"description": description, "content": content}
                )
            if method == "post":
                operation.setdefault("parameters", []).append(
                    {
                        "in": "header",
                        "name": "Idempotency-Key",
                        "schema": {"type": "string", "maxLength": 200},
                        "description": "Repeats of the request within 24 h get the first answer.",
                    }
                )
    return result
