"""`make run`, as the browser tests meet it: the real supervisor with quick painters and short waits."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fluxgen.sandbox.plan import Plan, listen
from fluxgen.sandbox.run_folder import until
from fluxgen.sandbox.supervisor import ROOT

READY_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 60.0
PRETENDED = {"Google", "Replicate"}
NOT_OURS = ("REDIS_URL", "PUBLIC_URL", "SANDBOX_URL", "DATABASE_URL", "FLUXGEN_ENV")
FAR_AHEAD_US = 4_102_444_800_000_000
"""In 2100, as the database writes it."""
HURRIED = {"SANDBOX_PACE": "0.3", "SANDBOX_PAINTER": "quick", "POLL_S": "0.5", "SWEEP_S": "0.5"}


@dataclass(frozen=True)
class Running:
    """A house that answers, with nobody in it yet."""

    url: str
    sandbox_url: str
    instance: Path

    def rows(self, question: str, *values: object) -> list[Any]:
        """What the database answers, read beside the house."""
        address = f"file:{self.instance / 'fluxgen.db'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            return database.execute(question, values).fetchall()

    def write(self, statement: str, *values: object) -> None:
        """Change a row behind the house's back, to bring about what else takes days."""
        with closing(sqlite3.connect(self.instance / "fluxgen.db", timeout=20)) as database:
            database.execute(statement, values)
            database.commit()

    @contextmanager
    def unlooked_at(self, public_id: str) -> Iterator[None]:
        """No worker takes this generation up until the block ends, however long that takes: somebody
        who never comes back has its lease."""
        lease = "UPDATE generation SET lease = ?, lease_until = ?, due_at = ? WHERE public_id = ?"
        self.write(lease, "nobody", FAR_AHEAD_US, FAR_AHEAD_US, public_id)
        try:
            yield
        finally:
            self.write(lease, None, None, 0, public_id)

    def files(self, public_id: str) -> list[Path]:
        """What the storage holds of a generation."""
        folder = self.instance / "storage" / "pictures" / public_id
        return [path for path in folder.rglob("*") if path.is_file()]


@contextmanager
def running(instance: Path) -> Iterator[Running]:
    """Start everything in this folder; end it with Ctrl-C."""
    with listen() as free:
        port = int(free.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    environ = {**kept, **HURRIED, "INSTANCE_DIR": str(instance), "PORT": str(port)}
    missing = PRETENDED - set(Plan.read(ROOT, environ).pretended)
    assert not missing, f"there are keys of {missing}: tests talk to sandboxes only"
    log = instance / "log.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "fluxgen.sandbox.supervisor"],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            ready = until(lambda: "FluxGen is ready" in log.read_text(), READY_TIMEOUT_S)
            assert ready, log.read_text()
            published = (instance / "run.env").read_text().splitlines()
            addresses = dict(line.split("=", 1) for line in published)
            yield Running(addresses["PUBLIC_URL"], addresses["SANDBOX_URL"], instance)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_TIMEOUT_S)
