"""Scripts that are made of many modules: all are asked for at once."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path
from typing import Final

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

_IMPORT: Final = re.compile(r'^(?:import|export)\b[^"\';]*?\bfrom\s+"(\.[^"]+)"', re.MULTILINE)


@register.simple_tag
def module_script(path: str) -> SafeString:
    """Write a script of type "module", and ask for what it imports before it is read.

    Without it a browser learns of each import only once it has read the file that names it.

    Args:
        path: the module as {% static %} names it.
    """
    others = modules_of(path) if settings.DEBUG else _modules_once(path)
    ahead = format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((static(one),) for one in others)
    )
    return format_html('{}<script type="module" src="{}"></script>', ahead, static(path))


def modules_of(path: str) -> tuple[str, ...]:
    """Return all modules that a module imports, also by others, in the order of their names."""
    found: set[str] = set()
    waiting = [path]
    while waiting:
        name = waiting.pop()
        file = finders.find(name)
        if file is None:
            continue
        for imported in _IMPORT.findall(Path(file).read_text(encoding="utf-8")):
            there = posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))
            if there not in found:
                found.add(there)
                waiting.append(there)
    return tuple(sorted(found - {path}))


_modules_once = cache(modules_of)
