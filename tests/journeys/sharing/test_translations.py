"""What the holder of a link reads is there in German."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from journeys.maps.lanes import LANE_KINDS, SEVERITIES, STATES
from journeys.maps.words import TEXTS

PUBLIC = (
    "cxm/public.html",
    "scores/_legend.html",
    "scores/_table.html",
    "sharing/_editor.html",
    "sharing/_reading.html",
    "sharing/map.html",
    "sharing/nothing.html",
    "sharing/password.html",
    "sharing/wait.html",
)
# The same in both languages.
SAME = {"Status", "Zoom", "Phase", "n"}
# The parts of the editor that a reader meets.
READ = ("find.", "grid.", "overview.", "paths.", "zoom.", "feels.they", "feels.we", "feels.table")
NOT_READ = {"grid.start", "grid.template", "zoom.usual", "zoom.now", "zoom.title"}
CALL = re.compile(r"""\b(?:_|gettext|ngettext)\(u?((?:'(?:[^'\\]|\\.)*')|(?:"(?:[^"\\]|\\.)*"))""")


@pytest.mark.parametrize("name", PUBLIC)
def test_each_sentence_of_a_public_template_has_a_german_one(name: str) -> None:
    source = (Path(settings.BASE_DIR) / "templates" / name).read_text(encoding="utf-8")
    sentences = [ast.literal_eval(found) for found in CALL.findall(templatize(source))]
    with translation.override("de"):
        missing = [
            text
            for text in sentences
            if text == translation.gettext(text) == translation.ngettext(text, text, 2)
        ]
    assert not set(missing) - SAME


def test_lanes_and_what_their_cards_say_are_german_too() -> None:
    words = [text for kind in LANE_KINDS.values() for text in (kind.title, kind.hint) if text]
    words += [title for states in STATES.values() for title in states.values()]
    words += list(SEVERITIES.values())
    with translation.override("en"):
        english = [str(text) for text in words]
    with translation.override("de"):
        german = [str(text) for text in words]
    same = {one for one, other in zip(english, german, strict=True) if one == other}
    assert not same - SAME


def test_the_scripts_words_for_reading_are_german_too() -> None:
    keys = [key for key in TEXTS if key.startswith(READ) and key not in NOT_READ]
    assert len(keys) > 20
    with translation.override("en"):
        english = {key: str(TEXTS[key]) for key in keys}
    with translation.override("de"):
        same = [key for key in keys if str(TEXTS[key]) == english[key]]
    assert not {english[key] for key in same} - SAME
