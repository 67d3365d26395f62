"""Writes on personas that touch more than one row, or a file."""

from __future__ import annotations

from functools import partial

from django.core.files.base import File
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.workspaces.models import Workspace
from journeys.personas.models import Persona
from journeys.personas.portraits import copy_portrait, remove_picture, store_portrait

LONGEST_NAME = 80


@transaction.atomic
def put_portrait(*, persona: Persona, file: File[bytes]) -> Persona:
    """Keep a file as the portrait; the one before goes when this is committed.

    Raises:
        PictureRefusedError: the file is too large or no picture.
    """
    before, persona.portrait = persona.portrait, store_portrait(file)
    persona.save(update_fields=["portrait", "updated_at"])
    forget_portrait(before)
    return persona


@transaction.atomic
def drop_portrait(*, persona: Persona) -> Persona:
    """Take the portrait away; the drawn initials stand there again."""
    before, persona.portrait = persona.portrait, ""
    persona.save(update_fields=["portrait", "updated_at"])
    forget_portrait(before)
    return persona


def forget_portrait(name: str) -> None:
    """Remove a kept file as soon as no row names it any more."""
    if name:
        transaction.on_commit(partial(remove_picture, name))


@transaction.atomic
def duplicate_persona(*, persona: Persona) -> Persona:
    """Make a copy under a free name, with a portrait of its own; it is on no map yet."""
    copied = {
        field.attname: getattr(persona, field.attname)
        for field in Persona._meta.concrete_fields
        if field.name not in ("id", "name", "portrait", "created_at", "updated_at")
    }
    return Persona.objects.create(
        **copied,
        name=free_name(persona.workspace, persona.name),
        portrait=copy_portrait(persona.portrait),
    )


@transaction.atomic
def delete_persona(*, persona: Persona) -> None:
    """Delete a persona that is on no map, and its portrait.

    Raises:
        DomainError: maps, or feelings on them, are about this persona ("persona_on_maps").
    """
    portrait = persona.portrait
    try:
        with transaction.atomic():
            persona.delete()
    except ProtectedError:
        raise DomainError(
            _("Journeys are about this persona. Take it off them first."), code="persona_on_maps"
        ) from None
    forget_portrait(portrait)


def free_name(workspace: Workspace, name: str) -> str:
    """Return a name that no persona has: the wanted one, else with a number; 1 query."""
    taken = set(Persona.objects.for_workspace(workspace).values_list("name", flat=True))
    number, found = 1, name
    while found in taken:
        number += 1
        ending = f" {number}"
        found = name[: LONGEST_NAME - len(ending)] + ending
    return found
