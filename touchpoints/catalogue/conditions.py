"""What a rule asks of an interaction: pure. Fields, operators and how the two are compared.

Upper and lower case and outer spaces make no difference. An address is compared as host and path,
with its query only where the rule writes a question mark; a value that begins with "/" is
compared with the path alone. What an address begins with ends at a part of its path: "/check" is
not the beginning of "/checkout".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from cxm.customers.matching import Json

ADDRESS: Final = "address"
EVENT: Final = "event"
KIND: Final = "kind"
SOURCE: Final = "source"
PROPERTY: Final = "property"
UTM: Final = ("source", "medium", "campaign", "term", "content")
FIELDS: Final = (ADDRESS, EVENT, KIND, SOURCE, *(f"utm_{name}" for name in UTM), PROPERTY)

IS: Final = "is"
IS_NOT: Final = "is_not"
BEGINS: Final = "begins"
CONTAINS: Final = "contains"
PATTERN: Final = "pattern"
OPERATORS: Final = (IS, IS_NOT, BEGINS, CONTAINS, PATTERN)

MOST_CONDITIONS: Final = 10
LONGEST_VALUE: Final = 300
LONGEST_NAME: Final = 120


class InvalidConditionError(ValueError):
    """A condition cannot be; `position` counts from 0, -1 where it is about all of them."""

    def __init__(self, detail: str, *, code: str, position: int = -1) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.position = position


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold; `name` is the property's name and "" for the other fields."""

    field: str
    operator: str
    value: str
    name: str = ""

    def as_json(self) -> dict[str, str]:
        """Return it as rules keep it."""
        return {
            "field": self.field,
            "name": self.name,
            "operator": self.operator,
            "value": self.value,
        }


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of an interaction when its touchpoint is looked for.

    Attributes:
        source: name of the source that sent it.
        touchpoint: key of the touchpoint, where the sender names it.
        utm: source, medium, campaign, term and content of the visit's address.
    """

    event: str = ""
    url: str = ""
    kind: str = ""
    source: str = ""
    touchpoint: str = ""
    utm: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Json] = field(default_factory=dict)


def read_conditions(raw: object) -> tuple[Condition, ...]:
    """Return the conditions of a rule, as they are kept in JSON.

    Raises:
        InvalidConditionError: it is no list of 1 to MOST_CONDITIONS conditions that can be.
    """
    if not isinstance(raw, list | tuple) or not raw:
        raise InvalidConditionError("A rule needs at least one condition.", code="no_condition")
    if len(raw) > MOST_CONDITIONS:
        raise InvalidConditionError(
            f"A rule has at most {MOST_CONDITIONS} conditions.", code="too_many_conditions"
        )
    return tuple(_read(position, entry) for position, entry in enumerate(raw))


def _read(position: int, raw: object) -> Condition:
    def refuse(detail: str, code: str) -> InvalidConditionError:
        return InvalidConditionError(detail, code=code, position=position)

    if not isinstance(raw, Mapping) or not set(raw) <= {"field", "name", "operator", "value"}:
        raise refuse("A condition has a field, an operator and a value.", "invalid_condition")
    words = {key: raw.get(key, "") for key in ("field", "name", "operator", "value")}
    texts = {key: word.strip() for key, word in words.items() if isinstance(word, str)}
    if len(texts) < len(words) or any("\x00" in text for text in texts.values()):
        raise refuse("Field, name, operator and value are texts.", "invalid_condition")
    if texts["field"] not in FIELDS:
        raise refuse(f"“{texts['field']}” is no field.", "unknown_field")
    if texts["operator"] not in OPERATORS:
        raise refuse(f"“{texts['operator']}” is no operator.", "unknown_operator")
    if not texts["value"] or len(texts["value"]) > LONGEST_VALUE:
        raise refuse(f"Write a value of 1 to {LONGEST_VALUE} signs.", "invalid_value")
    is_property = texts["field"] == PROPERTY
    if is_property != bool(texts["name"]) or len(texts["name"]) > LONGEST_NAME:
        raise refuse("A property has a name, and nothing else has one.", "invalid_name")
    return Condition(texts["field"], texts["operator"], texts["value"], texts["name"])


class Facts:
    """A contact in the form in which it is compared; each form is made when it is first asked."""

    __slots__ = ("_found", "contact")

    def __init__(self, contact: Contact) -> None:
        self.contact = contact
        self._found: dict[str, tuple[str, ...]] = {}

    def values(self, subject: str) -> tuple[str, ...]:
        """Return what the contact has in a field; () where it has nothing.

        `subject` is one of FIELDS, for a property followed by ":" and its name, for an address
        by ":" and which part of it.
        """
        known = self._found.get(subject)
        if known is None:
            known = self._found[subject] = self._read(subject)
        return known

    def _read(self, subject: str) -> tuple[str, ...]:
        contact = self.contact
        if subject.startswith("property:"):
            return _property(contact.properties, subject.removeprefix("property:"))
        if subject.startswith("address:"):
            return (_address(contact.url, subject.removeprefix("address:")),) if contact.url else ()
        if subject == EVENT:
            text = normalise_event(contact.event)
        elif subject == KIND:
            text = contact.kind.casefold()
        elif subject == SOURCE:
            text = fold(contact.source)
        else:
            text = fold(_utm(contact, subject))
        return (text,) if text else ()


@dataclass(frozen=True, slots=True)
class Test:
    """A condition made ready for many contacts."""

    __test__ = False  # for pytest: no test case

    subject: str
    operator: str
    value: str
    holds_for: Callable[[str], bool]

    def holds(self, facts: Facts) -> bool:
        """Say whether the condition holds; "is not" holds where there is nothing."""
        values = facts.values(self.subject)
        if self.operator == IS_NOT:
            return all(self.holds_for(value) for value in values)
        return any(self.holds_for(value) for value in values)


def compiled(condition: Condition) -> Test:
    """Return a condition made ready to be asked often."""
    subject = condition.field
    value = normalise_event(condition.value) if subject == EVENT else fold(condition.value)
    if subject == PROPERTY:
        subject = f"property:{condition.name}"
    elif subject == ADDRESS:
        value = _without_scheme(value)
        whole = "?" in value
        part = "path" if value.startswith("/") else "page"
        if value.startswith("*") or condition.operator == CONTAINS:
            part = "page"
        subject = f"address:{part}{'?' if whole else ''}"
        if condition.operator in (IS, IS_NOT) and not whole:
            # The form of every address: without a slash at its end.
            value = value.rstrip("/") or "/"
    return Test(subject, condition.operator, value, _tester(subject, condition.operator, value))


def _tester(subject: str, operator: str, value: str) -> Callable[[str], bool]:
    if operator == IS_NOT:
        return lambda text: _bare(subject, text) != value
    if operator == IS:
        return lambda text: _bare(subject, text) == value
    if operator == BEGINS:
        if subject in ("address:path", "address:page"):
            return _part_begins(value.rstrip("/"))
        return lambda text: text.startswith(value)
    if operator == CONTAINS:
        return lambda text: value in text
    return Glob(value).matches


def _part_begins(value: str) -> Callable[[str], bool]:
    # "/check" is not the beginning of "/checkout": what is written ends at a part of the path.
    below = f"{value}/"
    return lambda text: text == value or text.startswith(below)


def _bare(subject: str, text: str) -> str:
    if subject in ("address:path", "address:page"):
        return text.rstrip("/") or "/"
    return text


class Glob:
    """A pattern in which * stands for any signs, also none; takes time in step with the text."""

    __slots__ = ("_first", "_last", "_middle", "_whole")

    def __init__(self, pattern: str) -> None:
        pieces = pattern.split("*")
        self._whole = len(pieces) == 1
        self._first, self._last = pieces[0], pieces[-1]
        self._middle = tuple(piece for piece in pieces[1:-1] if piece)

    def matches(self, text: str) -> bool:
        """Say whether all of the text is so."""
        if self._whole:
            return text == self._first
        if len(text) < len(self._first) + len(self._last):
            return False
        if not text.startswith(self._first) or not text.endswith(self._last):
            return False
        at, end = len(self._first), len(text) - len(self._last)
        # The leftmost place of each piece leaves most room for the ones behind it.
        for piece in self._middle:
            at = text.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True


def fold(text: str) -> str:
    """Return a text as it is compared."""
    return text.strip().casefold()


def normalise_event(name: str) -> str:
    """Return an event's name as it is compared: "Order Completed" is "order completed"."""
    return " ".join(name.split()).lower()


def page_of(url: str) -> tuple[str, str]:
    """Return (host and path, path) of an address, in small letters and without its query."""
    try:
        parts = urlsplit(url.strip().casefold())
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    path = parts.path or "/"
    if not path.startswith("/"):
        path = f"/{path}"
    return f"{host}{path}", path


def all_hold(tests: Iterable[Test], facts: Facts) -> bool:
    """Say whether every condition holds."""
    return all(test.holds(facts) for test in tests)


def _without_scheme(value: str) -> str:
    _scheme, there, rest = value.partition("://")
    return rest if there else value.removeprefix("//")


def _address(url: str, part: str) -> str:
    host_and_path, path = page_of(url)
    text = path if part.startswith("path") else host_and_path
    if part.endswith("?"):
        _page, _mark, query = url.casefold().partition("#")[0].partition("?")
        text = f"{text}?{query.strip()}"
    return text


def _utm(contact: Contact, field: str) -> str:
    """Return a campaign word as the sender gave it, else as the address carries it."""
    name = field.removeprefix("utm_")
    found = contact.utm.get(name)
    if not found and name == "campaign":
        # As Segment's libraries call it.
        found = contact.utm.get("name")
    if not found and field in contact.url:
        try:
            found = dict(parse_qsl(urlsplit(contact.url).query)).get(field)
        except ValueError:
            found = None
    return found or ""


def _property(properties: Mapping[str, Json], name: str) -> tuple[str, ...]:
    """Return the values of a property: by its name, else along the dots in it."""
    found: Json = properties.get(name)
    if found is None and "." in name:
        first, *rest = name.split(".")
        found = properties.get(first)
        for part in rest:
            found = found.get(part) if isinstance(found, Mapping) else None
    entries = found if isinstance(found, list | tuple) else [found]
    texts = (_text(entry) for entry in entries)
    return tuple(text for text in texts if text)


def _text(value: Json) -> str:
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return ""
