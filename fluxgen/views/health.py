"""For monitors: is the process up, can it do its work, and how much is there to do?"""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from fluxgen import db, settings
from fluxgen import metrics as metrics_
from fluxgen.jobs import bell
from fluxgen.metrics import Gauge
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


@health.get("/metrics")
@machine
def metrics() -> ResponseReturnValue:
    """Counts and ages, for a monitor that knows `METRICS_TOKEN`. Without one they are open, and
    in production not there."""
    chosen = settings.current()
    if not chosen.metrics_token and chosen.is_production:
        abort(404)
    if chosen.metrics_token and not _knows(chosen.metrics_token):
        return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    jobs = bell.waiting()
    here = [
        Gauge.single("redis_up", "1 where Redis answers", float(bool(jobs))),
        Gauge("queue_jobs", "jobs that Redis holds", jobs, "queue"),
    ]
    return Response(
        metrics_.written([*metrics_.gauges(), *here]), content_type=metrics_.CONTENT_TYPE
    )


def _knows(token: str) -> bool:
    given = request.authorization
    if given is None or given.type != "bearer" or given.token is None:
        return False
    return hmac.compare_digest(given.token.encode(), token.encode())
