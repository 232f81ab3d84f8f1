"""What may go wrong at the Replicate stand-in, switched on by tests and reliability runs.

Most switches are a *chance*: 0 or False never, True or 1.0 always, a fraction that share of
the time, a whole number the next so many times. Names ending in `_s` are plain seconds.
"""

import random
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

MAX_WAIT_S = 120.0
_PLAIN = {"retry_after", "seed"}


class UnknownFault(ValueError):
    """A switch that does not exist, or a value it cannot have."""


@dataclass
class Faults:
    """All switches, off. Set attributes in process, or `change` them over HTTP."""

    # Answers to POST …/predictions
    create_refuse: float = 0
    create_unauthorised: float = 0
    create_no_credit: float = 0
    create_throttle: float = 0
    create_error: float = 0
    create_bad_gateway: float = 0
    create_lost: float = 0
    create_dropped: float = 0
    create_late: float = 0
    create_late_s: float = 40.0
    retry_after: int = 10
    # Every API request
    down: float = 0
    slow_get_s: float = 0.0
    # How a prediction ends
    predict_fail: float = 0
    predict_nsfw: float = 0
    predict_abort: float = 0
    predict_unknown_status: float = 0
    predict_slow: float = 0
    # What a succeeded prediction says about its files
    output_null: float = 0
    output_empty: float = 0
    output_fewer: float = 0
    output_swapped: float = 0
    output_expired: float = 0
    # What the files are
    output_not_image: float = 0
    output_huge: float = 0
    output_truncated: float = 0
    # How webhooks travel
    webhook_drop: float = 0
    webhook_duplicate: float = 0
    webhook_reorder: float = 0
    webhook_forged: float = 0
    webhook_delay_s: float = 0.0

    seed: int | None = None
    hits: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(self.seed)

    def strikes(self, name: str) -> bool:
        """Whether this fault happens now. A counted one is used up by asking."""
        with self._lock:
            chance = getattr(self, name)
            struck = self._draw(chance)
            if struck:
                self.hits[name] += 1
                if _is_count(chance):
                    setattr(self, name, chance - 1)
        return struck

    def change(self, switches: Mapping[str, object], *, replace: bool = False) -> None:
        """Set the named switches; with `replace`, put all others back to off first."""
        checked = {name: _checked(name, value) for name, value in switches.items()}
        with self._lock:
            if replace:
                for name, value in self.defaults().items():
                    setattr(self, name, value)
                self.hits.clear()
            for name, value in checked.items():
                setattr(self, name, value)
            if replace or "seed" in checked:
                self._random = random.Random(self.seed)

    def as_dict(self) -> dict[str, object]:
        """The switches as they stand, and under `hits` how often each one struck."""
        with self._lock:
            return {name: getattr(self, name) for name in self.defaults()} | {
                "hits": dict(self.hits)
            }

    @classmethod
    def defaults(cls) -> dict[str, object]:
        """Every switch with its value when off."""
        return {each.name: each.default for each in fields(cls) if each.name != "hits"}

    def _draw(self, chance: float) -> bool:
        if chance is True or _is_count(chance):
            return bool(chance)
        return chance > 0 and self._random.random() < chance


def _is_count(chance: float) -> bool:
    return isinstance(chance, int) and not isinstance(chance, bool) and chance > 0


def _checked(name: str, value: object) -> object:
    if name not in Faults.defaults():
        raise UnknownFault(f"There is no fault named {name!r}.")
    if name == "seed" and value is None:
        return None
    if not isinstance(value, int | float) or value < 0:
        raise UnknownFault(f"{name} must be a number, 0 or more.")
    if name in _PLAIN:
        return int(value)
    if name.endswith("_s"):
        return min(float(value), MAX_WAIT_S)
    if isinstance(value, float) and value > 1:
        raise UnknownFault(f"{name} must be a share between 0 and 1, or a whole number.")
    return value
