"""Real answers on a map: their words are read anew each time, and kept nowhere here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict
from uuid import UUID

from touchpoints.catalogue.voices import Voice, by_ids


class Quote(TypedDict):
    """What a customer wrote, as the editor writes it into a cell."""

    text: str
    score: int | None
    at: str
    survey: str


def quotes_of(ids: Iterable[UUID | None]) -> dict[str, Quote | None]:
    """Return the words of these answers by id; None for one that was erased or never was.

    One query for each room that asks customers, none without an id.
    """
    wanted = [found for found in dict.fromkeys(ids) if found is not None]
    voices = by_ids(wanted)
    return {str(found): quote_of(voices[found]) if found in voices else None for found in wanted}


def quote_of(voice: Voice) -> Quote:
    """Return a voice as JSON writes it."""
    return {
        "text": voice.text,
        "score": voice.score,
        "at": voice.at.isoformat(),
        "survey": voice.survey,
    }
