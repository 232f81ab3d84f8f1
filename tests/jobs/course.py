"""How job tests move a generation along, and trouble the provider meanwhile."""

from __future__ import annotations

from typing import Any

from fluxgen.models import Account, Generation
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.replicate_predictions import Prediction
from tests.support.life import submitted
from tests.support.making import latest
from tests.support.workers import Workers, pass_time

STRIDE_S = 30


def faults(sandbox: Sandbox, **switches: Any) -> None:
    """Switch the provider's faults."""
    sandbox.replicate.faults.change(switches)


def predictions(sandbox: Sandbox) -> list[Prediction]:
    """Everything the provider was made to paint, newest first."""
    return list(sandbox.replicate.predictions.newest_first())


def ended(account: Account, workers: Workers, **recipe: Any) -> Generation:
    """Asked for and worked on until its end, whatever that is."""
    generation = submitted(account, **recipe)
    workers.work()
    return latest(generation)


def wait_out(workers: Workers, seconds: float) -> None:
    """Let time pass in large strides, taking what steps are due."""
    for _ in range(int(seconds / STRIDE_S) + 1):
        pass_time(STRIDE_S)
        workers.step()
