"""The app again: with its pictures in a bucket, with an empty Redis, or with none."""

from __future__ import annotations

import pytest
from flask import Flask
from redis import Redis

from fluxgen import adapters
from fluxgen import settings as house_settings
from fluxgen.jobs import bell
from fluxgen.sandbox.s3 import SANDBOX_ACCESS_KEY_ID, SANDBOX_BUCKET, SANDBOX_SECRET_ACCESS_KEY
from fluxgen.settings import Settings
from tests.support.sandboxes import SandboxServer


@pytest.fixture
def bucket(app: Flask, settings: Settings, sandbox_server: SandboxServer) -> str:
    """Make the process store into R2's stand-in; the bucket's name."""
    changed = settings.model_copy(
        update={
            "r2_endpoint_url": f"{sandbox_server.url}/s3",
            "r2_access_key_id": SANDBOX_ACCESS_KEY_ID,
            "r2_secret_access_key": SANDBOX_SECRET_ACCESS_KEY,
            "r2_bucket": SANDBOX_BUCKET,
        }
    )
    house_settings.use(changed)
    adapters.use(adapters.connect(changed))
    return SANDBOX_BUCKET


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
