"""The colours keep their contrast, in light and dark, and live in one file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cxm.common.colour import SURFACE, SURFACE_DARK, contrast

STATIC = Path(__file__).resolve().parents[3] / "cxm" / "static" / "cxm"
TOKENS = (STATIC / "tokens.css").read_text()

TEXT = [
    ("ink", "bg"),
    ("ink-2", "surface-2"),
    ("ink-2", "sunken"),
    ("ink-2", "primary-soft"),
    ("ink-2", "ph-5"),
    ("ink-3", "surface"),
    ("ink-3", "bg"),
    ("ink-3", "sunken"),
    ("ink-3", "surface-2"),
    ("primary", "surface"),
    ("primary", "bg"),
    ("primary", "primary-soft"),
    ("primary-hover", "primary-soft"),
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
    ("good", "surface"),
    ("good", "good-soft"),
    ("watch", "watch-soft"),
    ("bad", "surface"),
    ("bad", "bad-soft"),
    ("bad", "bad-wash"),
    ("unsure", "surface"),
    ("unsure", "unsure-soft"),
    ("none", "bg"),
    ("detractor", "surface"),
    ("on-promoter", "promoter"),
    ("on-passive", "passive"),
    ("on-detractor", "detractor"),
]
SIGNS = [
    ("line-strong", "surface"),
    ("line-strong", "bg"),
    ("watch-mark", "surface"),
    ("assumed", "bg"),
    ("does", "bg"),
    ("said", "surface"),
]


def block(start: str) -> dict[str, str]:
    after = TOKENS.split(start, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", after))


THEMES = {"light": block(":root {"), "dark": block("html.dark {")}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_is_legible(theme: str, text: str, ground: str) -> None:
    tokens = THEMES[theme]

    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_signs_and_borders_of_inputs_stand_out(theme: str, sign: str, ground: str) -> None:
    tokens = THEMES[theme]

    assert contrast(tokens[sign], tokens[ground]) >= 3


def test_the_device_setting_and_the_choice_are_the_same_dark() -> None:
    assert block("html.auto {") == THEMES["dark"]


def test_the_brand_helper_knows_the_surfaces() -> None:
    assert THEMES["light"]["surface"] == SURFACE
    assert THEMES["dark"]["surface"] == SURFACE_DARK


@pytest.mark.parametrize("name", ["shell.css", "pages.css", "fit.css", "public.css"])
def test_no_other_sheet_names_a_colour(name: str) -> None:
    rules = re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(), flags=re.DOTALL)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)", rules) == []


@pytest.mark.parametrize("name", ["tokens.css", "shell.css", "pages.css", "fit.css", "public.css"])
def test_every_token_that_is_used_exists(name: str) -> None:
    rules = (STATIC / name).read_text()
    defined = set(re.findall(r"(--[\w-]+):", TOKENS + rules))

    assert set(re.findall(r"var\((--[\w-]+)", rules)) - defined == set()


def test_nothing_is_loaded_from_elsewhere() -> None:
    for path in STATIC.rglob("*"):
        if path.suffix in {".css", ".js"}:
            assert "//" not in re.sub(r"(?m)^\s*//.*$", "", path.read_text()), path
