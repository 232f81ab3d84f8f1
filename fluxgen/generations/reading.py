"""Looking at generations without touching them. The access rule is in each query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from peewee import ModelSelect

from fluxgen import audit, clock
from fluxgen.catalogue import ImageModel
from fluxgen.db import rows, tuples
from fluxgen.models import UNFINISHED, Account, Generation, Image, Status

DUE_MAX = 500
RUNS_CONSIDERED = 20
# As literals: SQLite uses a partial index only for a condition that it can read.
ON_THE_TABLE = "account_id = ? AND status IN ('held', 'submitting', 'running', 'storing')"
UNFINISHED_OF = f"SELECT * FROM generation WHERE {ON_THE_TABLE} ORDER BY id DESC"
UNFINISHED_COUNT = f"SELECT COUNT(*) FROM generation WHERE {ON_THE_TABLE}"
NAMED = """SELECT * FROM generation
WHERE account_id = ? AND deleted_at IS NULL AND public_id IN ({}) ORDER BY id DESC"""
NEWS = """
SELECT (
    SELECT COUNT(*) FROM generation
    WHERE account_id = ? AND status = 'done' AND deleted_at IS NULL AND finished_at > ?
), (
    SELECT COUNT(*) FROM generation
    WHERE account_id = ? AND id > 0 AND status IN ('held', 'submitting', 'running', 'storing')
)"""
"""As literals: SQLite uses a partial index only for a condition that it can read; and with
`id > 0` it prefers the index of the unfinished to those of the whole archive."""


@dataclass(frozen=True)
class News:
    """What has become of an account's generations since it last looked."""

    finished: int
    unfinished: int


def news(account: Account) -> News:
    """Pictures that were finished since the person last looked, and what is still under way.

    Nothing is counted for whoever objected to it, or had their data restricted.
    """
    if account.has_objected or account.is_restricted:
        return News(0, 0)
    since = account.looked_at or clock.now()
    ((finished, unfinished),) = tuples(
        NEWS, account.id, Account.looked_at.db_value(since), account.id
    )
    return News(finished, unfinished)


def looked(account: Account, until: datetime | None = None) -> None:
    """Whatever was finished before that moment (now, unless told) is no news any more."""
    if account.has_objected or account.is_restricted:
        return
    until = until or clock.now()
    if account.looked_at is None or (account.looked_at < until and news(account).finished):
        unseen = Account.looked_at.is_null() | (Account.looked_at < until)
        Account.update(looked_at=until).where((Account.id == account.id) & unseen).execute()


def find(account: Account, public_id: str) -> Generation | None:
    """The account's own generation of this name; foreign and missing look the same."""
    if "\x00" in public_id:  # which Postgres takes in no text
        return None
    return Generation.get_or_none(
        (Generation.public_id == public_id) & (Generation.account == account)
    )


def by_attempt(attempt_token: str) -> Generation | None:
    """The generation whose current attempt carries this token."""
    return Generation.get_or_none(Generation.attempt_token == attempt_token)


def owned(prediction_id: str) -> bool:
    """Whether a generation has this prediction already."""
    return bool(Generation.select().where(Generation.prediction_id == prediction_id).exists())


def unfinished(account: Account) -> list[Generation]:
    """All that is on the account's table, newest first."""
    return list(rows(Generation, UNFINISHED_OF, account.id))


def named(account: Account, public_ids: Sequence[str]) -> list[Generation]:
    """Those of these names that are the account's own and not deleted, newest first."""
    if not public_ids:
        return []
    statement = NAMED.format(", ".join("?" * len(public_ids)))
    return list(rows(Generation, statement, account.id, *public_ids))


def unfinished_count(account: Account) -> int:
    """How many of the account's generations have not ended."""
    return int(tuples(UNFINISHED_COUNT, account.id)[0][0])


def recent(account: Account, limit: int) -> list[Generation]:
    """The account's latest ended generations, newest first, failures among them."""
    return list(_ended(account).order_by(Generation.id.desc()).limit(limit))


def ended_since(account: Account, moment: datetime) -> int:
    """How many of them were asked for since then."""
    return int(_ended(account).where(Generation.created_at > moment).count())


def _ended(account: Account) -> ModelSelect[Generation]:
    return Generation.select().where(
        (Generation.account == account)
        & Generation.deleted_at.is_null()
        & Generation.status.not_in(UNFINISHED)
    )


def ended_tries(generation: Generation) -> int:
    """How many retries of this one have ended."""
    tries = Generation.nonce.startswith(f"retry:{generation.public_id}:")
    mine = (Generation.account == generation.account_id) & tries
    return int(Generation.select().where(mine & Generation.status.not_in(UNFINISHED)).count())


def images_of(generations: Iterable[Generation]) -> dict[int, list[Image]]:
    """The images of these generations, by generation id, each in order: one query."""
    ids = [generation.id for generation in generations if generation.status == Status.DONE]
    found: dict[int, list[Image]] = {id_: [] for id_ in ids}
    if ids:
        rows = Image.select().where(Image.generation.in_(ids))
        for image in rows.order_by(Image.generation, Image.position):
            found[image.generation_id].append(image)
    return found


def expected_s(model: ImageModel, tier: str) -> int:
    """Seconds that a run of this kind will take: as lately, else as the catalogue says."""
    return usual_run_s(model.slug, tier) or model.offers[tier].expected_s


def usual_run_s(model: str, tier: str) -> int | None:
    """The median run of the latest ones of this kind (seconds), once there are three.

    Those of people who objected to it, or had their data restricted, do not count, nor what was
    made in another FluxGen.
    """
    runs = (
        Generation.select(Generation.submitted_at, Generation.stored_from_at)
        .join(Account)
        .where(
            (Generation.model == model)
            & (Generation.tier == tier)
            & (Generation.status == Status.DONE)
            & Account.objected_at.is_null()
            & Account.restricted_at.is_null()
            & Generation.submitted_at.is_null(False)
        )
        .order_by(Generation.id.desc())
        .limit(RUNS_CONSIDERED)
    )
    seconds = [(run.stored_from_at - run.submitted_at).total_seconds() for run in runs]
    return max(1, round(median(seconds))) if len(seconds) >= 3 else None


def due(limit: int = DUE_MAX) -> list[int]:
    """Ids of the rows whose time has come and that nobody holds, longest waiting first.

    Whatever only waits for its turn is not among them: `turns.up_next` has those.
    """
    now = clock.now()
    free = Generation.lease.is_null() | (Generation.lease_until < now)
    can_go_on = (Generation.status != Status.HELD) | Generation.cancel_requested_at.is_null(False)
    rows = (
        Generation.select(Generation.id)
        .where(Generation.status.in_(UNFINISHED) & (Generation.due_at <= now) & free & can_go_on)
        .order_by(Generation.due_at)
        .limit(limit)
    )
    return [row.id for row in rows]


def has_picture(generation: Generation, position: int) -> bool:
    """Whether there is a picture of it at this place, counted from 0."""
    mine = (Image.generation == generation) & (Image.position == position)
    return generation.status is Status.DONE and bool(Image.select().where(mine).exists())


def note_deed(generation: Generation, action: str, reason: str, **facts: object) -> None:
    """Write down what an operator did with it, in the caller's transaction; its owner sees it."""
    named = {"generation": generation.public_id, "number": generation.number, **facts}
    audit.record(action, subject=generation.account.public_id, reason=reason, facts=named)


def stuck(older_than_s: float) -> list[Generation]:
    """Unfinished generations that were asked for longer ago than this, oldest first."""
    return list(
        Generation.select()
        .where(
            Generation.status.in_(UNFINISHED) & (Generation.created_at < clock.after(-older_than_s))
        )
        .order_by(Generation.id)
    )
