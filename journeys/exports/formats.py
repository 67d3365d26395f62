"""The formats in which a map leaves, each a function of the sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from journeys.exports import cjml, exchange, slides, tables, typesetting
from journeys.exports.sheet import Paper, Sheet

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `data` ones hold everything on the map unless lanes are chosen."""

    key: str
    title: Text
    hint: Text
    extension: str
    media_type: str
    make: Callable[[Sheet, Paper], bytes]
    data: bool = False


_FORMATS: Final = (
    Format(
        "pdf",
        "PDF",
        _("To print, and to hang on a wall"),
        "pdf",
        "application/pdf",
        lambda sheet, paper: typesetting.pdf(sheet, paper=paper),
    ),
    Format(
        "pptx",
        "PowerPoint",
        _("An overview, and a slide for each stage to edit"),
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        lambda sheet, _paper: slides.pptx_file(sheet),
    ),
    Format(
        "png",
        "PNG",
        _("One picture, as wide as the journey"),
        "png",
        "image/png",
        lambda sheet, _paper: typesetting.png(sheet),
    ),
    Format(
        "svg",
        "SVG",
        _("One picture of lines, sharp at any size"),
        "svg",
        "image/svg+xml",
        lambda sheet, _paper: typesetting.svg(sheet),
    ),
    Format(
        "xlsx",
        "Excel",
        _("To read and to change; can be imported again"),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda sheet, _paper: tables.xlsx_file(sheet),
        data=True,
    ),
    Format(
        "csv",
        "CSV",
        _("A row for each card"),
        "csv",
        "text/csv; charset=utf-8",
        lambda sheet, _paper: tables.csv_file(sheet),
        data=True,
    ),
    Format(
        "json",
        "JSON",
        _("Everything, for programs; can be imported again"),
        "json",
        "application/json",
        lambda sheet, _paper: exchange.json_file(sheet),
        data=True,
    ),
    Format(
        "cjml",
        _("Planned and actual"),
        _("Touchpoints in order with what deviates, as XML in the spirit of CJML"),
        "cjml.xml",
        "application/xml",
        lambda sheet, _paper: cjml.cjml_file(sheet),
        data=True,
    ),
)

FORMATS: Final[dict[str, Format]] = {entry.key: entry for entry in _FORMATS}


def file_name(sheet: Sheet, entry: Format) -> str:
    """Return a name that says what is in the file and from when it is."""
    name = slugify(sheet.name, allow_unicode=True)[:60].strip("-") or "journey"
    return f"{name}-v{sheet.version}-{sheet.made_at.date().isoformat()}.{entry.extension}"
