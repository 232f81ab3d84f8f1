"""For monitors: is the process up, and can it do its work?"""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from fluxgen import db
from fluxgen.jobs import bell
from fluxgen.security import machine

health = Blueprint("health", __name__)


@health.get("/healthz")
@machine
def healthz() -> ResponseReturnValue:
    """The process is up."""
    return jsonify(ok=True)


@health.get("/readyz")
@machine
def readyz() -> ResponseReturnValue:
    """Database and Redis answer. Without Redis pictures still arrive, only later."""
    checks = {"database": db.answers(), "redis": bell.answers()}
    return jsonify(checks), 200 if all(checks.values()) else 503
