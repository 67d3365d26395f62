"""Addresses of placements: what is taken, and how words are put on."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchpoints.campaigns.addresses import is_web_address, tagged


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example",
        "http://shop.example/spring?x=1#top",
        "https://shop.example:8443/a",
        "https://bücher.example/größe",
        "https://[2001:db8::1]/",
    ],
)
def test_web_addresses_are_taken(url: str) -> None:
    assert is_web_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/spring",
        "//shop.example/spring",
        "shop.example/spring",
        "ftp://shop.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///spring",
        "https://shop.example/a b",
        "https://shop.example\n.evil.example/",
        " https://shop.example/",
        "java\tscript:alert(1)",
        "https://shop.example\\@evil.example/",
        "https://shop.example@evil.example/",
        "https://shop.example:99999/",
        "https://[oops/",
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    assert not is_web_address(url)


def test_words_are_put_behind_what_is_there() -> None:
    address = tagged(
        "https://shop.example/a?size=9#top",
        {"campaign": "Spring sale", "source": "newsletter", "content": ""},
    )
    assert address == (
        "https://shop.example/a?size=9&utm_campaign=Spring%20sale&utm_source=newsletter#top"
    )


def test_words_that_the_address_has_stay() -> None:
    address = tagged("https://shop.example/?utm_source=mine&x", {"source": "ours", "medium": "m"})
    assert address == "https://shop.example/?utm_source=mine&x&utm_medium=m"
    assert tagged("https://shop.example/?utm_source=", {"source": "ours"}).endswith("utm_source=")


def test_an_address_without_words_is_left_as_it_is() -> None:
    assert tagged("https://shop.example?", {"source": ""}) == "https://shop.example?"


@given(words=st.dictionaries(st.sampled_from(["campaign", "source", "content"]), st.text()))
def test_every_word_arrives_as_it_was_written(words: dict[str, str]) -> None:
    address = tagged("https://shop.example/a", words)
    assert is_web_address(address)
    query = parse_qs(urlsplit(address).query, keep_blank_values=True)
    assert query == {f"utm_{name}": [word] for name, word in words.items() if word}
