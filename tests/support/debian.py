"""Programs that tests need and pip does not have: installed where that is ours to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

INSTALL_TIMEOUT_S = 900.0


def install(package: str, what: str) -> bool:
    """From the distribution, where we are root on Debian or a child of it; say whether we tried."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {what} ...", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
        subprocess.run(
            ["apt-get", "-qq", *words],
            check=True,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=INSTALL_TIMEOUT_S,
        )
    return True


def is_required() -> bool:
    """Continuous integration must not pass because something was missing."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}
