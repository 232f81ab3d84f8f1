"""The time. Everything that asks for it asks here, so that tests can move it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

offset = timedelta(0)
"""How far this process's clock is moved; only tests change it."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + offset


def after(seconds: float) -> datetime:
    """The moment that is `seconds` from now."""
    return now() + timedelta(seconds=seconds)
