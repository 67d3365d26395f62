from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchpoints.interactions.agents import LONGEST, NOBODY, Agent, agent_of

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5"


@pytest.mark.parametrize(
    ("user_agent", "browser", "os", "device"),
    [
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36", "Chrome", "Windows", "desktop"),
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge", "Windows", "desktop"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox",
         "Linux", "desktop"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/131.0.0.0 Safari/537.36", "Chrome", "Chrome OS", "desktop"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Safari/605.1.15", "Safari",
         "Mac OS X", "desktop"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {APPLE} Mobile/15E148 "
         "Safari/604.1", "Mobile Safari", "iOS", "phone"),
        (f"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) {APPLE} Mobile/15E148 Safari/604.1",
         "Mobile Safari", "iOS", "tablet"),
        (f"{ANDROID} Chrome/130.0.0.0 Mobile Safari/537.36", "Chrome Mobile", "Android", "phone"),
        (f"{ANDROID} Chrome/130.0.0.0 Safari/537.36", "Chrome", "Android", "tablet"),
        ("Mozilla/5.0 (Android 14; Tablet; rv:128.0) Gecko/128.0 Firefox/128.0", "Firefox Mobile",
         "Android", "tablet"),
        ("Dalvik/2.1.0 (Linux; U; Android 12; Pixel 6)", "Android", "Android", "phone"),
        ("Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/538.1 (KHTML, like Gecko) "
         "Version/6.0 TV Safari/538.1", "Safari", "Tizen", ""),
        ("analytics-python/2.3.2", "", "", ""),
    ],
)  # fmt: skip
def test_families_are_read(user_agent: str, browser: str, os: str, device: str) -> None:
    assert agent_of(user_agent) == Agent(browser, os, device, is_bot=False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "user_agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like"
        " Gecko) Chrome/130.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; "
        "+http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ChatGPT-User/1.0; "
        "+https://openai.com/bot)",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        f"{WINDOWS} HeadlessChrome/131.0.0.0 Safari/537.36",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "curl/8.5.0",
        "python-requests/2.32.0",
    ],
)
def test_bots_are_told_from_people(user_agent: str) -> None:
    found = agent_of(user_agent)
    assert found.is_bot
    assert found.device == "bot"


@pytest.mark.parametrize("user_agent", ["", "   ", "\t"])
def test_who_says_nothing_is_nobody(user_agent: str) -> None:
    assert agent_of(user_agent) is NOBODY


def test_no_version_is_kept() -> None:
    one = agent_of(f"{WINDOWS} Chrome/130.0.6723.91 Safari/537.36")
    other = agent_of(f"{WINDOWS} Chrome/131.0.6778.86 Safari/537.36")
    assert one == other
    assert not any(letter.isdigit() for letter in one.browser + one.os)


def test_an_agent_seen_before_costs_nothing() -> None:
    user_agent = f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36"
    assert agent_of(user_agent) is agent_of(user_agent)


@given(st.text() | st.text(alphabet="bot/;( \ud800\0Mozilla", max_size=600))
def test_no_text_whatever_breaks_it(user_agent: str) -> None:
    assert isinstance(agent_of(user_agent), Agent)


@pytest.mark.parametrize("text", ["a", "a1", "a-", "(", "x/1.", "bo", " a"])
def test_no_agent_however_long_takes_long(text: str) -> None:
    agent_of("warm")
    before = perf_counter()
    agent_of(text * 5000)
    assert perf_counter() - before < 0.5
    assert LONGEST < 5000
