"""The rules of the editor that know no browser run in Node: the model, undo, sync, tables, keys."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = Path(__file__).parent / "js"
NODE = shutil.which("node")


def test_the_rules_of_the_editor_hold() -> None:
    if NODE is None:
        if os.environ.get("CI"):
            pytest.fail("Node is not installed.")
        pytest.skip("Node is not installed.")
    files = sorted(str(path) for path in TESTS.glob("*.test.mjs"))
    assert files

    done = subprocess.run(
        [NODE, "--test", "--test-reporter=tap", *files],
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )

    failed = [line.strip() for line in done.stdout.splitlines() if "not ok" in line]
    assert (done.returncode, failed) == (0, []), done.stdout[-4000:] + done.stderr[-1000:]
