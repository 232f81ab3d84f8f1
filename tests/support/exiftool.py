"""An independent reader of what a picture's file says: exiftool, found or installed.

`python -m tests.support.exiftool` is what `make test` calls first.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

from tests.support import debian

MISSING = "No exiftool found. Install it (Debian: apt install libimage-exiftool-perl)"
TIMEOUT_S = 60.0
MARK = "XMP-iptcExt:DigitalSourceType"
AI_MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
OF_THE_FILE = (
    "ExifTool:",
    "System:",
    "File:",
    "PNG:",
    "RIFF:",
    "JFIF:",
    "Composite:",
    "SourceFile",
)


def read(data: bytes) -> dict[str, Any]:
    """Every tag in these bytes, by its family and name, as exiftool understands them."""
    program = shutil.which("exiftool")
    if program is None:
        if debian.is_required():
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    words = [program, "-json", "-G1", "-n", "-all", "-validate", "-warning", "-"]
    answer = subprocess.run(words, input=data, check=False, capture_output=True, timeout=TIMEOUT_S)
    (found,) = json.loads(answer.stdout)
    assert isinstance(found, dict)
    return found


def metadata(data: bytes) -> dict[str, Any]:
    """What was written beside the pixels, without what the file itself is."""
    return {name: value for name, value in read(data).items() if not name.startswith(OF_THE_FILE)}


def main() -> int:
    """Make sure there is one. Only where tests must not be skipped is its lack an error."""
    try:
        is_there = bool(shutil.which("exiftool")) or debian.install(
            "libimage-exiftool-perl", "exiftool for the tests of pictures' marks"
        )
    except (subprocess.SubprocessError, OSError) as error:
        print(f"Installing exiftool failed: {error}", file=sys.stderr)
        is_there = False
    if is_there:
        return 0
    consequence = "" if debian.is_required() else "\nTESTS OF PICTURES' MARKS WILL BE SKIPPED."
    print(f"{MISSING}{consequence}", file=sys.stderr)
    return int(debian.is_required())


if __name__ == "__main__":
    sys.exit(main())
