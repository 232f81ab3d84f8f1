"""How a stand-in's faults are switched: in process, or over HTTP at `/_faults`.

Most switches are a *chance*: 0 or False never, True or 1.0 always, a fraction that share of
the time, a whole number the next so many times. Names ending in `_s` are plain seconds.
"""

import random
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import ClassVar

from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request, Response

from fluxgen.sandbox.routed import json_answer, problem

MAX_WAIT_S = 120.0


class UnknownFault(ValueError):
    """A switch that does not exist, or a value it cannot have."""


@dataclass
class Switches:
    """What the faults of every stand-in have in common; each adds its own as fields."""

    plain: ClassVar[frozenset[str]] = frozenset({"seed"})
    """Whole numbers that are no chance."""

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
        checked = {name: self._checked(name, value) for name, value in switches.items()}
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

    def answer(self, request: Request) -> Response:
        """GET shows the switches, PATCH changes some, PUT puts the others back to off."""
        if request.method != "GET":
            switches = request.get_json(silent=True)
            if not isinstance(switches, dict):
                raise BadRequest("Send a JSON object of switches.")
            try:
                self.change(switches, replace=request.method == "PUT")
            except UnknownFault as error:
                return problem(422, "Unknown fault", str(error))
        return json_answer(self.as_dict())

    def _draw(self, chance: float) -> bool:
        if chance is True or _is_count(chance):
            return bool(chance)
        return chance > 0 and self._random.random() < chance

    def _checked(self, name: str, value: object) -> object:
        if name not in self.defaults():
            raise UnknownFault(f"There is no fault named {name!r}.")
        if name == "seed" and value is None:
            return None
        if not isinstance(value, int | float) or value < 0:
            raise UnknownFault(f"{name} must be a number, 0 or more.")
        if name in self.plain:
            return int(value)
        if name.endswith("_s"):
            return min(float(value), MAX_WAIT_S)
        if isinstance(value, float) and value > 1:
            raise UnknownFault(f"{name} must be a share between 0 and 1, or a whole number.")
        return value


def _is_count(chance: float) -> bool:
    return isinstance(chance, int) and not isinstance(chance, bool) and chance > 0
