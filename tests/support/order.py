"""What takes long begins first, so that no test process has nothing to do in the end.

xdist hands out whole files, and left alone the ones with most tests first: that keeps a few long
tests for the end, beside which the other processes are idle. What disturbs others, or is disturbed
by them, runs beside what is small.
"""

from __future__ import annotations

import pytest

PLACES = (
    "tests/browser/test_every_page.py",
    *("tests/browser/", "tests/exports/", "tests/races/", "tests/house/", "tests/sandbox/"),
    *("tests/jobs/", "tests/cli/", "tests/survival/", "tests/views/", "tests/partials/"),
)
"""Where a path begins like one of these, the first counts; all others come last."""


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)  # within a place as they were collected


def _place(item: pytest.Item) -> int:
    found = (n for n, begin in enumerate(PLACES) if item.nodeid.startswith(begin))
    return next(found, len(PLACES))
