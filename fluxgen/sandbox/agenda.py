"""Things to do at a time: one thread waits for the next, whatever the clock does."""

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

MAX_WAITING = 50_000
LONGEST_NAP_S = 0.2

T = TypeVar("T")


class Agenda(Generic[T]):
    """Does each item when it is due by `now` (unix seconds), in order of time, then of planning."""

    def __init__(self, do: Callable[[T], None], now: Callable[[], float], *, name: str) -> None:
        self._do = do
        self._now = now
        self._name = name
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, T]] = []
        self._order = itertools.count()
        self._under_way = 0
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def plan(self, at: float, item: T) -> None:
        """Do it at `at`, unix seconds. Above `MAX_WAITING`, or once closed, it is dropped."""
        with self._changed:
            if self._is_closed or len(self._waiting) >= MAX_WAITING:
                log.warning("%s: dropped, %d are waiting already", self._name, len(self._waiting))
                return
            heapq.heappush(self._waiting, (at, next(self._order), item))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def hurry(self, which: Callable[[T], bool]) -> None:
        """What waits and is chosen by `which` is due now."""
        with self._changed:
            now = self._now()
            self._waiting = [
                (min(at, now) if which(item) else at, order, item)
                for at, order, item in self._waiting
            ]
            heapq.heapify(self._waiting)
            self._changed.notify_all()

    def begin(self) -> bool:
        """Count something more as under way, to be ended with `finish`; not once closed."""
        with self._changed:
            self._under_way += not self._is_closed
            return not self._is_closed

    def finish(self) -> None:
        """Something that was under way is done."""
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()

    def settled(self, timeout_s: float) -> bool:
        """Wait until nothing is waiting or under way; False if that takes too long."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._waiting and not self._under_way, timeout_s
            )

    def close(self) -> None:
        """Do nothing more."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def _run(self) -> None:
        while due := self._next_due():
            try:
                self._do(due[0])
            finally:
                self.finish()

    def _next_due(self) -> tuple[T] | None:
        """Wait for the next one; None when closed. The clock may jump, so naps are short."""
        with self._changed:
            while not self._is_closed:
                if self._waiting:
                    left_s = self._waiting[0][0] - self._now()
                    if left_s <= 0:
                        self._under_way += 1
                        return (heapq.heappop(self._waiting)[2],)
                    self._changed.wait(min(left_s, LONGEST_NAP_S))
                else:
                    self._changed.wait()
        return None
