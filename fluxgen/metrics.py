"""What a monitor reads: counts and ages of the service's own work, and nothing about anybody.

The text is Prometheus's (exposition format 0.0.4), which other monitors read as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fluxgen import clock, desk, exports, measurements, outbox, privacy, promises
from fluxgen.db import rows, tuples
from fluxgen.models import UNFINISHED, Generation

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "fluxgen"
# As literals: SQLite uses a partial index only for a condition that it can read.
BY_STATUS = """SELECT status, COUNT(*) FROM generation
WHERE status IN ('held', 'submitting', 'running', 'storing') GROUP BY status"""
NEXT = """SELECT * FROM generation
WHERE status IN ('held', 'submitting', 'running', 'storing')
AND status <> 'held' AND due_at IS NOT NULL ORDER BY due_at LIMIT 1"""
"""What only waits for its turn at the provider is not overdue."""


@dataclass(frozen=True)
class Gauge:
    """A number that goes up and down, or one for each value of a label."""

    name: str
    says: str
    values: Mapping[str, float]
    label: str = ""

    @classmethod
    def single(cls, name: str, says: str, value: float) -> Gauge:
        """One number alone."""
        return cls(name, says, {"": value})


def gauges() -> Iterator[Gauge]:
    """All that the database knows."""
    yield Gauge.single(
        "worker_seen_age_seconds", "since a worker last said that it lives", _worker_age_s()
    )
    counts = {status.value: 0 for status in UNFINISHED} | dict(tuples(BY_STATUS))
    yield Gauge("generations_unfinished", "generations under way", counts, "status")
    yield Gauge.single("step_overdue_seconds", "for which a step has waited", _overdue_s())
    yield Gauge.single("mails_due", "mails that could be sent now, up to 500", len(outbox.due()))
    yield Gauge.single("exports_due", "exports that nobody builds yet", len(exports.due()))
    yield Gauge.single("erasures_due", "erasures that wait for a step", len(privacy.due()))
    yield Gauge.single("requests_due", "requests by mail that are due soon", len(desk.due()))
    kept = {one.promise.name: float(not one.is_broken) for one in promises.standing()}
    yield Gauge(
        "promise_kept",
        "0 for each promise that is broken or not looked after, else 1",
        kept,
        "promise",
    )


def _worker_age_s() -> float:
    seen = measurements.latest().get("worker")
    return (clock.now() - seen.measured_at).total_seconds() if seen else math.inf


def _overdue_s() -> float:
    """For how long the step has been due that has waited longest; 0 where none has."""
    found = next(iter(rows(Generation, NEXT)), None)
    return max(0.0, (clock.now() - found.due_at).total_seconds()) if found else 0.0


def written(found: Iterable[Gauge]) -> str:
    """These numbers as a monitor reads them."""
    return "".join(f"{line}\n" for gauge in found for line in _lines(gauge))


def _lines(gauge: Gauge) -> Iterator[str]:
    name = f"{PREFIX}_{gauge.name}"
    yield f"# HELP {name} {gauge.says}"
    yield f"# TYPE {name} gauge"
    for value, number in gauge.values.items():
        label = f'{{{gauge.label}="{value}"}}' if gauge.label else ""
        yield f"{name}{label} {_number(number)}"


def _number(number: float) -> str:
    return "+Inf" if math.isinf(number) else f"{number:g}"
