"""What may happen to a house on a bad day, dealt from a deck that a seed shuffles."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from redis import Redis
from redis.exceptions import RedisError

from benchmarks.house import House
from fluxgen.models import UNFINISHED, Generation, Status
from fluxgen.sandbox.processes import Child

PAUSE_S = (0.6, 1.6)
STOPPED_S = (10.0, 15.0)
"""Longer than the lease and, mostly, than the bell's memory: somebody else takes the row over."""
CATCHES_MAX = 40
CATCH_PAUSE_S = 0.02
HELD_STILL_S = 0.1
"""A lease that outlives this is held by the process that stands still: the others' steps go on."""
REDIS_TIMEOUT_S = 2.0

FAULTS: tuple[Mapping[str, float], ...] = (
    {},
    {"create_lost": 0.4},
    {"create_error": 0.4},
    {"create_bad_gateway": 0.4},
    {"create_dropped": 0.4},
    {"create_throttle": 0.5, "retry_after": 1},
    {"predict_fail": 0.4},
    {"output_fewer": 0.6},
    {"output_null": 0.2, "output_truncated": 0.2},
    {"down": 0.5},
    {"slow_get_s": 0.3, "create_late": 0.5, "create_late_s": 1.0},
)
"""Shares of requests or predictions that go wrong while the switch is on."""


@dataclass
class Havoc:
    """Strikes one blow after another, until told that it is over."""

    house: House
    seed: int
    always: Mapping[str, float]
    """Faults that stay on throughout."""
    strikes: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._stopped: list[tuple[float, int]] = []
        self._orphaned: set[str] = set()
        self._deck: list[Callable[[], None]] = []

    def rage(self, is_over: Callable[[], bool], timeout_s: float) -> bool:
        """Strike until it is over and nobody sleeps; False when that takes too long."""
        deadline = time.monotonic() + timeout_s
        self.house.switch_faults(self.always)
        while not (over := is_over() and not self._stopped) and time.monotonic() < deadline:
            self.strikes["ended by itself"] += self.house.revive()
            self._strike()
            self._wake()
            time.sleep(self._random.uniform(*PAUSE_S))
        self._wake(everybody=True)
        return over

    def _strike(self) -> None:
        """Every kind comes once before the deck is shuffled anew, the likely ones more often."""
        if not self._deck:
            self._deck = [
                *[self.kill_worker] * 2,
                self.kill_busy_worker,
                *[self.stop_busy_worker] * 3,
                *[self.kill_web_child] * 2,
                *[self.flush_redis] * 2,
                *[self.change_faults] * 3,
                self.kill_web_master,
                self.kill_redis,
            ]
            self._random.shuffle(self._deck)
        blow = self._deck.pop()
        if blow == self.stop_busy_worker and self._stopped:
            return  # one at a time: somebody must be there to take over
        blow()
        self.strikes[blow.__name__.replace("_", " ")] += 1

    def kill_worker(self) -> None:
        """`kill -9`; a SimpleWorker has no child, so this is worker and child in one."""
        self.house.kill(self._awake())

    def kill_busy_worker(self) -> None:
        """The same in the middle of a step."""
        name = self._awake()
        self._catch(self.house.children[name])
        self.house.kill(name)

    def stop_busy_worker(self) -> None:
        """It sleeps through its lease, and then goes on as if nothing had been."""
        child = self.house.children[self._awake()]
        self._catch(child)
        until = time.monotonic() + self._random.uniform(*STOPPED_S)
        self._stopped.append((until, child.pid))

    def _awake(self) -> str:
        """A worker that is not stopped; who sleeps shall wake."""
        sleeping = [pid for _, pid in self._stopped]
        workers = self.house.worker_names
        awake = [name for name in workers if self.house.children[name].pid not in sleeping]
        return self._random.choice(awake)

    def _catch(self, child: Child) -> None:
        """Make it stand still with a lease in its hand, best of all while it sends an order."""
        for tried in range(CATCHES_MAX):
            child.signal_group(signal.SIGSTOP)
            wanted = (Status.SUBMITTING,) if tried < CATCHES_MAX / 2 else UNFINISHED
            if held := _leases(wanted) - self._orphaned:
                time.sleep(HELD_STILL_S)
                if caught := held & _leases(wanted):
                    self._orphaned |= caught
                    return
            child.signal_group(signal.SIGCONT)
            time.sleep(self._random.uniform(0, CATCH_PAUSE_S))
        child.signal_group(signal.SIGSTOP)

    def kill_web_master(self) -> None:
        self.house.kill("web")

    def kill_web_child(self) -> None:
        if children := self.house.web_children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._random.choice(children), signal.SIGKILL)

    def flush_redis(self) -> None:
        with contextlib.suppress(RedisError), self._redis() as redis:
            redis.flushall()

    def kill_redis(self) -> None:
        self.house.kill("redis")

    def change_faults(self) -> None:
        """The provider has a bad time of another kind, or none."""
        self.house.switch_faults({**self.always, **self._random.choice(FAULTS)})

    def _wake(self, everybody: bool = False) -> None:
        now = time.monotonic()
        due = [pid for at, pid in self._stopped if everybody or at <= now]
        self._stopped = [(at, pid) for at, pid in self._stopped if pid not in due]
        for child in self.house.children.values():
            if child.pid in due:
                child.signal_group(signal.SIGCONT)

    def _redis(self) -> Redis:
        return Redis(
            unix_socket_path=str(self.house.redis_socket),
            socket_timeout=REDIS_TIMEOUT_S,
            socket_connect_timeout=REDIS_TIMEOUT_S,
        )


def _leases(statuses: Sequence[Status]) -> set[str]:
    """The leases that are held now on rows of these statuses."""
    held = Generation.lease.is_null(False) & Generation.status.in_(statuses)
    return {str(row.lease) for row in Generation.select(Generation.lease).where(held)}
