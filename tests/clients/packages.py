"""The npm packages of tests/clients/package.json, installed for the tests that run them."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

HERE = Path(__file__).resolve().parent
OPTIONS = ("--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with node_modules; without Node or npm the test is skipped, except in CI.

    CI installs them beside package.json; elsewhere each run installs them for itself.
    """
    return _installed(tmp_path_factory.getbasetemp() / "clients")


# Each module that imports the fixture has one of its own.
@cache
def _installed(folder: Path) -> Path:
    if shutil.which("node") is None:
        _without("Node is not installed.")
    if (HERE / "node_modules").is_dir():
        return HERE
    if shutil.which("npm") is None:
        _without("npm is not installed.")
    folder.mkdir()
    shutil.copy(HERE / "package.json", folder)
    done = subprocess.run(
        ["npm", "install", *OPTIONS], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        _without(f"npm could not install: {done.stderr.strip()[:500]}")
    return folder


def _without(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
