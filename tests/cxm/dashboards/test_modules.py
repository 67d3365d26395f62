"""Scripts made of modules: all are asked for at once, and kept by browsers under hashed names."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import Context, Template
from pytest_django import Settings

from cxm.dashboards.templatetags.cxm_modules import modules_of

MAIN = "maps/editor/main.js"
IMPORTED = re.compile(r'from ?"(\.[^"]+)"')


def test_all_modules_are_found_also_those_of_others() -> None:
    found = modules_of(MAIN)
    assert MAIN not in found
    assert "maps/editor/own.js" in found
    assert "maps/editor/drag.js" in found  # which only own.js names
    assert list(found) == sorted(set(found))
    assert all(finders.find(name) for name in found)


def test_a_module_that_imports_nothing_stands_alone() -> None:
    assert modules_of("maps/editor/bus.js") == ()
    assert modules_of("maps/there-is-none.js") == ()


def test_the_tag_asks_for_them_before_the_script() -> None:
    written = Template("{% load cxm_modules %}{% module_script 'maps/editor/main.js' %}").render(
        Context()
    )
    assert written.count('rel="modulepreload"') == len(modules_of(MAIN))
    assert written.endswith('<script type="module" src="/static/maps/editor/main.js"></script>')


def test_in_production_imports_have_hashed_names_too(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    # The editor's own folder alone: all files of all packages take half a minute to compress.
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [settings.BASE_DIR / "journeys" / "maps" / "static"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "cxm.common.statics.HashedStaticFiles"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)

    hashed = [p for p in tmp_path.glob("maps/editor/*.js") if re.search(r"\.\w{12}\.js$", p.name)]
    assert len(hashed) > len(modules_of(MAIN))
    for file in hashed:
        for name in IMPORTED.findall(file.read_text()):
            assert re.search(r"\.\w{12}\.js$", name), (file.name, name)
            assert (file.parent / name).exists()
