"""What a card of a file says of the pain point or opportunity behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from journeys.exports.incoming.cleaning import clean, number
from journeys.exports.incoming.problems import Say, Where
from journeys.exports.incoming.raw import Value
from journeys.maps.plans import FindingPlan

LONGEST_DESCRIPTION: Final = 5_000
# By the shape of a card's lane.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "pain": ("description",),
    "opportunity": ("description", "impact", "effort", "owner"),
}
_ALL: Final = FIELDS["opportunity"]


class FindingReader:
    """Reads what stands beside a finding's title, which is the text of its card.

    Args:
        members: by e-mail address and by name; None where several have the name.
    """

    def __init__(
        self,
        members: Mapping[str, UUID | None],
        say: Say,
        cut: Callable[[str, int, Where], str],
    ) -> None:
        self.members = members
        self.say = say
        self.cut = cut

    def read(self, fields: Mapping[str, Value], shape: str, where: Where) -> FindingPlan:
        """Return what is said; nothing for a card that is no finding."""
        own = FIELDS.get(shape, ())
        for name in _ALL:
            if name not in own and clean(fields.get(name)):
                text = _("Cards in this lane have no “%s”; it was left out.")
                self.say(text % name, where, "no_such_field")
        said = {name: fields.get(name) for name in own}
        return FindingPlan(
            description=self.cut(clean(said.get("description")), LONGEST_DESCRIPTION, where),
            impact=self._size(said.get("impact"), where),
            effort=self._size(said.get("effort"), where),
            owner=self._owner(said.get("owner"), where),
        )

    def _size(self, value: Value, where: Where) -> int | None:
        if value is None or value == "":
            return None
        found = number(value)
        if found is not None and found in (1, 2, 3, 4, 5):
            return int(found)
        text = _("Impact and effort are 1, 2, 3, 4 or 5, not “%s”.")
        self.say(text % clean(value)[:40], where, "no_size")
        return None

    def _owner(self, value: Value, where: Where) -> UUID | None:
        name = clean(value)
        if not name:
            return None
        if name.casefold() not in self.members:
            text = _("There is no member called “%s”; the opportunity has no owner.")
            self.say(text % name[:80], where, "unknown_owner")
        elif self.members[name.casefold()] is None:
            text = _("Several members are called “%s”; name the owner by e-mail address.")
            self.say(text % name[:80], where, "owner_twice")
        return self.members.get(name.casefold())
