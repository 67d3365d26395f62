"""Each answer has a Content Security Policy with a nonce of its own."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from cxm.common import csp


def answer(path: str, *, own: csp.Directives | None = None) -> tuple[HttpRequest, str]:
    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("ok")
        if own is not None:
            response.csp = own  # type: ignore[attr-defined]
        return response

    request = RequestFactory().get(path)
    response = csp.CspMiddleware(view)(request)
    return request, response.headers["Content-Security-Policy"]


def test_public_pages_are_strict() -> None:
    _request, policy = answer("/s/abc/")

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_admin_may_evaluate_and_set_style_attributes_and_nothing_else() -> None:
    _request, policy = answer("/admin/")
    directives = dict(part.split(" ", 1) for part in policy.split("; "))

    assert "'unsafe-eval'" in directives["script-src"]
    assert "'unsafe-inline'" not in directives["script-src"]
    assert "'unsafe-inline'" not in directives["style-src"]
    assert directives["style-src-attr"] == "'unsafe-inline'"


def test_every_request_has_a_nonce_of_its_own() -> None:
    seen = set()
    for _ in range(3):
        request, policy = answer("/app/kpis/")
        found = re.search(r"'nonce-([\w-]{20,})'", policy)
        assert found is not None
        assert str(request.csp_nonce) == found[1]  # type: ignore[attr-defined]
        seen.add(found[1])

    assert len(seen) == 3


def test_a_view_may_set_a_policy_of_its_own() -> None:
    _request, policy = answer("/app/outbox/1/", own={"default-src": (csp.NONE,)})

    assert policy == "default-src 'none'"


@pytest.mark.parametrize("path", ["/", "/administrator/", "/s/admin/", "/api/v1/customers/"])
def test_an_address_that_is_not_listed_is_public(path: str) -> None:
    assert csp.policy_for(path) is csp.PUBLIC
