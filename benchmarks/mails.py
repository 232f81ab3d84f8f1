"""Mail while workers die: `python -m benchmarks.mails [--accounts 10000] [--kills 50] [--seed 7]`.

A new version of the policies is announced to so many accounts. Real workers send the mails to a
real mail server and are killed with `kill -9` at random moments, again and again. In the end the
mailbox of every account must hold exactly one mail. A mailbox knows a repeat by its Message-ID;
how many letters the server was handed twice is counted, too. Exits with 1 when one is missing,
or is there under two Message-IDs, or more were handed over twice than workers were killed.
"""

from __future__ import annotations

import argparse
import random
import re
import socket
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from benchmarks.house import House
from benchmarks.survival import connected
from fluxgen import announcements, clock, db, policies
from fluxgen.models import Account, Mail, MailStatus

ACCOUNTS, KILLS, SEED, WORKERS = 10_000, 50, 7, 2
BATCH = 500
TIMEOUT_S = 1500.0
LOOK_S = 0.05
MOMENT_MAX_S = 0.25
"""So long after its turn has come a worker is killed, at most: in the middle of anything."""
HURRIED = {
    "LEASE_S": "18",
    "SWEEP_S": "0.5",
    "SANDBOX_PACE": "0",
    "SANDBOX_PAINTER": "quick",
    "MAIL_FROM": "FluxGen <hello@fluxgen.test>",
    "SUPPORT_EMAIL": "help@fluxgen.test",
}
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass
class Mailboxes:
    """A mail server that keeps of each letter its address and its Message-ID."""

    handed_over: Counter[tuple[str, str]] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        found = MESSAGE_ID.search(envelope.content)
        name = found[1].decode() if found else ""
        with self.lock:
            for address in envelope.rcpt_tos:
                self.handed_over[address, name] += 1
        return "250 OK"

    @contextmanager
    def open(self) -> Iterator[str]:
        """The server's address, until the block ends."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        controller = Controller(self, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            yield f"smtp://127.0.0.1:{port}"
        finally:
            controller.stop()

    def total(self) -> int:
        with self.lock:
            return self.handed_over.total()


@dataclass(frozen=True)
class Report:
    """What happened, and every promise that was broken."""

    took_s: float
    accounts: int
    kills: int
    letters: int
    twice: int
    violations: list[str]

    def lines(self) -> Iterator[str]:
        yield f"{self.accounts} accounts, {self.kills} kills, {self.took_s:.0f} s"
        yield f"letters handed over  {self.letters}, of which {self.twice} a second time"
        yield f"violations           {len(self.violations)}"
        yield from (f"  {wrong}" for wrong in self.violations[:10])


def run(instance: Path, *, accounts: int, kills: int, seed: int = SEED) -> Report:
    """Live through it in this folder. Call it from the main thread."""
    began = time.monotonic()
    mailboxes = Mailboxes()
    with mailboxes.open() as url:
        settings = {**HURRIED, "SMTP_URL": url}
        with House(instance, workers=WORKERS, settings=settings) as house, connected(house):
            addresses = _join(accounts)
            version = policies.current("privacy").version
            mails = announcements.announce(version, "a measurement", "It is measured.")
            killed = _kill(house, mailboxes, accounts, kills, seed)
            is_over = _wait_for_the_rest(house)
            unsent = Mail.select().where(Mail.status != MailStatus.SENT).count()
    wrong = list(_violations(mailboxes, addresses))
    twice = sum(count - 1 for count in mailboxes.handed_over.values())
    if mails != accounts or not is_over or unsent:
        wrong.insert(0, f"{mails} mails written, {unsent} not marked as sent")
    if killed < kills:
        wrong.insert(0, f"only {killed} kills before all was sent")
    if twice > killed:
        wrong.insert(0, f"{twice} handed over twice, by {killed} kills")
    took_s = time.monotonic() - began
    return Report(took_s, accounts, killed, mailboxes.total(), twice, wrong)


def _join(accounts: int) -> list[str]:
    """So many people, each with an address."""
    addresses = [f"person-{number}@example.test" for number in range(accounts)]
    now = clock.now()
    rows = [
        {
            "identity": f"{number:064x}",
            "email": address,
            "name": "Person",
            "age_confirmed_at": now,
            "terms_accepted_at": now,
            "terms_version": "2026-11-23",
        }
        for number, address in enumerate(addresses)
    ]
    with db.transaction():
        for start in range(0, accounts, BATCH):
            Account.insert_many(rows[start : start + BATCH]).execute()
    return addresses


def _kill(house: House, mailboxes: Mailboxes, accounts: int, kills: int, seed: int) -> int:
    """Kill a worker each time that another share of the letters has gone; how often."""
    chance = random.Random(seed)
    deadline = time.monotonic() + TIMEOUT_S
    share = accounts / (kills + 1)
    for number in range(1, kills + 1):
        while mailboxes.total() < number * share:
            if time.monotonic() > deadline:
                return number - 1
            time.sleep(LOOK_S)
        time.sleep(chance.uniform(0, MOMENT_MAX_S))
        house.kill(chance.choice(house.worker_names))
    return kills


def _wait_for_the_rest(house: House) -> bool:
    deadline = time.monotonic() + TIMEOUT_S
    while Mail.select().where(Mail.due_at.is_null(False)).exists():
        if time.monotonic() > deadline:
            return False
        house.revive()
        time.sleep(0.5)
    return True


def _violations(mailboxes: Mailboxes, addresses: list[str]) -> Iterator[str]:
    names: defaultdict[str, set[str]] = defaultdict(set)
    for address, name in mailboxes.handed_over:
        names[address].add(name)
    for address in addresses:
        if len(names[address]) != 1:
            yield f"{address} has {len(names[address])} mails"
    for address in names.keys() - set(addresses):
        yield f"{address} is nobody"


def main() -> int:
    """One run, as the arguments say; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mails", description=__doc__)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fluxgen-mails-") as folder:
        report = run(Path(folder), accounts=given.accounts, kills=given.kills, seed=given.seed)
    print("\n".join(report.lines()))
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
