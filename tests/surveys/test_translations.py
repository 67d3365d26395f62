"""Everything that customers read is there in German."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

PUBLIC = (
    "cxm/public.html",
    "invitations/_why.txt",
    "invitations/mail.html",
    "invitations/mail.txt",
    "invitations/unsubscribe.html",
    "responses/_footer.html",
    "responses/_questions.html",
    "responses/expired.html",
    "responses/survey.html",
    "responses/thanks.html",
    "responses/wait.html",
)
CALL = re.compile(r"""\b(?:_|gettext|ngettext)\(u?((?:'(?:[^'\\]|\\.)*')|(?:"(?:[^"\\]|\\.)*"))""")
# Words in code that customers read: dates, and what the form says.
IN_CODE = ("j F", "l, j F", "j F Y", "Choose a number from 0 to 10.")


@pytest.mark.parametrize("name", PUBLIC)
def test_each_sentence_of_a_public_template_has_a_german_one(name: str) -> None:
    source = (Path(settings.BASE_DIR) / "templates" / name).read_text(encoding="utf-8")
    sentences = [ast.literal_eval(found) for found in CALL.findall(templatize(source))]
    assert sentences
    with translation.override("de"):
        missing = [
            text
            for text in sentences
            if text == translation.gettext(text) == translation.ngettext(text, text, 2)
        ]
    assert not missing


def test_dates_and_the_forms_complaints_are_german_too() -> None:
    with translation.override("de"):
        assert not [text for text in IN_CODE if translation.gettext(text) == text]
