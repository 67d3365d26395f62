"""Which kind of lane a heading means."""

from __future__ import annotations

from typing import Final

from django.utils.translation import override

from journeys.maps.lanes import LANE_KINDS

# What people call lanes besides the words of this product, in English and German.
_ALSO: Final[dict[str, str]] = {
    "doing": "actions",
    "activities": "actions",
    "user actions": "actions",
    "customer actions": "actions",
    "handlungen": "actions",
    "aktionen": "actions",
    "kontaktpunkte": "touchpoints",
    "thinking": "thoughts",
    "thoughts and questions": "thoughts",
    "gedanken": "thoughts",
    "fragen": "questions",
    "feeling": "feelings",
    "emotion curve": "feelings",
    "gefühle": "feelings",
    "emotionen": "emotions",
    "zitate": "quotes",
    "needs": "needs",
    "bedürfnisse": "needs",
    "pains": "pain_points",
    "pain points": "pain_points",
    "schmerzpunkte": "pain_points",
    "ideas": "opportunities",
    "chancen": "opportunities",
    "backstage": "backstage",
    "processes": "backstage",
    "prozesse": "backstage",
    "departments": "responsible",
    "owner": "responsible",
    "verantwortlich": "responsible",
    "systeme": "systems",
    "inhalte": "content",
    "notizen": "notes",
}


def kind_of(kind: str, heading: str) -> tuple[str, bool]:
    """Return the kind of lane that a key or heading means, and whether there is one."""
    for word in (kind.strip().casefold(), heading.strip().casefold()):
        if not word:
            continue
        if word in LANE_KINDS:
            return word, True
        found = _titles().get(word) or _ALSO.get(word)
        if found is not None:
            return found, True
        if kind:
            break
    return "", False


def _titles() -> dict[str, str]:
    """Return the kinds by their titles, in the reader's language and in English."""
    found: dict[str, str] = {}
    for key, entry in LANE_KINDS.items():
        found.setdefault(str(entry.title).casefold(), key)
    with override("en"):
        for key, entry in LANE_KINDS.items():
            found.setdefault(str(entry.title).casefold(), key)
            found.setdefault(str(entry.short).casefold(), key)
    return found
