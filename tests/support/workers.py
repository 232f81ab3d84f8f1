"""Takes the steps that workers would take, in the test's own process and time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from fluxgen import clock
from fluxgen.jobs.sweep import sweep
from fluxgen.models import UNFINISHED, Generation
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.replicate_predictions import Prediction

ROUNDS_MAX = 600
WAIT_S = 120.0


def until(condition: Callable[[], bool], timeout_s: float = WAIT_S) -> None:
    """Wait for a condition. Raises `AssertionError` when it takes too long."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)


def pass_time(seconds: float) -> None:
    """Move the clock of this process on."""
    clock.offset += timedelta(seconds=seconds)


class Workers:
    """`work()` until nothing is unfinished, moving the clock where everybody only waits."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def step(self) -> int:
        """One sweep, its steps taken at once; how many there were."""
        return sweep(inline=True)

    def work(self, rounds: int = ROUNDS_MAX) -> None:
        """Sweep until every generation has ended. Raises `AssertionError` if one does not."""
        for _ in range(rounds):
            self._let_the_provider_finish()
            if not self.step():
                if not self._unfinished():
                    return
                self._wait()
        assert not self._unfinished(), "something never ends"

    def _wait(self) -> None:
        """Move the clock to when the first of them can go on, by a second at least."""
        rows = Generation.select().where(Generation.status.in_(UNFINISHED))
        moments = [max(row.due_at, row.lease_until or row.due_at) for row in rows]
        pass_time(max(1.0, (min(moments) - clock.now()).total_seconds() + 0.001))

    def _unfinished(self) -> bool:
        return bool(Generation.select().where(Generation.status.in_(UNFINISHED)).exists())

    def _let_the_provider_finish(self) -> None:
        """Painting takes real time, whatever the clock says."""
        predictions = self._sandbox.replicate.predictions
        until(lambda: all(_is_painted(one) for one in predictions.newest_first()))


def _is_painted(prediction: Prediction) -> bool:
    return prediction.painted_at is not None or prediction.fate.ending != "succeeded"
