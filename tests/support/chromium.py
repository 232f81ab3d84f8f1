"""The browser for browser tests: found, or installed where that is ours to do.

`python -m tests.support.chromium` is what `make test` calls first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
VERSION_TIMEOUT_S = 30.0
MISSING = (
    "No Chromium found. Install it (Debian: apt install chromium), "
    "or name one: CHROMIUM=/path/to/chromium"
)


def find() -> str | None:
    """A browser that runs: `CHROMIUM`, else the first on PATH."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((path for path in _installed() if _runs(path)), None)


def install() -> bool:
    """From the distribution, where that is ours to do; say whether we tried."""
    return debian.install("chromium", "Chromium for the browser tests")


def main() -> int:
    """Make sure there is a browser. Only where tests must not be skipped is its lack an error."""
    try:
        found = find() or (install() and find())
    except (subprocess.SubprocessError, OSError) as error:
        print(f"Installing Chromium failed: {error}", file=sys.stderr)
        found = None
    if found:
        return 0
    consequence = "" if debian.is_required() else "\nBROWSER TESTS WILL BE SKIPPED."
    print(f"{MISSING}{consequence}", file=sys.stderr)
    return int(debian.is_required())


def _installed() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    yield from (path for path in ON_MACOS if Path(path).exists())


def _runs(path: str) -> bool:
    """Some distributions install a mere pointer to a package that is not there."""
    try:
        answer = subprocess.run(
            [path, "--version"], check=False, capture_output=True, timeout=VERSION_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
