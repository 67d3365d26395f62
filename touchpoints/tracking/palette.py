"""The product's colours for pictures that leave it: read from its one list of them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders

_TOKENS: Final = "cxm/tokens.css"
_TOKEN: Final = re.compile(r"--([\w-]+):\s*([^;]+);")
_USE: Final = re.compile(r"var\(--([\w-]+)\)")


@cache
def light() -> dict[str, str]:
    """Return the light colours by name."""
    path = finders.find(_TOKENS)
    if not isinstance(path, str):
        raise FileNotFoundError(_TOKENS)
    first_block = Path(path).read_text(encoding="utf-8").partition("}")[0]
    return {name: value.strip() for name, value in _TOKEN.findall(first_block)}


def resolved(css: str) -> str:
    """Return rules with each var(--name) replaced by its light value. Raises KeyError."""
    return _USE.sub(lambda use: light()[use[1]], css)
