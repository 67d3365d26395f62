"""Campaigns are found by their codes and words, whoever writes them and in whatever order."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cxm.common.ids import uuid7
from touchpoints.campaigns.codes import ALPHABET, is_code, make_code
from touchpoints.campaigns.matching import NOTHING, CampaignMatcher


@dataclass
class A:
    """A campaign."""

    key: str
    utm_campaign: str = ""
    utm_id: str = ""
    is_archived: bool = False
    pk: UUID = field(default_factory=uuid7)


@dataclass
class P:
    """A placement."""

    campaign_id: UUID
    source: str = ""
    medium: str = ""
    content: str = ""
    code: str = field(default_factory=make_code)
    pk: UUID = field(default_factory=uuid7)


def test_a_word_finds_its_campaign_however_it_is_written() -> None:
    spring = A("spring", "Spring Sale", "120")
    matcher = CampaignMatcher([spring, A("autumn", "autumn")])
    for written in ("Spring Sale", " spring sale ", "SPRING\tSALE"):
        assert matcher.find(utm_campaign=written) == (spring.pk, None)
    assert matcher.find(utm_id="120") == (spring.pk, None)


def test_nothing_is_found_by_nothing() -> None:
    matcher = CampaignMatcher([A("spring", "spring")])
    assert matcher.find() == NOTHING
    assert matcher.find(utm_campaign="springs", utm_id="?", code="?") == NOTHING


def test_a_campaign_without_words_is_found_by_its_key() -> None:
    plain, other = A("plain"), A("other", "Plain")
    assert CampaignMatcher([plain]).find(utm_campaign="plain") == (plain.pk, None)
    assert CampaignMatcher([plain, other]).find(utm_campaign="plain") == (other.pk, None)


def test_a_code_goes_before_words() -> None:
    spring, autumn = A("spring", "spring"), A("autumn", "autumn")
    poster = P(autumn.pk)
    matcher = CampaignMatcher([spring, autumn], [poster])
    assert matcher.find(utm_campaign="spring", code=poster.code) == (autumn.pk, poster.pk)
    assert matcher.find(utm_campaign="spring", utm_id=poster.code) == (autumn.pk, poster.pk)
    assert matcher.find(utm_campaign="spring", code="gone") == (spring.pk, None)


def test_a_code_is_not_written_in_another_way() -> None:
    spring = A("spring")
    poster = P(spring.pk, code="AbcdefghijkmnpqR")
    assert CampaignMatcher([spring], [poster]).find(code="abcdefghijkmnpqr") == NOTHING


def test_a_code_in_utm_id_may_have_lost_its_capitals() -> None:
    spring = A("spring")
    poster = P(spring.pk, code="AbcdefghijkmnpqR")
    matcher = CampaignMatcher([spring], [poster])
    assert matcher.find(utm_id="abcdefghijkmnpqr") == (spring.pk, poster.pk)
    twin = P(spring.pk, code="aBcdefghijkmnpqR")
    doubtful = CampaignMatcher([spring], [poster, twin])
    assert doubtful.find(utm_id="abcdefghijkmnpqr") == NOTHING
    assert doubtful.find(code=twin.code) == (spring.pk, twin.pk)


def test_an_id_goes_before_a_name() -> None:
    spring, autumn = A("spring", "spring", "1"), A("autumn", "autumn", "2")
    matcher = CampaignMatcher([spring, autumn])
    assert matcher.find(utm_campaign="spring", utm_id="2") == (autumn.pk, None)


def test_an_archived_campaign_leaves_its_words_to_a_new_one() -> None:
    old, new = A("a-sale", "sale", "7", is_archived=True), A("sale-2", "sale", "7")
    assert CampaignMatcher([old, new]).find(utm_campaign="sale") == (new.pk, None)
    assert CampaignMatcher([old, new]).find(utm_id="7") == (new.pk, None)
    assert CampaignMatcher([old]).find(utm_campaign="sale") == (old.pk, None)


def test_the_placement_that_agrees_in_most_words_is_found() -> None:
    spring = A("spring")
    mail = P(spring.pk, source="newsletter", medium="email")
    blue = P(spring.pk, source="newsletter", medium="email", content="blue")
    matcher = CampaignMatcher([spring], [mail, blue, P(spring.pk)])

    def found(**words: str) -> UUID | None:
        return matcher.find(utm_campaign="spring", **words)[1]

    assert found(source="Newsletter", medium="EMAIL", content="blue") == blue.pk
    assert found(source="newsletter", medium="email", content="red") == mail.pk
    assert found(source="newsletter", medium="email") == mail.pk
    assert found(source="newsletter") is None
    assert found() is None


def test_placements_of_another_campaign_are_not_found_by_words() -> None:
    spring, autumn = A("spring"), A("autumn")
    matcher = CampaignMatcher([spring, autumn], [P(autumn.pk, source="newsletter")])
    assert matcher.find(utm_campaign="spring", source="newsletter") == (spring.pk, None)


@given(seed=st.integers(), word=st.sampled_from(["sale", "Sale", "7", "x", ""]))
def test_the_answer_does_not_depend_on_the_order_of_rows(seed: int, word: str) -> None:
    campaigns = [
        A("b", "sale", "7"),
        A("a", "SALE", "7"),
        A("sale"),
        A("c", "sale", is_archived=True),
    ]
    placements = [P(c.pk, source=s) for c in campaigns for s in ("x", "y", "X")]
    shuffled = random.Random(seed)
    first = CampaignMatcher(campaigns, placements)
    shuffled.shuffle(campaigns)
    shuffled.shuffle(placements)
    second = CampaignMatcher(campaigns, placements)
    assert first.find(utm_campaign=word, source="x") == second.find(utm_campaign=word, source="x")
    assert first.find(utm_id=word) == second.find(utm_id=word)


def test_codes_are_fresh_and_known_by_their_shape() -> None:
    codes = {make_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(is_code(code) and set(code) <= set(ALPHABET) for code in codes)
    assert not any(map(is_code, ("", "a" * 15, "a" * 17, "a" * 15 + "/", "a" * 16 + "\n")))
