"""Every browser that a test opens is watched: there is one door to them."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
DOOR = "browser/watch.py"
CAMERA = "browser/screenshots.py"
"""No test: it takes photographs, of errors among others."""
OPENING = re.compile(
    r"\.(?:new_context|launch_persistent_context|connect_over_cdp)\(|\b(?:chromium|browser)\.new_page\("
)
STARTING = "browser/conftest.py"


def test_a_browser_is_opened_by_the_one_that_watches_it() -> None:
    places = {
        str(path.relative_to(TESTS)): path.read_text()
        for path in TESTS.rglob("*.py")
        if path != Path(__file__)
    }
    del places[CAMERA]
    assert [name for name, text in places.items() if OPENING.search(text)] == [DOOR]
    assert [name for name, text in places.items() if ".launch(" in text] == [STARTING]
