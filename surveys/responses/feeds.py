"""The stream of facts that the room gives to the figures."""

from __future__ import annotations

from typing import Final

ANSWERS: Final = "answers"
