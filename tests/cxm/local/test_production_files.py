"""What a container file promises can be read without a container."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
import yaml

from tests.cxm.local.instance import PROJECT_DIR


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PROJECT_DIR / "compose.yaml").read_text())
    return loaded


def test_every_part_of_the_site_is_a_service(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"db", "redis", "migrate", "web", "worker", "beat"}


def test_programs_get_what_the_settings_insist_on(compose: dict[str, Any]) -> None:
    for name in ("migrate", "web", "worker", "beat"):
        environment = compose["services"][name]["environment"]
        assert {"DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL"} <= set(environment)
        for required in ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL"):
            assert environment[required].startswith(f"${{{required}:?"), (name, required)


def test_programs_wait_for_the_migrations(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        conditions = compose["services"][name]["depends_on"]
        assert conditions["migrate"] == {"condition": "service_completed_successfully"}


def test_the_application_role_is_bound_by_row_level_security() -> None:
    script = (PROJECT_DIR / "deploy/create-application-role.sh").read_text()
    assert "CREATE ROLE cxm LOGIN NOSUPERUSER NOBYPASSRLS" in script
    subprocess.run(["sh", "-n"], input=script, text=True, check=True)


def test_the_image_runs_as_an_ordinary_user() -> None:
    final_stage = (PROJECT_DIR / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert re.search(r"^USER cxm$", final_stage, re.MULTILINE)


def test_every_variable_of_the_settings_is_documented() -> None:
    source = (PROJECT_DIR / "cxm/settings.py").read_text()
    read = set(re.findall(r'env\.(?:text|flag|whole|listed)\(\s*"([A-Z_]+)"', source))
    documented = set(
        re.findall(r"^\| `([A-Z_]+)`", (PROJECT_DIR / "docs/how-to/deploy.md").read_text(), re.M)
    )
    assert read <= documented, read - documented
