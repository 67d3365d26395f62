"""What a person is known by: identity keys, normalised so that equal people have equal keys.

Pure: no Django, no database. A key cannot be made with a value that is nonsense, so whoever
holds one holds a clean one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import phonenumbers

CRM: Final = "crm"
EMAIL: Final = "email"
PHONE: Final = "phone"
ANONYMOUS: Final = "anonymous"

# Strongest first: whom a record of another system means is certain, whose browser it was is not.
KINDS: Final = (CRM, EMAIL, PHONE, ANONYMOUS)
STRENGTH: Final = {kind: len(KINDS) - position for position, kind in enumerate(KINDS)}

LONGEST_VALUE: Final = 254
LONGEST_SYSTEM: Final = 60

_SYSTEM = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_EMAIL = re.compile(rf"[^\s@\"(),:;<>\[\\\]]{{1,64}}@(?:{_LABEL}\.)+{_LABEL}")


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """One thing that a customer is known by, in its normal form.

    Attributes:
        kind: one of KINDS.
        system: which system gave the id; needed for "crm", possible for "anonymous", else "".
        value: e-mail address in small letters, phone number as E.164 ("+4570102030"), or the
            other system's id as it stands.

    Raises:
        ValueError: a sentence that says what is wrong. A phone number must begin with "+" here;
            ``phone_key`` takes national ones.
    """

    kind: str
    system: str
    value: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "system", normal_system(self.kind, self.system))
        object.__setattr__(self, "value", normal_value(self.kind, self.value))

    @property
    def strength(self) -> int:
        """How surely the key means one person; greater is surer."""
        return STRENGTH[self.kind]

    @property
    def slot(self) -> tuple[str, str]:
        """Kind and system: where two different values hint at two different people."""
        return self.kind, self.system


def email_key(address: str) -> IdentityKey:
    """Return the key of an e-mail address. Raises ValueError when it is none."""
    return IdentityKey(EMAIL, "", address)


def phone_key(number: str, region: str = "") -> IdentityKey:
    """Return the key of a phone number; ``region`` ("DK") reads numbers without a "+".

    Raises ValueError when it cannot be a number, or is national and no region is given.
    """
    return IdentityKey(PHONE, "", normal_phone(number, region))


def crm_key(system: str, value: str) -> IdentityKey:
    """Return the key of a record in another system. Raises ValueError for empty or odd names."""
    return IdentityKey(CRM, system, value)


def anonymous_key(value: str, system: str = "") -> IdentityKey:
    """Return the key of a browser or device. Raises ValueError when it is empty."""
    return IdentityKey(ANONYMOUS, system, value)


def make_key(kind: str, value: str, *, system: str = "", region: str = "") -> IdentityKey:
    """Return the key of any kind, as forms, files and the API give it.

    Raises ValueError as ``IdentityKey`` does.
    """
    if kind == PHONE:
        return phone_key(value, region)
    return IdentityKey(kind, system, value)


def normal_system(kind: str, system: str) -> str:
    """Return the system's name in small letters. Raises ValueError where it does not fit."""
    if kind not in STRENGTH:
        raise ValueError(f"“{kind}” is no kind of identity. Choose one of: {', '.join(KINDS)}.")
    name = system.strip().lower()
    if not name:
        if kind == CRM:
            raise ValueError("Say which system the id comes from, for example shop.")
        return ""
    if kind in (EMAIL, PHONE):
        raise ValueError("An e-mail address or phone number belongs to no system; leave it empty.")
    if len(name) > LONGEST_SYSTEM or not _SYSTEM.fullmatch(name):
        raise ValueError("Name the system with letters, digits, dots and dashes, up to 60.")
    return name


def normal_value(kind: str, value: str) -> str:
    """Return a value in its normal form. Raises ValueError when it is nonsense."""
    text = _plain(value)
    if kind == EMAIL:
        return normal_email(text)
    if kind == PHONE:
        return normal_phone(text)
    return text


def normal_email(address: str) -> str:
    """Return an address in small letters, both parts: who types it does not keep the case.

    Raises ValueError when it is no address.
    """
    text = unicodedata.normalize("NFC", _plain(address).lower())
    if not _EMAIL.fullmatch(text) or text.startswith(".") or ".." in text or ".@" in text:
        raise ValueError(f"“{_short(address)}” is no e-mail address.")
    return text


def normal_phone(number: str, region: str = "") -> str:
    """Return a number as E.164. The length is checked, not whether the number is given out:
    new ranges appear faster than lists of them.

    Raises ValueError when it cannot be a number, or is national and no region is given.
    """
    text = _plain(number)
    where = region.strip().upper()
    if where and where not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"“{region}” is no region. Write two letters such as DK.")
    if not where and not text.startswith("+"):
        raise ValueError(
            f"“{_short(number)}” has no country code. Begin with +, as in +4570102030."
        )
    try:
        parsed = phonenumbers.parse(text, where or None)
    except phonenumbers.NumberParseException:
        raise ValueError(f"“{_short(number)}” is no phone number.") from None
    if parsed.extension or not phonenumbers.is_possible_number(parsed):
        raise ValueError(f"“{_short(number)}” is no phone number.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def address_hash(channel: str, address: str) -> str:
    """Return the SHA-256 (hexadecimal) of an address in its normal form, for suppression.

    Args:
        channel: "email", or "sms" and "phone" for a number in E.164.

    Raises ValueError when the address is nonsense.
    """
    normal = normal_email(address) if channel == EMAIL else normal_phone(address)
    return hashlib.sha256(normal.encode()).hexdigest()


def _plain(value: str) -> str:
    """Return text that the database can keep and two programs write alike."""
    text = unicodedata.normalize("NFC", value).strip()
    if not text:
        raise ValueError("The identity is empty.")
    # Printable text, which is nearly all there is, holds none of them; asking that is quick.
    if not text.isprintable() and any(
        unicodedata.category(character) in {"Cc", "Cs"} for character in text
    ):
        raise ValueError("The identity holds a character that cannot be printed.")
    if len(text) > LONGEST_VALUE:
        raise ValueError(f"The identity is longer than {LONGEST_VALUE} characters.")
    return text


def _short(value: str) -> str:
    return value.strip()[:60]
