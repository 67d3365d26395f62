"""The words that the editor's scripts show."""

from __future__ import annotations

import re
from pathlib import Path

from journeys.maps import words, words_around

SCRIPTS = Path(words.__file__).parent / "static" / "maps" / "editor"
# t("find.title") and say: what stands in the source as a whole.
ASKED = re.compile(r"""\bt\(\s*"([a-z_]+(?:\.[a-z_0-9-]+)+)"[,)]""")


def asked() -> set[str]:
    return {key for path in SCRIPTS.glob("*.js") for key in ASKED.findall(path.read_text("utf-8"))}


def test_every_word_that_a_script_asks_for_is_there() -> None:
    keys = asked()
    assert len(keys) > 100
    missing = {key for key in keys if key not in words.TEXTS and f"{key}.one" not in words.TEXTS}
    assert missing == set()


def test_what_counts_has_both_forms() -> None:
    one = {key[: -len(".one")] for key in words.TEXTS if key.endswith(".one")}
    other = {key[: -len(".other")] for key in words.TEXTS if key.endswith(".other")}
    assert one == other


def test_no_word_is_written_twice() -> None:
    source = Path(words.__file__).read_text("utf-8")
    assert [key for key in words_around.AROUND if f'"{key}":' in source] == []
