"""A persona's portrait and its names."""

from __future__ import annotations

import pytest

from cxm.workspaces.models import Workspace
from journeys.personas.models import Persona
from tests.journeys.make import make_persona


@pytest.mark.parametrize(
    ("name", "initials", "face"),
    [
        ("Commuter Clara", "", "CC"),
        ("Clara", "", "C"),
        ("Family Father Farid", "", "FF"),
        ("Clara", "cl", "CL"),
        ("", "", ""),
    ],
)
def test_the_portrait_is_drawn_from_initials_or_name(name: str, initials: str, face: str) -> None:
    assert Persona(name=name, initials=initials).face == face


def test_the_map_speaks_of_a_persona_by_the_last_name_part() -> None:
    assert Persona(name="Commuter Clara").given_name == "Clara"


@pytest.mark.django_db
def test_personas_are_listed_by_name(scope: Workspace) -> None:
    make_persona(scope, name="Zoe")
    make_persona(scope, name="Anna")
    assert [persona.name for persona in Persona.objects.all()] == ["Anna", "Zoe"]
