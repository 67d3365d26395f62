"""One card of a file, matched to what the workspace has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from journeys.exports.incoming.cleaning import clean, number
from journeys.exports.incoming.findings import FindingReader
from journeys.exports.incoming.problems import Say, Where
from journeys.exports.incoming.raw import RawCard, Value
from journeys.maps.lanes import LANE_KINDS, SEVERITIES, states_of
from journeys.maps.plans import CardPlan

LONGEST_TEXT: Final = 400
LONGEST_ANSWER: Final = 240
MOST_SPAN: Final = 200


@dataclass(frozen=True, slots=True)
class Known:
    """What the workspace has, by exact names; `answers` are those of the file that exist.

    `pictures` gives what a card calls a picture the name under which it is kept; `members` are
    found by e-mail address and name, in small letters, None where several have the name;
    `findings` are those of the file that exist, by the shape of their lane and their title.
    """

    touchpoints: Mapping[str, UUID] = field(default_factory=dict)
    touchpoint_keys: Mapping[str, tuple[UUID, str]] = field(default_factory=dict)
    personas: Mapping[str, UUID] = field(default_factory=dict)
    maps: Mapping[str, UUID] = field(default_factory=dict)
    phase_models: Mapping[str, frozenset[str]] = field(default_factory=dict)
    metrics: frozenset[str] = frozenset()
    answers: frozenset[UUID] = frozenset()
    pictures: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, UUID | None] = field(default_factory=dict)
    findings: frozenset[tuple[str, str]] = frozenset()


class Made(Enum):
    """What becomes of a card that does not fit its lane."""

    NOTHING = "left out"
    NOTE = "put into the notes"


class CardReader:
    """Reads cards; `note` is what the last one said that has to go into the notes."""

    def __init__(self, known: Known, say: Say, cut: Callable[[str, int, Where], str]) -> None:
        self.known = known
        self.say = say
        self.cut = cut
        self.note = ""
        self.findings = FindingReader(known.members, say, cut)

    def read(self, card: RawCard, kind: str, cell: Sequence[CardPlan]) -> CardPlan | Made:
        """Return the card, or what becomes of it."""
        shape = LANE_KINDS[kind].shape
        where, fields = card.where, card.fields
        text = clean(fields.get("text"))
        valence = self._valence(fields, where)
        if shape == "feeling" and valence is None and card.loose and text:
            valence, text = number(text), ""
            if valence is None or not -2 <= valence <= 2:
                return self._into_notes(
                    clean(fields.get("text")),
                    _("A feeling is a number from −2 to +2; “%s” was put in as text in Notes."),
                    where,
                    "no_feeling",
                )
        touchpoint, text, lost = self._touchpoint(fields, text, shape)
        if lost and shape == "touchpoint":
            return self._into_notes(
                lost if not text or text == lost else f"{lost}: {text}",
                _("There is no touchpoint called “%s”; it was put in as text in Notes."),
                where,
                "unknown_touchpoint",
                named=lost,
            )
        if lost:
            self.say(_("There is no touchpoint called “%s”.") % lost, where, "unknown_touchpoint")
        if touchpoint is not None and any(plan.touchpoint == touchpoint for plan in cell):
            text = _("This touchpoint stands in the cell twice; once is enough.")
            self.say(text, where, "touchpoint_twice")
            return Made.NOTHING
        linked = self._linked(fields, where)
        if linked is None and not text:
            text = clean(fields.get("linked_map"))
        plan = CardPlan(
            text=self.cut(text, LONGEST_TEXT, where),
            touchpoint=touchpoint,
            valence=None if valence is None else round(valence, 1),
            severity=self._severity(fields.get("severity"), where),
            status=self._status(fields.get("status"), kind, where),
            span=self._span(fields.get("span"), where),
            persona=self._persona(fields.get("persona"), where),
            answer=self.cut(clean(fields.get("answer")), LONGEST_ANSWER, where),
            response_id=self._response(fields.get("response_id"), where),
            linked_map=linked,
            picture=self._picture(fields, shape, where),
            finding=self.findings.read(fields, shape, where),
        )
        if (plan.touchpoint, plan.valence, plan.response_id, plan.linked_map) == (None,) * 4 and (
            not plan.text and not plan.picture
        ):
            self.say(_("This card says nothing; it was left out."), where, "empty_card")
            return Made.NOTHING
        if shape == "feeling" and plan.valence is None:
            return self._into_notes(
                text,
                _("“%s” says no feeling; it was put in as text in Notes."),
                where,
                "no_feeling",
            )
        return plan

    def _into_notes(
        self, note: str, words: str, where: Where, code: str, *, named: str = ""
    ) -> Made:
        self.say(words % (named or note)[:80], where, code)
        self.note = note
        return Made.NOTE if note else Made.NOTHING

    def _touchpoint(
        self, fields: Mapping[str, Value], text: str, shape: str
    ) -> tuple[UUID | None, str, str]:
        """Return the touchpoint, the card's own text, and the name that nothing has."""
        name, key = clean(fields.get("touchpoint")), clean(fields.get("touchpoint_key"))
        if not name and not key and shape == "touchpoint":
            name, text = text, ""
        by_key, called = self.known.touchpoint_keys.get(key, (None, ""))
        # Names may be given twice: the key then tells which one is meant.
        found = by_key if called == name else self.known.touchpoints.get(name, by_key)
        return found, text, "" if found is not None else name or key

    def _valence(self, fields: Mapping[str, Value], where: Where) -> float | None:
        value = fields.get("feeling")
        if value is None or value == "":
            return None
        found = number(value)
        if found is None or not -2 <= found <= 2:
            text = _("A feeling is a number from −2 to +2, not “%s”.")
            self.say(text % clean(value)[:40], where, "no_feeling")
            return None
        return found

    def _severity(self, value: Value, where: Where) -> int | None:
        if value is None or value == "":
            return None
        found = number(value)
        if found is not None and found in SEVERITIES:
            return int(found)
        word = clean(value).casefold()
        for level, title in SEVERITIES.items():
            if word == str(title).casefold():
                return level
        text = _("There is no severity “%s”: it is Minor, Major or Critical, or 1, 2 or 3.")
        self.say(text % clean(value)[:40], where, "no_severity")
        return None

    def _status(self, value: Value, kind: str, where: Where) -> str:
        word = clean(value).casefold()
        if not word:
            return ""
        states = states_of(kind)
        for key, title in states.items():
            if word in {key, str(title).casefold()}:
                return key
        if not states:
            self.say(_("Cards in this lane have no status."), where, "no_status")
            return ""
        self.say(
            _("There is no status “%(status)s” here: it is one of %(all)s.")
            % {"status": clean(value)[:40], "all": ", ".join(str(t) for t in states.values())},
            where,
            "no_status",
        )
        return ""

    def _span(self, value: Value, where: Where) -> int:
        if value is None or value == "":
            return 1
        found = number(value)
        if found is None or not 1 <= found <= MOST_SPAN or found != int(found):
            text = _("A card covers a whole number of steps, not “%s”.")
            self.say(text % clean(value)[:40], where, "no_span")
            return 1
        return int(found)

    def _persona(self, value: Value, where: Where) -> UUID | None:
        name = clean(value)
        if name and name not in self.known.personas:
            self.say(_("There is no persona called “%s”.") % name, where, "unknown_persona")
        return self.known.personas.get(name)

    def _linked(self, fields: Mapping[str, Value], where: Where) -> UUID | None:
        name = clean(fields.get("linked_map"))
        if name and name not in self.known.maps:
            text = _("There is no journey called “%s”; its name stays as text.")
            self.say(text % name, where, "unknown_map")
        return self.known.maps.get(name)

    def _picture(self, fields: Mapping[str, Value], shape: str, where: Where) -> str:
        name = clean(fields.get("picture"))
        if not name:
            return ""
        if shape != "picture":
            self.say(_("Cards in this lane have no picture."), where, "no_picture_here")
            return ""
        if name not in self.known.pictures:
            text = _("The picture “%s” is neither in the file nor in this workspace.")
            self.say(text % name[:60], where, "unknown_picture")
        return self.known.pictures.get(name, "")

    def _response(self, value: Value, where: Where) -> UUID | None:
        written = clean(value)
        if not written:
            return None
        try:
            found = UUID(written)
        except ValueError:
            found = None
        if found is None or found not in self.known.answers:
            text = _("The answer that is quoted here is not in this workspace.")
            self.say(text, where, "unknown_answer")
            return None
        return found
