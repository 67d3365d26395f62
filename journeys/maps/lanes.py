"""The kinds of lanes that a map can have, and what their cards carry. Pure.

A registry rather than choices: the vocabulary grows, and a new kind is no migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise
Shape = Literal[
    "card",
    "plain",
    "said",
    "touchpoint",
    "feeling",
    "score",
    "quote",
    "need",
    "pain",
    "opportunity",
    "department",
    "question",
    "emotion",
    "moment",
    "channel",
    "picture",
    "link",
    "line",
]


@dataclass(frozen=True, slots=True)
class LaneKind:
    """A kind of row.

    Attributes:
        shape: how its cells are drawn and which fields its cards have.
        hint: what stands below its heading.
        of_cards: whether people write cards into it; the others are filled from data.
        behind: whether it lies below the line of visibility, where customers do not see it.
        short: what one of its cards is called ("Add a pain point").
    """

    key: str
    title: Text
    short: Text
    hint: Text
    shape: Shape
    of_cards: bool = True
    behind: bool = False


_KINDS: Final = (
    LaneKind("actions", _("Actions"), _("action"), _("What the customer does"), "card"),
    LaneKind("touchpoints", _("Touchpoints"), _("touchpoint"), _("Where we meet"), "touchpoint"),
    LaneKind(
        "channels", _("Channels"), _("channel"), _("On which ways"), "channel", of_cards=False
    ),
    LaneKind("thoughts", _("Thoughts"), _("thought"), _("and questions"), "said"),
    LaneKind("questions", _("Questions"), _("question"), _("Open and answered"), "question"),
    LaneKind("feelings", _("Feelings"), _("feeling"), _("One axis, three sources"), "feeling"),
    LaneKind("emotions", _("Emotions"), _("emotion"), _("Trust, expectation, loyalty"), "emotion"),
    LaneKind("scores", _("Scores"), _("score"), _("One KPI per step"), "score", of_cards=False),
    LaneKind("quotes", _("Quotes"), _("quote"), _("From real answers"), "quote"),
    LaneKind("needs", _("Needs met"), _("need"), "", "need"),
    LaneKind("pain_points", _("Pain points"), _("pain point"), _("Severity"), "pain"),
    LaneKind("friction", _("Friction"), _("friction"), _("Severity"), "pain"),
    LaneKind("moments", _("Moments of truth"), _("moment of truth"), "", "moment"),
    LaneKind("opportunities", _("Opportunities"), _("opportunity"), _("Status"), "opportunity"),
    LaneKind("content", _("Content"), _("content"), _("and keywords"), "plain"),
    LaneKind("pictures", _("Pictures"), _("picture"), "", "picture"),
    LaneKind("journeys", _("Journeys"), _("journey"), _("Maps of a part"), "link"),
    LaneKind(
        "backstage", _("Behind it"), _("process"), _("Systems, partners"), "plain", behind=True
    ),
    LaneKind("systems", _("Systems"), _("system"), "", "plain", behind=True),
    LaneKind("responsible", _("Responsible"), _("department"), "", "department", behind=True),
    LaneKind("notes", _("Notes"), _("note"), "", "plain"),
    # Blueprint lines: rows without cells.
    LaneKind("line_interaction", _("Line of interaction"), _("line"), "", "line", of_cards=False),
    LaneKind("line_visibility", _("Line of visibility"), _("line"), "", "line", of_cards=False),
    LaneKind(
        "line_internal", _("Line of internal interaction"), _("line"), "", "line", of_cards=False
    ),
)

LANE_KINDS: Final[dict[str, LaneKind]] = {kind.key: kind for kind in _KINDS}

SEVERITIES: Final[dict[int, Text]] = {
    1: pgettext_lazy("severity", "Minor"),
    2: pgettext_lazy("severity", "Major"),
    3: pgettext_lazy("severity", "Critical"),
}

# The state of a card, by the shape of its lane; the first is the usual one.
STATES: Final[dict[str, dict[str, Text]]] = {
    "opportunity": {
        "idea": _("Idea"),
        "planned": _("Planned"),
        "in_progress": _("In progress"),
        "done": _("Done"),
    },
    "need": {"met": _("Met"), "partly": _("Partly met"), "unmet": _("Not met")},
    "question": {"open": _("Open"), "answered": _("Answered")},
}


# What a card carries besides its text, by the shape of its lane.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "card": (),
    "plain": (),
    "said": (),
    "moment": (),
    "department": (),
    "touchpoint": ("touchpoint",),
    "feeling": ("valence", "persona"),
    "emotion": ("valence",),
    "quote": ("response_id",),
    "question": ("status", "answer"),
    "need": ("status",),
    "pain": ("severity", "pain_point"),
    "opportunity": ("status", "opportunity"),
    "picture": ("picture",),
    "link": ("linked_map",),
}


class UnknownLaneKindError(LookupError):
    """A lane names a kind that is not in the registry."""


def lane_kind(key: str) -> LaneKind:
    """Return the kind; raises UnknownLaneKindError."""
    try:
        return LANE_KINDS[key]
    except KeyError:
        raise UnknownLaneKindError(key) from None


def states_of(key: str) -> dict[str, Text]:
    """Return the states that a card in a lane of this kind can have; empty when it has none."""
    return STATES.get(lane_kind(key).shape, {})
