"""Exports, built a few seconds at a time behind everything that somebody waits for.

The row says how far one has come and the store has what is written so far. Whoever takes a step
goes on from there; a step that dies has changed nothing that counts.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from fluxgen import adapters, clock, exports, outbox, settings
from fluxgen.db import transaction
from fluxgen.errors import LeaseLost, MayWorkLater, NeverWill
from fluxgen.jobs import bell
from fluxgen.jobs.exports import closing, contents
from fluxgen.jobs.exports.state import State
from fluxgen.jobs.exports.writing import Writing
from fluxgen.models import Account, Export

BUILD = "fluxgen.jobs.exports.build"
STEP_S = 3.0
"""How long a step goes on adding; one more batch may follow."""
RETRY_MAX_S = 300

log = logging.getLogger(__name__)


def ring(export: Export) -> None:
    """Ask for this export's next step, after its row is committed."""
    bell.ring(BUILD, export.id, bell.SLOW)


def build(export_id: int) -> None:
    """Take one export one step further, unless another worker has it."""
    export = exports.claim(export_id)
    if export is None:
        return
    try:
        _build(export)
    except LeaseLost:
        log.warning("lease lost", extra={"job": "build"})
        if not exports.exists(export):  # erased meanwhile: what this step has written goes, too
            adapters.current().storage.clear(exports.prefix(export))


def _build(export: Export) -> None:
    try:
        if _is_hopeless(export):
            log.error("export given up", extra={"job": "build"})
            adapters.current().storage.clear(exports.prefix(export))
            exports.fail(export)
            return
        _step(export)
    except LeaseLost:
        raise
    except NeverWill as gone:  # what was written is not there any more, or not whole
        log.warning("export begins again", extra={"job": "build", "reason": gone.reason})
        exports.start_over(export)
    except MayWorkLater as trouble:
        log.info("put back", extra={"job": "build", "reason": str(trouble)})
        exports.put_back(export, min(RETRY_MAX_S, 2**export.crashes))
    except Exception:
        log.exception("step crashed", extra={"job": "build"})
        exports.put_back(export, min(RETRY_MAX_S, 2**export.crashes))


def _is_hopeless(export: Export) -> bool:
    age_s = (clock.now() - export.created_at).total_seconds()
    return export.crashes > exports.FAILURES_MAX or age_s > exports.BUILD_WITHIN_S


def _step(export: Export) -> None:
    """Add what can be added in a while; close it when nothing is left to add."""
    store = adapters.current().storage
    account = Account.get_by_id(export.account_id)
    if export.state is None:
        state = State(made_at=clock.now().isoformat(), top=account.generations_made)
        writing = Writing.begun(store, export, state)
    else:
        writing = Writing.taken_up(store, export)
    was, begun = export.state, time.monotonic()
    patient = export.crashes <= exports.STUBBORN_AFTER
    while writing.state.section is not None:
        contents.add(writing, account, patient=patient)
        _keep(export)
        if time.monotonic() - begun >= STEP_S:
            break
    if writing.state.section is None:
        _finish(export, account, writing)
        return
    saved = writing.save()
    exports.note(export, state=saved, done=writing.state.done, missing=writing.state.missing)
    if was is not None:
        store.delete([f"{exports.work_key(export, was)}.tail"])


def _keep(export: Export) -> None:
    """Keep the lease, once half of it is over. Raises `LeaseLost`."""
    left: timedelta = export.lease_until - clock.now()
    if left.total_seconds() < settings.current().lease_s / 2:
        exports.renew(export)


def _finish(export: Export, account: Account, writing: Writing) -> None:
    """Close the ZIP and look at what has appeared; only then it is ready."""
    store = adapters.current().storage
    finished = closing.close(writing, export, account)
    if store.size(exports.zip_key(export)) != finished.size_bytes:
        raise NeverWill("size")
    export.done, export.missing = writing.state.done, writing.state.missing
    with transaction():
        exports.ready(
            export,
            size_bytes=finished.size_bytes,
            json_size_bytes=finished.json_size_bytes,
            sha256=finished.sha256,
        )
        if not export.by_operator:
            _tell(account, export)
    store.clear(exports.work_key(export, ""))


def _tell(account: Account, export: Export) -> None:
    facts = {
        "public_id": export.public_id,
        "until": f"{export.expires_at:%Y-%m-%d}",
        "missing": export.missing,
    }
    outbox.queue("export", account, key=f"export:{export.public_id}", facts=facts)


def withdraw(account_id: int, *, made_at: datetime, deleted_at: datetime) -> None:
    """Let nothing that was deleted live on in an export: one that is being built begins again,
    finished ones that hold it go, files first. Raises `MayWorkLater`."""
    exports.begin_again_without(account_id, deleted_at)
    for export in exports.holding(account_id, made_at, deleted_at):
        adapters.current().storage.clear(exports.prefix(export))
        exports.withdraw(export)


def purge() -> int:
    """Remove exports that have had their time, objects first; how many went."""
    count = 0
    for export in exports.to_purge():
        try:
            adapters.current().storage.clear(exports.prefix(export))
        except MayWorkLater as trouble:
            log.warning("purge put back", extra={"job": "purge", "reason": str(trouble)})
            continue
        exports.forget(export)
        count += 1
    return count


def forget_orphans() -> int:
    """Remove what the store has of exports that are no rows any more; of how many. Raises
    `MayWorkLater`."""
    storage = adapters.current().storage
    count, after = 0, ""
    while found := storage.listed(exports.PREFIX, after):
        names = {one.key.removeprefix(exports.PREFIX).partition("/")[0] for one in found}
        for name in names - exports.known(names):
            storage.clear(f"{exports.PREFIX}{name}/")
            count += 1
        after = found[-1].key
    return count
