"""Erasure, step by step. Each step can be taken again, and is, until it has nothing left to do."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from fluxgen import adapters, archive, db, privacy, purchases
from fluxgen.errors import LeaseLost, MayWorkLater
from fluxgen.jobs import bell, references
from fluxgen.jobs.archive import PURGE, PUT_AWAY
from fluxgen.jobs.generations import ADVANCE, advance
from fluxgen.jobs.mail import deliver
from fluxgen.jobs.purchases import check
from fluxgen.models import Erasure, Generation, Scope

ERASE = "fluxgen.jobs.privacy.erase"
OF_GENERATIONS = (ADVANCE, PUT_AWAY, PURGE)
"""The jobs that name a generation."""
BEFORE_ROWS = "references"
"""The step after which rows are deleted."""
WAIT_S = 5
"""Between two looks at what is still ending."""
MAIL_S = 30
RETRY_S = 60
"""After a provider did not answer, or something broke."""
TURN_S = 60
NEXT_TURN_S = 0.1
LISTED_MAX = 10_000
"""Times that a folder is listed and emptied; each time a thousand objects go."""
_turn_began: ContextVar[float] = ContextVar("turn_began")

Step = Callable[[Erasure], None]

log = logging.getLogger(__name__)


def ring(erasure: Erasure) -> None:
    """Ask for this erasure's next steps, after its row is committed."""
    bell.ring(ERASE, erasure.id)


def erase(erasure_id: int) -> None:
    """Take an erasure as far as it will go, unless another worker has it."""
    erasure = privacy.claim(erasure_id)
    if erasure is None:
        return
    _turn_began.set(time.monotonic())
    try:
        with _patience(erasure):
            privacy.begin(erasure)
            for name in steps_left(erasure):
                STEPS[name](erasure)
                privacy.passed(erasure, name)
            privacy.finish(erasure)
            log.info("erased", extra={"job": "erase"})
    except LeaseLost:
        log.warning("lease lost", extra={"job": "erase"})


@contextmanager
def _patience(erasure: Erasure) -> Iterator[None]:
    """Whatever goes wrong, it goes on later; where that is too late, the log says so loudly."""
    try:
        yield
    except LeaseLost:
        raise
    except MayWorkLater as trouble:
        _log(erasure, "erasure put back", str(trouble))
        privacy.put_back(erasure, trouble.retry_after_s or RETRY_S)
    except Exception:
        log.exception("erasure broke", extra={"job": "erase", "step": erasure.step})
        privacy.put_back(erasure, RETRY_S)


def _log(erasure: Erasure, event: str, reason: str) -> None:
    extra = {"job": "erase", "step": erasure.step, "reason": reason}
    if privacy.is_late(erasure):
        log.error("erasure overdue", extra=extra)
    else:
        log.info(event, extra=extra)


def _go_on(erasure: Erasure, reached: str = "") -> None:
    """Keep the lease; after a while give others a turn. Raises `LeaseLost`, `MayWorkLater`."""
    privacy.renew(erasure, reached)
    if time.monotonic() - _turn_began.get() > TURN_S:
        raise MayWorkLater("in turns", NEXT_TURN_S)


def steps_left(erasure: Erasure) -> list[str]:
    """The names of the steps that come after the last one finished."""
    names = list(STEPS)
    done = names.index(erasure.step) + 1 if erasure.step in names else 0
    return names[done:]


def _stop(erasure: Erasure) -> None:
    """Nothing new begins, sessions end, what runs is cancelled and its credits are released;
    open payments are closed. What is being stored is finished, or given up by itself."""
    if erasure.scope is Scope.ACCOUNT:
        privacy.note(erasure, sessions=privacy.close(erasure))
        _close_payments(erasure)
    else:
        privacy.stop_archive(erasure)
    for generation_id in privacy.generation_ids(erasure, unfinished=True):
        advance(generation_id)
        _go_on(erasure)
    if under_way := len(privacy.generation_ids(erasure, unfinished=True)):
        raise MayWorkLater(f"{under_way} still ending", WAIT_S)
    privacy.note_what_is_there(erasure)


def _close_payments(erasure: Erasure) -> None:
    """Nobody is to pay for what nobody can spend. A Stripe that is silent is asked by the poll."""
    for purchase_id in purchases.pending(erasure.account_id):
        check(purchase_id, abandon=True)
        _go_on(erasure)


def _bells(erasure: Erasure) -> None:
    """Take the jobs out of Redis that name a row which is about to go."""
    bell.forget(OF_GENERATIONS, privacy.generation_ids(erasure))


def _files(erasure: Erasure) -> None:
    """Delete what is stored, by the map's prefixes, and see by listing that it is gone."""
    for reached, folder in privacy.folders(erasure):
        privacy.note(erasure, files=empty(folder))
        _go_on(erasure, reached)


def empty(folder: str) -> int:
    """Delete everything in the store whose key begins so. Raises `MayWorkLater` until it is gone."""
    storage = adapters.current().storage
    count = 0
    for _ in range(LISTED_MAX):
        there = [one.key for one in storage.listed(folder)]
        if not there:
            storage.clear(folder)  # uploads that were not completed are listed nowhere
            return count
        storage.delete(there)
        count += len(there)
    raise MayWorkLater("what was deleted is still listed")


def _references(erasure: Erasure) -> None:
    """Have reference images deleted that the provider may still have."""
    while found := privacy.with_references(erasure):
        for generation in found:
            _forget(generation)
            privacy.note(erasure, references=1)
            _go_on(erasure)


def _forget(generation: Generation) -> None:
    if not references.forget(generation):
        raise MayWorkLater("the provider is silent")


def _rows(erasure: Erasure) -> None:
    """Delete the rows, what hangs on others first."""
    privacy.delete_rows(erasure, lambda: _go_on(erasure))
    _look_again(erasure)


def _look_again(erasure: Erasure) -> None:
    if left := privacy.left(erasure):
        raise MayWorkLater(f"rows left in {', '.join(sorted(left))}")


def _person(erasure: Erasure) -> None:
    """Take the person out of what stays."""
    privacy.unname(erasure)


def _bytes(erasure: Erasure) -> None:
    """Have the database let go of what was deleted: search index, dead rows, its own log."""
    archive.forget_all_removed()
    db.forget_dead_rows(privacy.tables(erasure))
    if not db.forget_deleted_bytes():
        raise MayWorkLater("somebody is reading the old log", WAIT_S)


def _letters(erasure: Erasure) -> None:
    """Let what was written to the person leave before the rows go."""
    _send(privacy.unsent(erasure))
    if privacy.unsent(erasure):
        raise MayWorkLater("a mail waits", MAIL_S)


def _farewell(erasure: Erasure) -> None:
    """Sign what was done and mail it: the last use of the address, which then is forgotten.

    Should something have come in after the rows went, they are gone through once more.
    """
    if privacy.left(erasure):
        privacy.passed(erasure, BEFORE_ROWS)
        raise MayWorkLater("rows came back", WAIT_S)
    privacy.certify(erasure)
    _letters(erasure)
    privacy.give_up(erasure)
    db.forget_dead_rows(privacy.LAST_TABLES)
    if not db.forget_deleted_bytes():
        raise MayWorkLater("somebody is reading the old log", WAIT_S)


def _send(mail_ids: list[int]) -> None:
    for mail_id in mail_ids:
        deliver(mail_id)


STEPS: dict[str, Step] = {
    "stop": _stop,
    "letters": _letters,
    "bells": _bells,
    "files": _files,
    "references": _references,
    "rows": _rows,
    "person": _person,
    "bytes": _bytes,
    "farewell": _farewell,
}
"""In this order. What names others goes after them: a row says where its files are."""
