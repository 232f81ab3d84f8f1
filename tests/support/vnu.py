"""The Nu HTML checker: its jar, fetched with npm into `.venv` and known by its fingerprint.

`python -m tests.support.vnu` is what `make test` calls first. It runs in Java; where there is
none, or no npm to fetch it with, its tests are skipped and say so.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

VERSION = "26.9.27"
INTEGRITY = (
    "TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA=="
)
"""SHA-512 of the package, as the registry has it."""
JAR = Path(__file__).parent.parent.parent / ".venv" / "node" / f"vnu-{VERSION}.jar"
FETCH_TIMEOUT_S, CHECK_TIMEOUT_S = 300.0, 240.0
NO_JAVA = "No Java found: pages are not checked by the Nu HTML checker (Debian: apt install default-jre-headless)"
NO_JAR = "The Nu HTML checker is not there: it takes npm and a network to fetch it"


@dataclass(frozen=True)
class Finding:
    """What the checker says of one place in one file."""

    name: str
    kind: str
    words: str
    extract: str

    @property
    def is_error(self) -> bool:
        return self.kind == "error"

    def __str__(self) -> str:
        return f"{self.name}: {self.kind}: {self.words} {self.extract!r}"


def missing() -> str:
    """Why nothing can be checked; empty where all is there."""
    if not _java():
        return NO_JAVA
    return "" if JAR.exists() or _fetched() else NO_JAR


def check(documents: Mapping[str, str]) -> list[Finding]:
    """Everything the checker has to say about these documents, by name; Java starts once."""
    if lacking := missing():
        pytest.skip(lacking)
    java = _java()
    assert java is not None
    with tempfile.TemporaryDirectory() as folder:
        names: dict[str, str] = {}
        for number, (name, html) in enumerate(documents.items()):
            file = Path(folder) / f"{number}.html"
            file.write_text(html)
            names[file.as_uri().replace("file:///", "file:/")] = name
        words = [java, "-jar", str(JAR), "--format", "json", "--stdout", "--exit-zero-always"]
        answer = subprocess.run(
            [*words, folder], check=True, capture_output=True, timeout=CHECK_TIMEOUT_S, text=True
        )
    return [
        Finding(
            names[said["url"]],
            said.get("subType", said["type"]),
            said["message"],
            said.get("extract", ""),
        )
        for said in json.loads(answer.stdout)["messages"]
    ]


def main() -> int:
    """Fetch it where that can be done; its lack only skips its tests."""
    if lacking := missing():
        print(f"{lacking}\nTESTS OF THE PAGES' HTML WILL BE SKIPPED.", file=sys.stderr)
    return 0


def _java() -> str | None:
    """A Java that runs; macOS has one on its path that only says where to get it."""
    java = shutil.which("java")
    if java is None:
        return None
    try:
        answer = subprocess.run([java, "-version"], check=False, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return java if answer.returncode == 0 else None


def _fetched() -> bool:
    """Fetch the package, and take the jar out of it only if it is the one we know."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    print("Fetching the Nu HTML checker ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        words = [npm, "pack", "--silent", f"vnu-jar@{VERSION}"]
        try:
            subprocess.run(
                words, cwd=folder, check=True, capture_output=True, timeout=FETCH_TIMEOUT_S
            )
        except (OSError, subprocess.SubprocessError) as error:
            print(f"That failed: {error}", file=sys.stderr)
            return False
        (package,) = Path(folder).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
        if digest != INTEGRITY:
            raise SystemExit(f"vnu-jar {VERSION} is not what it was: sha512-{digest}")
        with tarfile.open(package) as packed:
            packed.extract("package/build/dist/vnu.jar", folder, filter="data")
        JAR.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(Path(folder) / "package/build/dist/vnu.jar", JAR)
    return True


if __name__ == "__main__":
    sys.exit(main())
