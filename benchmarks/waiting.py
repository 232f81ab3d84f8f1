"""How soon one worker is done with many generations that take the provider 5 seconds each."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.comparison import Comparison
from benchmarks.house import House
from benchmarks.visitor import Visitor
from fluxgen import db
from fluxgen.models import Generation, Status
from fluxgen.sandbox.plan import worker
from fluxgen.sandbox.processes import Program
from fluxgen.sandbox.run_folder import until

QUEUED = 100
BLOCKING = 8
"""The baseline is run for so many and scaled: 100 would take nine minutes."""
TIMEOUT_S = 300.0
# flux-schnell takes the sandbox 2 s and 0.4 s before it starts, times the pace.
PACE = 5 / 2.4
SETTINGS = {
    "SANDBOX_PACE": f"{PACE:.3f}",
    "SANDBOX_PAINTER": "quick",
    "GENERATIONS_A_MINUTE": str(2 * QUEUED),
}


def measure() -> Comparison:
    """Both on one machine, one after the other, each from the worker's start to the last picture."""
    with (
        tempfile.TemporaryDirectory(prefix="fluxgen-waiting-") as folder,
        House(Path(folder), workers=0, settings=SETTINGS) as house,
    ):
        blocking_s = _blocking(house) * QUEUED / BLOCKING
        ours_s = _ours(house)
    return Comparison(
        name=f"{QUEUED} queued, 5 s each, one worker",
        ours=ours_s,
        baseline=blocking_s,
        unit="s",
        ratio=blocking_s / ours_s,
        target=15,
        higher_is_better=True,
        remark=f"replicate.run(): {BLOCKING} were run, and their time scaled to {QUEUED}",
    )


def _blocking(house: House) -> float:
    prompts = [f"blocking {number}" for number in range(BLOCKING)]
    argv = [sys.executable, "-m", "benchmarks.blocking", *prompts]
    began = time.monotonic()
    child = house.start(Program("worker-blocking", argv, house.environ, house.plan.root))
    assert until(lambda: child.exit_code is not None, TIMEOUT_S), "the baseline does not end"
    assert child.exit_code == 0, house.log()[-2000:]
    kept = list((house.plan.instance / "blocking").iterdir())
    assert len(kept) == BLOCKING, f"the baseline kept {len(kept)} of {BLOCKING}"
    return time.monotonic() - began


def _ours(house: House) -> float:
    with Visitor(house.url, "ada") as ada:
        ada.sign_in()
        for number in range(QUEUED):
            ada.ask_for(f"ours {number}")
    db.connect(f"sqlite:///{house.plan.instance / 'fluxgen.db'}")
    try:
        began = time.monotonic()
        house.start(worker(house.plan, house.environ))
        assert until(_all_done, TIMEOUT_S), "ours do not end"
        return time.monotonic() - began
    finally:
        db.database.obj.close_all()


def _all_done() -> bool:
    return Generation.select().where(Generation.status == Status.DONE).count() == QUEUED
