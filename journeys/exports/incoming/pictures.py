"""Pictures that come with a file: judged like uploads, before anything is made of them.

A picture is told from another one by its contents, so that one on many cards is kept once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Final

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from journeys.exports.incoming.problems import Problem, Where
from journeys.exports.pictures import MOST_CARRIED
from touchpoints.catalogue.pictures import PictureRefusedError, check_picture

# Contents of pictures are the only long texts without a space that a file has.
_LONG: Final = re.compile(r'"data"\s*:\s*"([A-Za-z0-9+/=\\]{64,})(?<!\\)"')


class Gathered:
    """The pictures of a file by what names them, and what is wrong with others."""

    def __init__(self) -> None:
        self.found: dict[str, bytes] = {}
        # What the file calls them.
        self.names: dict[str, str] = {}
        self.problems: list[Problem] = []
        self._told = False

    def take(self, content: bytes, where: Where) -> str:
        """Keep a picture and return its name; "" for one that is none, or is too much."""
        try:
            check_picture(ContentFile(content))
        except PictureRefusedError as refused:
            words = (
                _("The picture is larger than 5 MB.")
                if refused.code == "picture_too_large"
                else _("This is no picture. Take a PNG, JPEG, WebP or GIF file.")
            )
            self._say(words, where, refused.code)
            return ""
        name = hashlib.sha256(content).hexdigest()[:32]
        if name not in self.found and not self._has_room(len(content)):
            if not self._told:
                self._told = True
                words = _("The pictures of a file are at most %s MB together.")
                self._say(words % (MOST_CARRIED // 1024**2), where, "pictures_too_large")
            return ""
        self.found[name] = content
        return name

    def take_text(self, text: str, where: Where) -> str:
        """Keep a picture that is written as Base64, likewise."""
        try:
            content = base64.b64decode(text.replace("\\/", "/"), validate=True)
        except (binascii.Error, ValueError):
            self._say(_("The picture is not valid Base64."), where, "no_picture")
            return ""
        return self.take(content, where)

    def _has_room(self, size: int) -> bool:
        return sum(map(len, self.found.values())) + size <= MOST_CARRIED

    def _say(self, text: str, where: Where, code: str) -> None:
        self.problems.append(Problem(text, where, code, blocks=True))


def lift(text: str) -> tuple[str, list[str]]:
    """Take the contents of pictures out of a JSON text, so that what is left is a short one.

    Where they stood, their number stands. A text in JSON cannot hold the quotes around "data",
    so that nothing that somebody wrote on a card looks like one.
    """
    found: list[str] = []

    def number(match: re.Match[str]) -> str:
        found.append(match[1])
        return f'"data": {len(found) - 1}'

    return _LONG.sub(number, text), found
