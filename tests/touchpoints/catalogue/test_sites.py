from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from touchpoints.catalogue.sites import Kind, host_of, known_sites, site_of


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("google", Kind.SEARCH),
        ("Google.CO.UK", Kind.SEARCH),
        ("news.google.com", Kind.SEARCH),
        ("https://www.google.de/search", Kind.SEARCH),
        ("gemini.google.com", Kind.ASSISTANT),
        ("docs.google.com", Kind.OTHER),
        ("shopping.google.co.uk", Kind.SHOPPING),
        ("google shopping", Kind.SHOPPING),
        ("mail.yahoo.co.jp", Kind.OTHER),
        ("uk.search.yahoo.com", Kind.SEARCH),
        ("x.com", Kind.SOCIAL),
        ("mstdn.example.org", Kind.SOCIAL),
        ("fb", Kind.SOCIAL),
        ("old.reddit.com", Kind.SOCIAL),
        ("youtube.com", Kind.VIDEO),
        ("studio.youtube.com", Kind.OTHER),
        ("my-shop.myshopify.com", Kind.SHOPPING),
        ("amazon.com.au", Kind.SHOPPING),
        ("aws.amazon.com", Kind.OTHER),
        ("chatgpt", Kind.ASSISTANT),
        ("www.perplexity.ai", Kind.ASSISTANT),
    ],
)
def test_a_site_is_known_by_its_name_its_hosts_and_those_below(source: str, kind: Kind) -> None:
    found = site_of(source)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    "source",
    [
        "", "x", "medium", "target", "line", "com", "co.uk", ".", "..", "google.",
        "google.evil.example", "google.com.evil.net", "evilgoogle.com", "com.google.evil",
        "some google", "partner.example", "amazon.shop",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_site_is_none(source: str) -> None:
    assert site_of(source) is None


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.Shop.example:8000/a?b#c", "shop.example"),
        ("//shop.example/a", "shop.example"),
        ("shop.example", "shop.example"),
        ("https://user:pass@shop.example./", "shop.example"),
        ("http://localhost/", "localhost"),
        ("android-app://com.pinterest", "com.pinterest"),
        ("localhost", ""),
        ("mailto:a@b.example", ""),
        ("data://text.html", ""),
        ("https://[::1", ""),
        ("https://a b.example/", ""),
        ("", ""),
    ],
)
def test_hosts_are_read_from_addresses(address: str, host: str) -> None:
    assert host_of(address) == host


@given(st.text())
def test_no_text_whatever_breaks_it(text: str) -> None:
    site_of(text)
    assert host_of(text) == host_of(text).strip()


def test_the_table_names_each_host_once() -> None:
    hosts = [host for sites in known_sites().values() for _, found in sites for host in found]
    assert len(hosts) == len(set(hosts))
    assert all(host == host.lower() for host in hosts)


def test_the_reference_shows_the_table() -> None:
    page = (Path(settings.BASE_DIR) / "docs/reference/channels.md").read_text()
    for sites in known_sites().values():
        for name, hosts in sites:
            assert f"| {name} | {' '.join(hosts)} |" in page
