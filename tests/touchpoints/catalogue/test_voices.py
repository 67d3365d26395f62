"""The registry between who asks customers and who shows what they said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from cxm.common.ids import uuid7
from cxm.workspaces.models import Workspace
from touchpoints.catalogue import voices
from touchpoints.catalogue.voices import Asked, Voice

PLACE = uuid7()
NOWHERE = Workspace(name="Nordhaven")


def said(text: str, day: int) -> Voice:
    return Voice(uuid7(), PLACE, text, 3, datetime(2026, 11, day, tzinfo=UTC), "Web", "detractor")


class Room:
    """A room that asks, with what it was told."""

    def __init__(self, *known: Voice) -> None:
        self.known = known

    def voices(
        self,
        workspace: Workspace,
        touchpoint_ids: Sequence[UUID] | None,
        *,
        q: str,
        limit: int,
        since: datetime | None,
    ) -> list[Voice]:
        return [voice for voice in self.known if q in voice.text][:limit]

    def by_ids(self, ids: Sequence[UUID]) -> dict[UUID, Voice]:
        return {voice.id: voice for voice in self.known if voice.id in ids}

    def asked(
        self, workspace: Workspace, touchpoint_ids: Sequence[UUID], *, since: datetime | None
    ) -> list[Asked]:
        return []

    def new_url(self, touchpoint_id: UUID) -> str:
        return f"/new/{touchpoint_id}"


@pytest.fixture(autouse=True)
def nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "_asking", {})


def test_without_a_room_nobody_said_anything() -> None:
    assert voices.voices(NOWHERE, [PLACE]) == []
    assert voices.by_ids([uuid7()]) == {}
    assert voices.asked(NOWHERE, [PLACE]) == []
    assert voices.ask_url(PLACE) == ""


def test_what_several_rooms_heard_is_read_newest_first_and_cut_once() -> None:
    voices.asks("surveys", Room(said("late", 3), said("old", 1)))
    voices.asks("reviews", Room(said("newest", 9), said("middle", 2)))
    found = voices.voices(NOWHERE, [PLACE], limit=3)
    assert [voice.text for voice in found] == ["newest", "late", "middle"]
    assert [voice.text for voice in voices.voices(NOWHERE, None, q="old")] == ["old"]


def test_an_answer_is_found_in_the_room_that_keeps_it() -> None:
    kept = said("kept", 1)
    voices.asks("surveys", Room())
    voices.asks("reviews", Room(kept))
    assert voices.by_ids([kept.id, kept.id, uuid7()]) == {kept.id: kept}


def test_no_room_is_entered_twice_under_one_key() -> None:
    room = Room()
    voices.asks("surveys", room)
    voices.asks("surveys", room)
    with pytest.raises(ValueError, match="surveys"):
        voices.asks("surveys", Room())


def test_a_share_is_of_those_invited_and_unknown_without_any() -> None:
    entry = Asked(uuid7(), PLACE, "After delivery", "/", 150, 200, 50, "/new/")
    assert entry.share == 25
    assert Asked(uuid7(), PLACE, "In store", "/", 4, 0, 0, "/new/").share is None
