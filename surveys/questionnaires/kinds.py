"""The kinds of questions: pure rules.

The vocabulary grows with every survey method, so the database holds the key alone and this
table says what it means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NPS: Final = "nps"
COMMENT: Final = "comment"


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """What an answer to a kind of question looks like.

    Attributes:
        lowest, highest: the span of the numbers that may be chosen; None where words are asked.
    """

    key: str
    lowest: int | None = None
    highest: int | None = None

    @property
    def is_scale(self) -> bool:
        """Whether the answer is a number."""
        return self.lowest is not None

    def allows(self, number: int) -> bool:
        """Say whether ``number`` is on the scale; 0 is an answer like any other."""
        if self.lowest is None or self.highest is None:
            return False
        return self.lowest <= number <= self.highest


KINDS: Final = {
    kind.key: kind for kind in (QuestionKind(NPS, lowest=0, highest=10), QuestionKind(COMMENT))
}


def group_of(score: int) -> str:
    """Return "promoter" (9, 10), "passive" (7, 8) or "detractor" (0 to 6) for an NPS answer."""
    if score >= 9:
        return "promoter"
    return "passive" if score >= 7 else "detractor"
