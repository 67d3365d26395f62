import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.customers.keys import (
    KINDS,
    IdentityKey,
    address_hash,
    anonymous_key,
    crm_key,
    email_key,
    make_key,
    normal_email,
    normal_phone,
    phone_key,
)
from cxm.customers.masking import DOTS, masked


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Mara@Example.COM", "mara@example.com"),
        ("  mara.lindqvist@mail.example\n", "mara.lindqvist@mail.example"),
        ("mara+shop@example.com", "mara+shop@example.com"),
        ("o'hara@example.co.uk", "o'hara@example.co.uk"),
        ("Jürgen@Müller.example", "jürgen@müller.example"),
    ],
)
def test_an_address_is_the_same_however_it_is_typed(typed: str, normal: str) -> None:
    assert email_key(typed).value == normal


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "   ",
        "mara",
        "mara@",
        "@example.com",
        "mara@example",
        "mara@@example.com",
        "mara@exa mple.com",
        "mara@-example.com",
        ".mara@example.com",
        "ma..ra@example.com",
        "mara@example..com",
        "Mara <mara@example.com>",
        "mara@example.com\r\nBcc: all@example.com",
        "mara\x00@example.com",
        "mara\ud800@example.com",
        "x" * 250 + "@example.com",
    ],
)
def test_nonsense_is_no_address(nonsense: str) -> None:
    with pytest.raises(ValueError, match=r"identity|address"):
        email_key(nonsense)


@pytest.mark.parametrize(
    ("typed", "region", "normal"),
    [
        ("+45 70 10 20 30", "", "+4570102030"),
        ("70102030", "DK", "+4570102030"),
        ("70 10 20 30", "dk", "+4570102030"),
        ("(030) 90 18 20", "DE", "+4930901820"),
        ("+49 30 901820", "DK", "+4930901820"),
        ("0045 70102030", "DE", "+4570102030"),
    ],
)
def test_a_number_becomes_e164(typed: str, region: str, normal: str) -> None:
    assert phone_key(typed, region).value == normal


@pytest.mark.parametrize(
    ("nonsense", "region"),
    [
        ("70102030", ""),
        ("call me", "DK"),
        ("+45", ""),
        ("+451", ""),
        ("+999 123 456", ""),
        ("+4570102030 ext. 5", ""),
        ("70102030", "XX"),
        ("", "DK"),
    ],
)
def test_nonsense_is_no_number(nonsense: str, region: str) -> None:
    with pytest.raises(ValueError, match=r"number|country code|region|empty"):
        phone_key(nonsense, region)


def test_a_crm_id_needs_its_system_and_keeps_its_case() -> None:
    assert crm_key("Shop", " AbC-1 ") == IdentityKey("crm", "shop", "AbC-1")
    with pytest.raises(ValueError, match="Say which system"):
        crm_key("", "1")
    with pytest.raises(ValueError, match="Name the system"):
        crm_key("the shop!", "1")


def test_an_address_belongs_to_no_system() -> None:
    with pytest.raises(ValueError, match="belongs to no system"):
        IdentityKey("email", "shop", "mara@example.com")


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind of identity"):
        make_key("fax", "1")


def test_stronger_kinds_come_first() -> None:
    keys = [crm_key("shop", "1"), email_key("a@example.com"), phone_key("+4570102030")]
    keys.append(anonymous_key("x"))
    assert [key.kind for key in sorted(keys, key=lambda key: -key.strength)] == list(KINDS)


@given(st.text(max_size=80), st.sampled_from(KINDS), st.sampled_from(["", "shop"]))
def test_a_normal_form_stays_as_it_is(text: str, kind: str, system: str) -> None:
    try:
        key = IdentityKey(kind, system, text)
    except ValueError:
        return
    assert IdentityKey(key.kind, key.system, key.value) == key
    assert key.value == key.value.strip()
    assert key.value.encode()


@given(st.emails())
def test_case_and_space_around_an_address_never_matter(address: str) -> None:
    try:
        normal = normal_email(address)
    except ValueError:
        return
    assert normal_email(normal) == normal
    if address.isascii():
        assert normal_email(f"  {address.upper()} ") == normal
        assert address_hash("email", address.upper()) == address_hash("email", normal)


@given(st.integers(min_value=2_000_0000, max_value=9_999_9999))
def test_national_and_international_writing_mean_one_number(number: int) -> None:
    national = normal_phone(str(number), "DK")
    assert national == normal_phone(f"+45 {number}")
    assert normal_phone(national) == national


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("email", "mara.lindqvist@mail.example", "mara.l•••@mail.example"),
        ("email", "ab@mail.example", "a•••@mail.example"),
        ("email", "a@mail.example", "•••@mail.example"),
        ("phone", "+4570102018", "+45 •• •• •• 18"),
        ("crm", "88120", "88120"),
        ("anonymous", "0f9a7c44-aaaa", "0f9a•••"),
        ("anonymous", "ab", "a•••"),
    ],
)
def test_masks_tell_who_knows_and_nobody_else(kind: str, value: str, shown: str) -> None:
    assert masked(kind, value) == shown


@given(st.emails())
def test_a_mask_never_shows_a_whole_address(address: str) -> None:
    assert DOTS in masked("email", address)
    assert masked("email", address) != address
