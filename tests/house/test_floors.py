"""Imports go downwards only; setup.cfg draws the picture, import-linter checks it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import fluxgen

ROOT = Path(fluxgen.__file__).parent.parent
TIMEOUT_S = 60.0


def test_the_floors_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [linter, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout
