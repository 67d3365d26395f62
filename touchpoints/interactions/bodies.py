"""Reads JSON as senders write it. Pure.

The fast decoder knows JSON as the standard has it. What senders write is a little more: Python
writes NaN, browsers half of an emoji that was cut, spreadsheets a mark before the first byte.
None of that is a reason to lose the good events beside it, so such a body is read again,
patiently.
"""

from __future__ import annotations

import json
import math
import re
from typing import Final

import msgspec

# Digits of a number that are read as a number; what is longer stays text.
LONGEST_NUMBER: Final = 300
# Brackets that a body must have to be nested more deeply than `SPARE` leaves room for.
_MANY: Final = 500
# Levels of calls that the drain may stand on more than the door does when it reads a body again.
SPARE: Final = 250

_HALVES: Final = re.compile("[\ud800-\udfff]")


class UnreadableError(ValueError):
    """The bytes are no JSON."""


def read_body(body: bytes) -> object:
    """Return what a body holds. Raises UnreadableError."""
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        raise UnreadableError("it is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _read_patiently(body, error)


def read_new_body(body: bytes) -> object:
    """Return what a body holds that whoever comes later must be able to read and write.

    How deeply JSON may be nested depends on how deep the calls are that read it: a body is taken
    only with room to spare. Raises UnreadableError.
    """
    if body.count(b"{") + body.count(b"[") > _MANY:
        return _below(SPARE, body)
    return read_body(body)


def _below(levels: int, body: bytes) -> object:
    return _below(levels - 1, body) if levels else read_body(body)


def _read_patiently(body: bytes, error: Exception) -> object:
    try:
        found = json.loads(
            body.decode("utf-8-sig"),
            parse_constant=lambda _name: None,
            parse_float=_float,
            parse_int=_int,
        )
        # Halves of surrogate pairs can be neither stored nor sent on.
        return msgspec.json.decode(_HALVES.sub("\ufffd", json.dumps(found, ensure_ascii=False)))
    except RecursionError:
        raise UnreadableError("it is nested too deeply") from None
    except ValueError:
        raise UnreadableError(str(error)) from None


def _float(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text[:LONGEST_NUMBER]


def _int(text: str) -> int | str:
    return int(text) if len(text) <= LONGEST_NUMBER else text[:LONGEST_NUMBER]
