"""Ledger transactions per second against a bare conditional UPDATE: `python -m benchmarks.ledger`.

Both sides run in turns in the same processes over the same connections, in pairs that leave the
balance as it was. The bare one is a fixed statement that changes a balance where it suffices and
nothing else; the ledger's transaction also writes the entry with its hash. Every commit waits for
the disk, as books should. What Postgres does without that is shown beside it and has no target:
there only statements count, and the ledger has three where the other side has one.
"""

from __future__ import annotations

import multiprocessing
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any

from benchmarks.comparison import Comparison
from fluxgen import clock, credits, db
from fluxgen.models import Account, Generation
from tests.support import postgres
from tests.support.postgres import Postgres

PROCESSES = 2
ACCOUNTS = 1_000
ROUND_S = 1.0
ROUNDS = 5
TARGET = 0.4
RICH = 1_000_000
WAIT_S = 120.0
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
NO_DISK = "postgres without disk"

BARE = """UPDATE account SET available = available + ?, held = held - ?
WHERE id = ? AND available + ? >= 0"""

Step = Callable[[int], None]


@dataclass(frozen=True)
class Rate:
    """Transactions per second of both sides, the median of the rounds."""

    database: str
    accounts: int
    bare: float
    ledger: float
    ratio: float

    def __str__(self) -> str:
        return (
            f"{self.database:<22}{self.accounts:>6,} accounts{self.bare:>9,.0f} bare/s"
            f"{self.ledger:>9,.0f} ledger/s   ratio {self.ratio:.2f}"
        )


def bare(account_id: int) -> None:
    """Two conditional UPDATEs, each a transaction: there and back."""
    statement = BARE.replace("?", db.database.param)
    for change in (-1, 1):
        with db.transaction():
            values = (change, change, account_id, change)
            if db.database.execute_sql(statement, values).rowcount != 1:
                raise AssertionError("the balance did not suffice")


def ledger(account_id: int) -> None:
    """A hold and its release: two transactions."""
    generation = Generation(account=account_id, public_id=secrets.token_urlsafe(16), cost_credits=1)
    credits.hold(generation)
    credits.release(generation, "measured")


def measure(name: str, url: str, accounts: int) -> Rate:
    """Several rounds of both sides in turns, by processes that begin together."""
    ids = _fill(url, accounts)
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, ProcessPoolExecutor(PROCESSES, mp_context=spawn) as pool:
        together = manager.Barrier(PROCESSES)
        shares = [pool.submit(_rounds, url, ids, together, number) for number in range(PROCESSES)]
        counted = [share.result(timeout=WAIT_S) for share in shares]
    per_round = [tuple(map(sum, zip(*each, strict=True))) for each in zip(*counted, strict=True)]
    ratios = sorted(of_ledger / of_bare for of_bare, of_ledger in per_round)
    middle = ROUNDS // 2
    rates = [sorted(side)[middle] for side in zip(*per_round, strict=True)]
    return Rate(name, accounts, rates[0], rates[1], ratios[middle])


def _fill(url: str, accounts: int) -> list[int]:
    """Migrate, and make people with credits."""
    real: Any = db.connect(url)
    with real.connection_context():
        db.migrations().up()
        ids = [_account().id for _ in range(accounts)]
    real.close_all()
    return ids


def _account() -> Account:
    now = clock.now()
    account = Account.create(
        identity=secrets.token_hex(32),
        email="somebody@example.test",
        name="Somebody",
        age_confirmed_at=now,
        terms_accepted_at=now,
        terms_version="2026-11-23",
    )
    credits.grant(account, RICH, secrets.token_hex(8), "to be moved about")
    return account


def _rounds(url: str, ids: list[int], together: Barrier, number: int) -> list[tuple[float, float]]:
    """What this process does a second, on each side, round by round."""
    real: Any = db.connect(url)
    mine = ids[number::PROCESSES] or ids
    with real.connection_context():
        found = []
        for _ in range(ROUNDS):
            found.append((_rate(bare, mine, together), _rate(ledger, mine, together)))
    real.close_all()
    return found


def _rate(step: Step, ids: list[int], together: Barrier) -> float:
    together.wait()
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < ROUND_S:
        step(ids[done % len(ids)])
        done += 1
    return 2 * done / (time.perf_counter() - began)


@contextmanager
def server(folder: Path) -> Iterator[Postgres]:
    """The throw-away Postgres of the tests, but one that waits for the disk."""
    folder.chmod(0o711)  # it runs as another user, who must get through
    postgres.OPTIONS.update(DURABLE)
    process = postgres.start(folder)
    try:
        yield postgres.at(folder, "bench")
    finally:
        process.terminate()
        process.wait(WAIT_S)


def measured(folder: Path, place: Postgres) -> Iterator[Rate]:
    """Each database on one contended account and on many."""
    for accounts in (1, ACCOUNTS):
        yield measure("sqlite", f"sqlite:///{folder / f'{accounts}.db'}", accounts)
        url = place.url(place.template(f"kept_{accounts}", lambda _: None))
        yield measure("postgres", url, accounts)
        url = place.url(place.template(f"lost_{accounts}", lambda _: None))
        yield measure(NO_DISK, f"{url}&options=-csynchronous_commit%3Doff", accounts)


def rates() -> Iterator[Rate]:
    """All of them, as they come."""
    with tempfile.TemporaryDirectory(prefix="fluxgen-ledger-") as name, ExitStack() as stack:
        yield from measured(Path(name), stack.enter_context(server(Path(name))))


def compared() -> list[Comparison]:
    """Those that have a target."""
    return [
        Comparison(
            name=f"ledger, {rate.database}, {rate.accounts:,} accounts",
            ours=rate.ledger,
            baseline=rate.bare,
            unit="/s",
            ratio=rate.ratio,
            target=TARGET,
            higher_is_better=True,
        )
        for rate in rates()
        if rate.database != NO_DISK
    ]


def main() -> int:
    """Print the ratios; 1 when one is below the target."""
    is_missed = False
    for rate in rates():
        print(rate, flush=True)
        is_missed |= rate.database != NO_DISK and rate.ratio < TARGET
    return int(is_missed)


if __name__ == "__main__":
    sys.exit(main())
