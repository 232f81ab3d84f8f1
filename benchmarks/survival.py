"""Generations while processes die: `python -m benchmarks.survival [--generations 200] [--seed 7]`.

Four people ask for pictures over HTTP. Meanwhile web, its children and the workers are killed
with `kill -9`, workers sleep through their leases, Redis is flushed and killed, and the provider
loses, refuses and spoils things. In the end everything asked for must have ended, once, with
exact books. Exits with 1 when it has not.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import audit
from benchmarks.havoc import Havoc
from benchmarks.house import House
from benchmarks.visitor import Visitor
from fluxgen import db
from fluxgen import settings as house_settings
from fluxgen.models import UNFINISHED, Generation
from fluxgen.settings import Settings

GENERATIONS = 200
SEED = 7
PEOPLE = ("ada", "ben", "cleo", "dan")
WORKERS = 3
TIMEOUT_S = 240.0
PAUSE_MAX_S = 0.4
CANCELLED_SHARE = 0.04

HURRIED = {
    "LEASE_S": "4",
    "SUBMIT_GRACE_S": "3",
    "SWEEP_S": "0.5",
    "POLL_S": "0.5",
    "SANDBOX_PACE": "0.1",
    "SANDBOX_PAINTER": "quick",
}
SLOW = {"create_late": 0.2, "create_late_s": 0.5}
FAULTS = {
    "some": {**SLOW, "webhook_drop": 0.3, "webhook_duplicate": 0.2, "webhook_forged": 0.1},
    "drop": {**SLOW, "webhook_drop": 1.0},
}
"""What always ails the provider: slow answers to orders, and webhooks that are lost."""


@dataclass(frozen=True)
class Report:
    """What happened, and every promise that was broken."""

    took_s: float
    endings: Counter[str]
    strikes: Counter[str]
    leases_lost: int
    predictions: int
    orphans: int
    violations: list[str]

    def lines(self) -> Iterator[str]:
        struck = ", ".join(f"{name} {times}" for name, times in sorted(self.strikes.items()))
        ended = ", ".join(f"{times} {name}" for name, times in self.endings.most_common())
        yield f"{sum(self.endings.values())} generations in {self.took_s:.0f} s"
        yield f"ended        {ended}"
        yield f"struck       {struck} (a worker has no child: it runs its jobs itself)"
        yield f"leases lost  {self.leases_lost} times somebody came back too late and wrote nothing"
        yield f"provider     {self.predictions} predictions, {self.orphans} of them orphans"
        yield f"violations   {len(self.violations)}"
        yield from (f"  {wrong}" for wrong in self.violations)


def run(
    instance: Path,
    *,
    generations: int = GENERATIONS,
    seed: int = SEED,
    webhooks: str = "some",
    database_url: str = "",
) -> Report:
    """Live through it in this folder. Call it from the main thread."""
    began = time.monotonic()
    settings = {**HURRIED, **({"DATABASE_URL": database_url} if database_url else {})}
    with ExitStack() as stack:
        house = stack.enter_context(House(instance, workers=WORKERS, settings=settings))
        stack.enter_context(connected(house))
        people = [stack.enter_context(Visitor(house.url, name)).sign_in() for name in PEOPLE]
        havoc = Havoc(house, seed, FAULTS[webhooks])
        pool = stack.enter_context(ThreadPoolExecutor(len(people)))
        asked = [
            pool.submit(_ask, visitor, generations // len(people), f"{seed}/{visitor.name}")
            for visitor in people
        ]
        ended = havoc.rage(lambda: _is_over(asked), TIMEOUT_S)
        promised = [public_id for each in asked for public_id in each.result()]
        predictions = audit.predictions_at(house.sandbox_url)
        broken = audit.violations(promised, instance / "storage", predictions)
        if not ended:
            broken.insert(0, f"not over after {TIMEOUT_S:.0f} s")
        return Report(
            took_s=time.monotonic() - began,
            endings=audit.endings(),
            strikes=havoc.strikes,
            leases_lost=house.log().count('"event": "lease lost"'),
            predictions=len(predictions),
            orphans=audit.orphans(predictions),
            violations=broken,
        )


def _ask(visitor: Visitor, count: int, seed: str) -> list[str]:
    """Ask for this many, now and then for two at once, now and then thinking better of it."""
    chance = random.Random(seed)
    promised = []
    for number in range(1, count + 1):
        time.sleep(chance.uniform(0, PAUSE_MAX_S))
        pictures = 2 if number % 3 == 0 else 1
        public_id = visitor.ask_for(f"{visitor.name} {number}", count=pictures)
        promised.append(public_id)
        if chance.random() < CANCELLED_SHARE:
            visitor.change_mind(public_id)
    return promised


def _is_over(asked: Sequence[Future[list[str]]]) -> bool:
    """Everybody has asked, and nothing is unfinished."""
    if not all(each.done() for each in asked):
        return False
    return not Generation.select().where(Generation.status.in_(UNFINISHED)).exists()


@contextmanager
def connected(house: House) -> Iterator[None]:
    """The house's database, to look at."""
    settings = Settings(
        instance_dir=house.plan.instance, database_url=house.environ.get("DATABASE_URL", "")
    )
    house_settings.use(settings)
    db.connect(settings.database)
    try:
        with db.database.connection_context():
            yield
    finally:
        db.database.obj.close_all()


def main() -> int:
    """One run, as the arguments say; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.survival", description=__doc__)
    parser.add_argument("--generations", type=int, default=GENERATIONS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--webhooks", choices=sorted(FAULTS), default="some")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fluxgen-survival-") as folder:
        report = run(
            Path(folder), generations=given.generations, seed=given.seed, webhooks=given.webhooks
        )
    print("\n".join(report.lines()))
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
