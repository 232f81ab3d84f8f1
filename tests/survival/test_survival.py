"""200 generations while web, workers and Redis are killed: nothing lost, nothing charged twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import survival
from tests.support.postgres import Postgres

# One set of servers at a time is enough for a small machine.
pytestmark = [pytest.mark.xdist_group("survival"), pytest.mark.timeout(330)]


def _survives(report: survival.Report) -> None:
    print("\n".join(report.lines()))
    assert report.violations == []
    assert report.endings.total() == survival.GENERATIONS
    assert report.endings["done"] > survival.GENERATIONS / 2


def test_whatever_is_killed_every_generation_ends_once(tmp_path: Path) -> None:
    _survives(survival.run(tmp_path))


def test_without_a_single_webhook_as_well_and_on_postgres(
    tmp_path: Path, postgres: Postgres
) -> None:
    with postgres.fresh_database() as url:
        _survives(survival.run(tmp_path, webhooks="drop", database_url=url))
