"""Several threads that do the same thing in the same moment, each with its own connection."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fluxgen.db import database

WAIT_S = 120.0

T = TypeVar("T")


def at_once(number: int, act: Callable[[int], T]) -> list[T | BaseException]:
    """What each of `number` threads got from `act(n)`: an answer, or the error it raised."""
    start = threading.Barrier(number, timeout=WAIT_S)

    def run(n: int) -> T:
        with database.connection_context():
            start.wait()
            return act(n)

    if not database.is_closed():
        database.close()  # the pool is for the racers
    with ThreadPoolExecutor(number) as pool:
        racers = [pool.submit(run, n) for n in range(number)]
    return [racer.exception() or racer.result() for racer in racers]
