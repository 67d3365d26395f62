"""Maps that come in."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.workspaces import audit
from cxm.workspaces.models import Workspace
from journeys.exports.incoming import Draft, Problem, Raw, resolve
from journeys.exports.reports import known_for
from journeys.maps.models import JourneyMap
from journeys.maps.pictures import store_picture
from journeys.maps.services import create_map
from journeys.personas.models import Persona

MOST_NAMED: Final = 3


def preview_map(*, workspace: Workspace, raw: Raw) -> Draft:
    """Return what would become of a file; nothing is written."""
    return resolve(raw, known_for(raw, workspace))


def keep_pictures(*, workspace: Workspace, raw: Raw) -> Raw:
    """Keep the pictures of a file and return it with their names in their place.

    Those that come onto no card are removed after a day, like all others.
    """
    kept = {
        name: store_picture(workspace.pk, ContentFile(content))
        for name, content in raw.pictures.items()
    }
    return replace(raw, pictures={}, kept={**raw.kept, **kept})


@transaction.atomic
def import_map(*, workspace: Workspace, raw: Raw, name: str = "", kind: str = "") -> JourneyMap:
    """Create a map from a file, whole or not at all.

    Args:
        name: of the map; the file's own when empty.
        kind: "as_is" or "to_be"; the file's own when empty.

    Raises:
        DomainError: something must be mended first ("import_blocked"), the map has no name
            ("name_missing"), or another one has it ("name_taken").
    """
    draft = preview_map(workspace=workspace, raw=raw)
    if draft.blocked:
        told = [in_words(problem) for problem in draft.problems if problem.blocks]
        raise DomainError(" ".join(told[:MOST_NAMED]), code="import_blocked")
    called = name.strip() or draft.name
    if not called:
        raise DomainError(_("Give the journey a name."), code="name_missing")
    shows = kind or draft.kind
    if JourneyMap.objects.for_workspace(workspace).filter(name=called, kind=shows).exists():
        raise DomainError(_("There is a journey of this name already."), code="name_taken")
    if raw.pictures:
        kept = keep_pictures(workspace=workspace, raw=raw)
        draft = preview_map(workspace=workspace, raw=kept)
    places = {persona.pk: persona for persona in Persona.objects.filter(pk__in=draft.personas)}
    journey = create_map(
        workspace=workspace,
        name=called,
        kind=shows,
        plan=draft.plan,
        personas=[places[pk] for pk in draft.personas],
    )
    audit.record("imported", journey, {"cards": (None, draft.cards)})
    return journey


def free_name(workspace: Workspace, name: str, kind: str) -> str:
    """Return the name, with a number behind it where another map has it."""
    names = JourneyMap.objects.for_workspace(workspace).filter(kind=kind)
    taken = set(names.filter(name__startswith=name[:100]).values_list("name", flat=True))
    found, number = name, 2
    while found in taken:
        found = f"{name[:112]} ({number})"
        number += 1
    return found


def in_words(problem: Problem) -> str:
    """Return a problem with its place, in one line."""
    place = place_of(problem)
    return f"{place}: {problem.text}" if place else problem.text


def place_of(problem: Problem) -> str:
    """Return where a problem lies: "Cards, row 12, column text"."""
    where = problem.where
    parts = [
        where.page,
        _("row %s") % where.row if where.row else "",
        _("column %s") % where.column if where.column else "",
    ]
    return ", ".join(part for part in parts if part)
