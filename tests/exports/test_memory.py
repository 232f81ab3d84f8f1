"""An export takes no more memory for many pictures than for a few."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.exporting import LIMIT_MB

ROOT = Path(__file__).parents[2]
PICTURES = 300


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_memory_does_not_grow_with_the_pictures() -> None:
    command = [sys.executable, "-m", "benchmarks.exporting", str(PICTURES)]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    grown, _, size = (float(word) for word in ran.stdout.split())
    assert size > 40  # the export is larger than what it may take
    assert grown < LIMIT_MB
