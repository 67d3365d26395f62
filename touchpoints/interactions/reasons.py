"""What each reason of the quarantine means, and what to do about it, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What can be mended here: a touchpoint is made, the mapping is changed, a row is edited; or the
# sender has to change something, and rows that came can only be edited one by one.
Fix = Literal["touchpoint", "mapping", "row"]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in words: its title, what it means, what to do, and how it is mended here."""

    title: str | Promise
    meaning: str | Promise
    advice: str | Promise
    fix: Fix = "row"


_SENDER: Final = _("Ask whoever keeps the sender to change it; mend single rows here.")
_MAPPING: Final = _("Change the mapping if the file is right, else mend the file or the rows.")

REASONS: Final[dict[str, Reason]] = {
    "unknown_touchpoint": Reason(
        _("Touchpoint not known"),
        _("The sender names a touchpoint by a key that there is not."),
        _("Make the touchpoint with this key, or mend the key, then try again."),
        "touchpoint",
    ),
    "no_mapping": Reason(
        _("Mapping is gone"),
        _("The rows came from a file whose mapping is not kept any more or does not work."),
        _("Import the file again with its mapping, or change the mapping, then try again."),
        "mapping",
    ),
    "unknown_value": Reason(
        _("Word not known"),
        _("A column holds a word that the mapping does not list."),
        _("Add the word to the mapping if it is right."),
        "mapping",
    ),
    "missing_value": Reason(
        _("Value missing"),
        _("A column that the mapping asks for is empty."),
        _MAPPING,
        "mapping",
    ),
    "below_minimum": Reason(
        _("Below the smallest value"),
        _("A number is smaller than the mapping allows."),
        _MAPPING,
        "mapping",
    ),
    "above_maximum": Reason(
        _("Above the largest value"),
        _("A number is larger than the mapping allows."),
        _MAPPING,
        "mapping",
    ),
    "not_a_number": Reason(
        _("No number"),
        _("A number is asked for, and something else stands there."),
        _MAPPING,
        "mapping",
    ),
    "not_a_boolean": Reason(
        _("Neither yes nor no"),
        _("Yes or no is asked for, and something else stands there."),
        _MAPPING,
        "mapping",
    ),
    "unreadable_row": Reason(
        _("Row cannot be read"),
        _("The row has too few or too many fields, or letters of another encoding."),
        _("Mend the row in the file and import it again; here it can only be discarded."),
        "mapping",
    ),
    "bad_time": Reason(
        _("Time cannot be read"),
        _("The time is written in a way that is not understood."),
        _("Send times as 2026-11-22T14:30:00Z, or say in the mapping how they are written."),
        "mapping",
    ),
    "time_ahead": Reason(
        _("Time lies ahead"),
        _("The time is more than two days in the future."),
        _("Set the sender's clock. Once the time has come, the rows can be stored as they are."),
    ),
    "time_out_of_range": Reason(
        _("Time lies too far back"),
        _("The time lies before the year 2000, which is a mistake of a clock or of a format."),
        _SENDER,
    ),
    "no_event": Reason(
        _("Event without a name"),
        _("A track call does not say what happened."),
        _SENDER,
    ),
    "no_identity": Reason(
        _("Nobody named"),
        _("The event has neither a userId nor an anonymousId, so that it is nobody's."),
        _SENDER,
    ),
    "bad_customer": Reason(
        _("Customer cannot be"),
        _("What says who it was is no address, number or id."),
        _SENDER,
    ),
    "bad_message_id": Reason(
        _("Message id too long"),
        _("A messageId may have 99 characters."),
        _SENDER,
    ),
    "no_key": Reason(_("Without an id"), _("The row has nothing by which it is known."), _SENDER),
    "unknown_type": Reason(
        _("Type not known"),
        _("Events are of the types track, page, screen, identify, group and alias."),
        _SENDER,
    ),
    "unknown_kind": Reason(
        _("Kind not known"), _("There is no such kind of interaction."), _MAPPING, "mapping"
    ),
    "not_an_object": Reason(
        _("No event"), _("In the place of an event stands something else."), _SENDER
    ),
    "event_too_large": Reason(
        _("Event too large"),
        _("An event may have 32 KB."),
        _("Let the sender leave out what nobody reads; mend single rows here."),
    ),
    "quantity_out_of_range": Reason(
        _("Quantity cannot be"), _("A quantity is a whole number from 1."), _MAPPING, "mapping"
    ),
    "dwell_out_of_range": Reason(
        _("Time spent cannot be"),
        _("The time spent is not between 0 seconds and a year."),
        _SENDER,
    ),
    "unknown_dwell_method": Reason(
        _("Time spent without a method"),
        _("It is not said how the time spent was measured."),
        _SENDER,
    ),
    "value_out_of_range": Reason(_("Value cannot be"), _("The value is no sum of money."), _SENDER),
    "refused_by_database": Reason(
        _("Refused by the database"),
        _("Something in the row cannot be stored, such as a zero byte."),
        _SENDER,
    ),
    "invalid_json": Reason(_("No JSON"), _("The body of a request is no JSON."), _SENDER),
    "invalid_body": Reason(
        _("Body not understood"),
        _("The body of a request is no object, or has no list named batch."),
        _SENDER,
    ),
    "too_many_events": Reason(
        _("Too many events"), _("A batch may have 2,500 events."), _("Let the sender send less.")
    ),
    "failed": Reason(
        _("Could not be sorted in"),
        _("Something unforeseen went wrong; the server's log says what."),
        _("Try again. If it fails again, the log helps whoever runs this site."),
    ),
}
_OTHER: Final = Reason(_("Refused"), _("The detail beside each row says what was wrong."), _SENDER)


def reason_of(code: str) -> Reason:
    """Return the words for a reason; general ones for a code that is not known."""
    return REASONS.get(code, _OTHER)
