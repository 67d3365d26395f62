"""What an import linter cannot see: strings that point up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import AppConfig, apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"cxm": 0, "touchpoints": 1, "surveys": 2, "journeys": 2, "demo": 3}
ROOMS = (
    "cxm.local",
    "cxm.health",
    "cxm.api",
    "cxm.workspaces",
    "cxm.customers",
    "cxm.kpis",
    "cxm.dashboards",
    "touchpoints.catalogue",
    "touchpoints.campaigns",
    "touchpoints.interactions",
    "touchpoints.tracking",
    "surveys.questionnaires",
    "surveys.invitations",
    "surveys.responses",
    "journeys.personas",
    "journeys.maps",
    "journeys.scores",
    "journeys.exports",
    "journeys.sharing",
    "demo",
)
LONGEST_FILE = 400


def our_configs() -> list[AppConfig]:
    """Return the app configs of our rooms."""
    return [c for c in apps.get_app_configs() if c.name.split(".")[0] in FLOORS and c.name != "cxm"]


def python_files() -> Iterator[Path]:
    """Return our Python files outside migrations."""
    for package in FLOORS:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def test_every_room_is_in_the_order() -> None:
    assert {c.name for c in our_configs()} == set(ROOMS)


def test_no_foreign_key_points_up() -> None:
    wrong = []
    for config in our_configs():
        for model in config.get_models():
            for field in model._meta.get_fields():
                if not isinstance(field, (models.ForeignKey, models.ManyToManyField)):
                    continue
                target = field.related_model._meta.app_config.name
                if target not in ROOMS:
                    continue
                wings = {config.name.split(".")[0], target.split(".")[0]}
                if ROOMS.index(target) > ROOMS.index(config.name) or wings == {
                    "surveys",
                    "journeys",
                }:
                    wrong.append(f"{model._meta.label}.{field.name} → {target}")
    assert not wrong


def test_models_are_imported_not_looked_up_by_name() -> None:
    wrong = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "get_model":
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong


def test_files_stay_readable() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in python_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    assert not long
