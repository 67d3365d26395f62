from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from touchpoints.catalogue.matching import Matcher, normalise_prefix


@dataclass
class Place:
    key: str
    event_names: list[str] = field(default_factory=list)
    page_prefix: str = ""
    status: str = "active"
    pk: UUID = field(default_factory=uuid4)


CHECKOUT = Place("checkout", ["Order Completed"], "/checkout")
SHOP = Place("shop", [], "/")
BLOG = Place("blog", ["order completed"], "https://Blog.Example/posts/")
MATCHER = Matcher([SHOP, BLOG, CHECKOUT])


@pytest.mark.parametrize(
    ("event", "url", "place"),
    [
        ("order  COMPLETED", "", BLOG),  # of two that claim it, the first by key
        ("", "https://shop.example/checkout", CHECKOUT),
        ("", "https://shop.example/checkout/pay?step=2", CHECKOUT),
        ("", "/checkout#top", CHECKOUT),
        ("", "https://shop.example/checkouts", SHOP),
        ("", "https://blog.example/posts/1", BLOG),
        ("", "https://other.example/posts/1", SHOP),
        ("Something", "https://shop.example/checkout", CHECKOUT),
    ],
)
def test_events_come_first_and_the_longest_prefix_wins(event: str, url: str, place: Place) -> None:
    assert MATCHER.match(event=event, url=url) == place.pk


@pytest.mark.parametrize("url", ["", "http://[broken"])
def test_what_has_no_page_matches_nothing(url: str) -> None:
    assert Matcher([CHECKOUT]).match(event="", url=url) is None


def test_touchpoints_are_found_by_key() -> None:
    assert MATCHER.by_key("shop") == SHOP.pk
    assert MATCHER.by_key("nowhere") is None


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("/Checkout/", "/checkout"),
        ("/", "/"),
        ("Shop.example/Checkout", "shop.example/checkout"),
        ("https://shop.example", "shop.example"),
    ],
)
def test_prefixes_are_compared_in_one_form(written: str, compared: str) -> None:
    assert normalise_prefix(written) == compared
