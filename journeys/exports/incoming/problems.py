"""What is wrong with a file, where, and what becomes of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class Where:
    """A place in the file: page of the workbook, row counted from 1, column as it is headed."""

    page: str = ""
    row: int = 0
    column: str = ""


NOWHERE: Final = Where()


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding in words. One that `blocks` must be mended before anything is written."""

    text: str
    where: Where = NOWHERE
    code: str = "changed"
    blocks: bool = False


class Refused(Exception):
    """The file cannot be read at all."""

    def __init__(self, text: str, *, code: str, where: Where | None = None) -> None:
        super().__init__(text)
        self.problem = Problem(text, where or NOWHERE, code, blocks=True)


class Say(Protocol):
    """Notes a problem."""

    def __call__(self, text: str, where: Where, code: str = "changed") -> None:
        """Note it."""
