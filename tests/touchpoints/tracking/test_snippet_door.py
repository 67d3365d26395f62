"""/t.js: small, cacheable, in the encoding that the client takes, and without a cookie."""

from __future__ import annotations

import gzip

import brotli
import pytest
from django.test import Client
from rjsmin import jsmin

from touchpoints.tracking.script import LARGEST, SOURCE, script


def test_the_snippet_keeps_its_promise_of_3_kb() -> None:
    assert LARGEST == 3072
    assert len(script().bodies["gzip"]) <= LARGEST
    assert len(script().bodies["br"]) <= LARGEST


def test_every_encoding_holds_the_readable_source_without_comments_and_spaces() -> None:
    plain = script().bodies[""]
    assert plain.decode() == jsmin(SOURCE.read_text())
    assert b"readable" not in plain
    assert b"\n  " not in plain
    assert gzip.decompress(script().bodies["gzip"]) == plain
    assert brotli.decompress(script().bodies["br"]) == plain


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("*", "br"),
        ("*;q=0.0", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_it_comes_as_the_client_takes_it(client: Client, accepted: str, encoding: str) -> None:
    response = client.get("/t.js", headers={"accept-encoding": accepted})
    assert response.status_code == 200
    assert response.headers.get("Content-Encoding", "") == encoding
    assert response.content == script().bodies[encoding]
    assert "Accept-Encoding" in response["Vary"]


def test_any_page_may_load_and_keep_it(client: Client) -> None:
    response = client.get("/t.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "public, max-age=86400" in response["Cache-Control"]
    assert not response.cookies
    assert "Cookie" not in response["Vary"]


def test_who_has_it_gets_only_that_nothing_changed(client: Client) -> None:
    packed = {"accept-encoding": "gzip"}
    etag = client.get("/t.js", headers=packed)["ETag"]
    assert etag != client.get("/t.js")["ETag"]
    for held in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        response = client.get("/t.js", headers={**packed, "if-none-match": held})
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == etag
    assert client.get("/t.js", headers={**packed, "if-none-match": '"old"'}).status_code == 200


def test_it_is_only_read(client: Client) -> None:
    assert client.head("/t.js").status_code == 200
    assert client.post("/t.js").status_code == 405
