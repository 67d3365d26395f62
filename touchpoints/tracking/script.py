"""The web snippet as it is served: made once from its readable source, in each encoding."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import brotli
from rjsmin import jsmin

SOURCE: Final = Path(__file__).with_name("snippet.js")
# What /t.js may weigh, compressed: a promise to the pages that load it.
LARGEST: Final = 3 * 1024


@dataclass(frozen=True, slots=True)
class Script:
    """The script's bytes by content encoding ("" for none), and the mark of this version."""

    bodies: Mapping[str, bytes]
    etag: str

    def body_for(self, accepted: str) -> tuple[str, bytes]:
        """Return encoding and bytes for a client's Accept-Encoding."""
        wanted = _accepted(accepted)
        for encoding in ("br", "gzip"):
            if wanted.get(encoding, wanted.get("*", False)):
                return encoding, self.bodies[encoding]
        return "", self.bodies[""]


@cache
def script() -> Script:
    """Return the script; stripped and compressed when it is first asked for."""
    plain = jsmin(SOURCE.read_text(encoding="utf-8")).encode()
    return Script(
        bodies={
            "": plain,
            "gzip": gzip.compress(plain, 9, mtime=0),
            "br": brotli.compress(plain),
        },
        etag=hashlib.sha256(plain).hexdigest()[:20],
    )


def _accepted(header: str) -> dict[str, bool]:
    """Return the encodings that a header names, and whether it takes them: "q=0" refuses."""
    found = {}
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = parameters.strip().removeprefix("q=").strip()
        found[name.strip()] = weight.strip("0.") != "" if weight else True
    return found
