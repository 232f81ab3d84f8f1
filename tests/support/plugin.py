"""Fixtures for what tests need from outside Python: Postgres, Redis, a browser.

Each is started or looked for when the first test asks. What is missing skips its tests with a
reason in the summary; with CI=true it fails them instead.
"""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

from tests.support import chromium, debian, postgres, redis, routing, services
from tests.support.postgres import Postgres


def pytest_configure(config: pytest.Config) -> None:
    routing.remember_builders()
    if not hasattr(config, "workerinput"):
        services.open_session()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        services.close_session()


@pytest.fixture(scope="session", name="postgres")
def postgres_server(worker_id: str) -> Postgres:
    """A server on which this test process makes its databases."""
    prefix = f"fluxgen_{os.getpid()}_{worker_id}"
    if url := os.environ.get("TEST_POSTGRES_URL"):
        return postgres.given(url, prefix)
    try:
        return postgres.at(services.shared("postgres", postgres.start), prefix)
    except postgres.NoPostgres as reason:
        _missing(f"No Postgres: {reason}")


@pytest.fixture(scope="session")
def redis_url(worker_id: str) -> str:
    """Address of a Redis database that only this test process uses."""
    try:
        folder = services.shared("redis", redis.start)
    except redis.NoRedis as reason:
        _missing(f"No Redis: {reason}")
    number = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
    return redis.url(folder, number % redis.DATABASES)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser's executable."""
    return chromium.find() or _missing(chromium.MISSING)


def _missing(what: str) -> NoReturn:
    if debian.is_required():
        pytest.fail(f"{what} (CI=true: nothing is skipped)", pytrace=False)
    pytest.skip(what)
