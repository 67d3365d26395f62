"""Personas in the API: every field, the portrait only by its address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from cxm.workspaces.models import Workspace
from journeys.personas.models import Persona
from tests.journeys.make import make_map, make_persona

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]


def test_every_field_is_written_and_read(api: Api, scope: Workspace) -> None:
    sent = {
        "name": "Clara",
        "role": "Nurse",
        "expectations": "A reply today",
        "demographics": "Age: 34",
        "channels": "Phone",
        "devices": "Phone\nTablet",
        "brand_attitude": "Likes us",
        "tags": ["families"],
    }
    answer = api("personas:write", "personas:read").post("/api/v1/personas/", sent, format="json")
    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in sent} == sent
    assert answer.json()["portrait"] == ""


def test_a_portrait_is_an_address_and_not_written(api: Api, scope: Workspace) -> None:
    persona = make_persona(scope, portrait="personas/x.png")
    client = api()
    address = f"/api/v1/personas/{persona.pk}/"
    assert client.get(address).json()["portrait"].endswith(f"/app/personas/{persona.pk}/portrait/")
    client.patch(address, {"portrait": "../../etc/passwd"}, format="json")
    persona.refresh_from_db()
    assert persona.portrait == "personas/x.png"


def test_personas_are_kept_to_a_tag(api: Api, scope: Workspace) -> None:
    make_persona(scope, name="Clara", tags=["families"])
    make_persona(scope, name="Omar", tags=["families first"])
    found = api().get("/api/v1/personas/?tag=families").json()
    assert [row["name"] for row in found["results"]] == ["Clara"]


def test_a_persona_on_a_map_stays(api: Api, scope: Workspace) -> None:
    persona = make_persona(scope)
    make_map(scope, personas=[persona])
    assert api().delete(f"/api/v1/personas/{persona.pk}/").status_code == 409
    assert Persona.objects.exists()
