"""What the API's own document says is so: no 5xx, no answer of another shape than it names.

Schemathesis makes the requests: those that the document allows, and some that it does not.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.urls import Resolver404, resolve
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.filled import fill, ids_of
from tests.make import make_api_key
from tests.test_architecture import FLOORS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

EXAMPLES = int(os.environ.get("API_SCHEMA_EXAMPLES") or 2)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def test_the_api_does_what_its_document_says() -> None:
    filled = fill()
    headers = {"Authorization": f"Bearer {make_api_key(filled)[1]}"}
    ids = ids_of(filled, set(FLOORS))
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/schema?format=json", get_wsgi_application(), headers=headers
    )
    wrong: list[str] = []
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        tried += 1
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            wrong += try_operation(operation, mode, headers, ids)
    assert tried > 50
    assert not wrong, "\n\n".join(wrong)


def try_operation(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    headers: Mapping[str, str],
    ids: Mapping[str, str],
) -> list[str]:
    """Send some requests and return what was wrong with the answers."""
    wrong: list[str] = []

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: schemathesis.Case[Any]) -> None:
        row = ids.get(model_of(case.formatted_path))
        if row is not None and mode is GenerationMode.POSITIVE:
            # Of ids that are only made up there is nothing to tell but 404.
            case.path_parameters = dict.fromkeys(case.path_parameters or {}, row)
        response = case.call(headers=dict(headers))
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failures:
            wrong.extend(
                f"{case.method} {case.formatted_path} {case.query} {case.body!r}"
                f" → {response.status_code}: {failure}"[:1200]
                for failure in failures.exceptions
            )

    send()
    return wrong


def model_of(path: str) -> str:
    """Return the label of the model whose rows a path leads to."""
    try:
        view = getattr(resolve(path).func, "cls", None)
    except Resolver404:
        return ""
    return str(view.queryset.model._meta.label) if view is not None else ""
