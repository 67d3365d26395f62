"""The colours of the light theme, read from the one file that names colours."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import cxm

TOKENS: Final = Path(cxm.__file__).parent / "static" / "cxm" / "tokens.css"
_PLAIN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")


@cache
def light() -> dict[str, str]:
    """Return the plain colours of the light theme by the names of their tokens."""
    first = TOKENS.read_text(encoding="utf-8").partition(":root {")[2].partition("\n}")[0]
    return dict(_PLAIN.findall(first))
