"""Reads the JSON format. Pure but for translated words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from journeys.exports.exchange import FORMAT, FORMAT_VERSION
from journeys.exports.incoming.pictures import Gathered, lift
from journeys.exports.incoming.problems import Refused, Where
from journeys.exports.incoming.raw import Raw, RawCard, RawLane, RawStage, RawStep, Value


def read(text: str, *, most: int) -> Raw:
    """Return what a JSON file says.

    Raises:
        Refused: it is no JSON, not of our format, or too large without its pictures.
    """
    text, written = lift(text)
    if len(text) > most:
        raise Refused(
            _("The file is larger than %s MB without its pictures. Split it.") % (most // 1024**2),
            code="too_large",
        )
    gathered = Gathered()
    try:
        found = json.loads(text)
    except RecursionError:
        raise Refused(_("The file is nested too deeply."), code="unreadable") from None
    except ValueError as error:
        raise Refused(_("This is not valid JSON: %s") % error, code="unreadable") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Refused(
            _("This JSON file is no journey map: “format” must be “%s”.") % FORMAT,
            code="unknown_format",
        )
    if found.get("format_version") != FORMAT_VERSION:
        raise Refused(
            _("This file has another version of the format; this one reads version %s.")
            % FORMAT_VERSION,
            code="unknown_version",
        )
    about = found.get("map")
    about = about if isinstance(about, dict) else {}
    personas = about.get("personas")
    cards = tuple(
        RawCard(
            _text(row, "lane"), _text(row, "step"), _fields(row, where, gathered, written), where
        )
        for where, row in _rows(found, "cards")
    )
    return Raw(
        stages=tuple(
            RawStage(_text(row, "key"), _text(row, "name"), _text(row, "phase"), where)
            for where, row in _rows(found, "stages")
        ),
        steps=tuple(
            RawStep(
                _text(row, "key"),
                _text(row, "stage"),
                _text(row, "name"),
                _text(row, "metric"),
                tuple(
                    (_text(link, "to"), _text(link, "label")) for _at, link in _rows(row, "next")
                ),
                where,
            )
            for where, row in _rows(found, "steps")
        ),
        lanes=tuple(
            RawLane(
                _text(row, "key"),
                _text(row, "kind"),
                _text(row, "name"),
                row.get("hidden") is True,
                row.get("collapsed") is True,
                where,
            )
            for where, row in _rows(found, "lanes")
        ),
        cards=cards,
        name=_text(about, "name"),
        kind=_text(about, "kind"),
        cyclic=about.get("cyclic") is True,
        cycle_name=_text(about, "cycle_name"),
        phase_model=_text(about, "phase_model"),
        personas=tuple(p for p in personas if isinstance(p, str))
        if isinstance(personas, list)
        else (),
        problems=tuple(gathered.problems),
        pictures=gathered.found,
    )


def _rows(found: Mapping[str, Any], name: str) -> Iterator[tuple[Where, dict[str, Any]]]:
    rows = found.get(name, [])
    if not isinstance(rows, list):
        raise Refused(_("“%s” must be a list.") % name, code="unreadable", where=Where(name))
    for number, row in enumerate(rows, start=1):
        where = Where(name, number)
        if not isinstance(row, dict):
            raise Refused(_("Here an object is missing."), code="unreadable", where=where)
        yield where, row


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        raise Refused(_("“%s” must be a text.") % name, code="unreadable", where=Where(column=name))
    return str(value)


def _fields(
    row: Mapping[str, Any], where: Where, gathered: Gathered, written: Sequence[str]
) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for name, value in row.items():
        if name == "touchpoint" and isinstance(value, dict):
            fields["touchpoint"] = _text(value, "name")
            fields["touchpoint_key"] = _text(value, "key")
        elif name == "picture" and isinstance(value, dict):
            fields["picture"] = _picture(value, where, gathered, written)
        elif isinstance(value, (str, int, float, bool)):
            fields[name] = value
    return fields


def _picture(
    found: Mapping[str, Any], where: Where, gathered: Gathered, written: Sequence[str]
) -> str:
    """Return what names a picture: its contents where they are written out, else its name.

    One that stands on several cards is written out once.
    """
    name, data = _text(found, "name"), found.get("data")
    if isinstance(data, int) and 0 <= data < len(written):
        data = written[data]
    if isinstance(data, str):
        ref = gathered.take_text(data, where)
        gathered.names.setdefault(name, ref)
        return ref
    return gathered.names.get(name, name)
