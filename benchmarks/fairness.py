"""How long one picture waits behind fifty of somebody else, next to first come, first served."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.comparison import Comparison
from benchmarks.house import House
from benchmarks.visitor import Visitor
from fluxgen import db
from fluxgen.models import Generation, Status
from fluxgen.sandbox.plan import worker
from fluxgen.sandbox.run_folder import until

QUEUED = 50
PLACES = 10
RUN_S = 6.0
PACE = RUN_S / 2.4
"""flux-schnell takes the sandbox 2 s and 0.4 s before it starts, times the pace."""
TIMEOUT_S = 300.0
SETTINGS = {
    "SANDBOX_PACE": f"{PACE:.3f}",
    "SANDBOX_PAINTER": "quick",
    "GENERATIONS_A_MINUTE": str(2 * QUEUED),
    "POLL_S": "0.5",
}


def measure() -> Comparison:
    """Fifty of one person, then one of another, one worker; from the click to the one's picture.

    Within one account it is first come, first served, so the baseline is the last of one account's
    51; twice the places are set for it, because one account has half of them.
    """
    with (
        tempfile.TemporaryDirectory(prefix="fluxgen-fairness-") as folder,
        House(Path(folder), workers=0, settings=SETTINGS) as house,
    ):
        ours_s = _one_behind_many(house, "ada", "ben", PLACES)
        baseline_s = _one_behind_many(house, "cleo", "cleo", 2 * PLACES)
    return Comparison(
        name=f"1 behind {QUEUED}, {RUN_S:g} s each, {PLACES} places",
        ours=ours_s,
        baseline=baseline_s,
        unit="s",
        ratio=ours_s / RUN_S,
        target=2,
        higher_is_better=False,
        remark=f"the ratio is to one run of {RUN_S:g} s; the baseline is the same queue in order",
    )


def _one_behind_many(house: House, many: str, one: str, places: int) -> float:
    """Seconds from the last one's click until it is a picture, the others being worked on."""
    environ = {**house.environ, "PROVIDER_CONCURRENCY": str(places)}
    child = house.start(worker(house.plan, environ), f"worker-{many}")
    db.connect(f"sqlite:///{house.plan.instance / 'fluxgen.db'}")
    try:
        with Visitor(house.url, many) as crowd, Visitor(house.url, one) as last:
            crowd.sign_in()
            last.sign_in()
            for number in range(QUEUED):
                crowd.ask_for(f"{many} {number}")
            assert until(_is_busy, TIMEOUT_S), "the worker does not begin"
            began = time.monotonic()
            asked = last.ask_for("the one")
        assert until(lambda: _is_done(asked), TIMEOUT_S), "the one is never done"
        took = time.monotonic() - began
        assert until(_all_ended, TIMEOUT_S), "the others never end"
        child.stop()
        return took
    finally:
        db.database.obj.close_all()


def _is_busy() -> bool:
    return bool(Generation.select().where(Generation.status == Status.RUNNING).exists())


def _is_done(public_id: str) -> bool:
    found = (Generation.public_id == public_id) & (Generation.status == Status.DONE)
    return bool(Generation.select().where(found).exists())


def _all_ended() -> bool:
    return not Generation.select().where(Generation.finished_at.is_null()).exists()
