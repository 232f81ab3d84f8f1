"""The app again: with an empty Redis, or with none."""

from __future__ import annotations

import pytest
from flask import Flask
from redis import Redis

from fluxgen import settings as house_settings
from fluxgen.jobs import bell
from fluxgen.settings import Settings


@pytest.fixture
def redis(app: Flask) -> Redis:
    """The queue's Redis, empty."""
    bell.redis().flushdb()
    return bell.redis()


@pytest.fixture
def no_redis(app: Flask, settings: Settings) -> str:
    """Make the process look for Redis where there is none; that address."""
    nowhere = "redis://127.0.0.1:1/0"
    house_settings.use(settings.model_copy(update={"redis_url": nowhere, "sweep_s": 0.02}))
    return nowhere
