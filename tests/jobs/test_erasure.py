"""An erasure from its plan to its end, whatever happens between."""

from __future__ import annotations

from contextlib import suppress

import pytest

from fluxgen import accounts, adapters, clock, credits, exports
from fluxgen.errors import MayWorkLater
from fluxgen.jobs import generations as jobs_of_generations
from fluxgen.jobs import privacy as jobs
from fluxgen.jobs import sweep as sweeps
from fluxgen.jobs.archive import purge
from fluxgen.jobs.purchases import check
from fluxgen.models import (
    Account,
    Entry,
    Erased,
    Erasure,
    ErasureStatus,
    Export,
    Generation,
    Image,
    Import,
    Portrait,
    Purchase,
    Scope,
    Session,
    Standing,
)
from fluxgen.sandbox import Sandbox
from tests.support import life, log_lines
from tests.support.buying import begun, bought
from tests.support.erasing import carried_out, erased, fresh, planned
from tests.support.making import Visit, ask, make
from tests.support.races import at_once
from tests.support.workers import Workers, pass_time
from tests.support.world import stored_files

DAY_S = 24 * 3600


@pytest.mark.both_databases
def test_an_account_without_payments_goes_as_a_whole(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    mine, others = make(visit(alice), workers), make(visit(mallory), workers)
    erasure = erased(alice)
    assert erasure.account_id is None and erasure.last_mail_to is None
    assert Account.get_or_none(Account.id == alice.id) is None
    assert [one.public_id for one in Generation.select()] == [others.public_id]
    assert Image.select().count() == 1
    assert Session.select().count() == 1
    assert not any(mine.public_id in key for key in stored_files())
    assert len(stored_files()) == 3
    assert {entry.account.id for entry in Entry.select()} == {mallory.id}
    assert credits.reconcile() == []


@pytest.mark.both_databases
def test_payments_stay_without_the_person(
    sandbox: Sandbox, visit: Visit, alice: Account, workers: Workers
) -> None:
    bought(sandbox, alice)
    make(visit(alice), workers)
    before = [entry.hash for entry in Entry.select()]
    erased(alice)
    left = Account.get()
    assert (left.email, left.name, left.standing) == ("", "", Standing.SUSPENDED)
    assert left.identity != alice.identity and left.public_id != alice.public_id
    assert left.erased_at is not None
    assert left.available == alice.available + 1000 - 1
    assert [entry.hash for entry in Entry.select()] == before
    assert Purchase.select().count() == 1
    assert credits.verify(left) is None
    assert credits.reconcile() == []
    assert accounts.listing() == []


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def rich(sandbox: Sandbox, visit: Visit, alice: Account, workers: Workers) -> Account:
    """Alice with a payment, pictures, a session, and something under way."""
    bought(sandbox, alice)
    make(visit(alice), workers, count="2")
    ask(visit(alice), prompt="[slow] a fox")
    return alice


def nothing_left_of(account: Account) -> None:
    """No picture, file or session; of the account only what holds the books."""
    assert Generation.select().count() == Image.select().count() == Session.select().count() == 0
    assert stored_files() == set()
    left = Account.get()
    assert left.erased_at is not None and account.email not in (left.email, left.name)
    assert left.held == 0
    assert credits.reconcile() == []
    assert credits.verify(left) is None


@pytest.mark.both_databases
@pytest.mark.parametrize("step", list(jobs.STEPS))
def test_killed_after_any_step_it_goes_on(
    rich: Account, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = jobs.STEPS[step]

    def dies(erasure: Erasure) -> None:
        real(erasure)
        monkeypatch.setitem(jobs.STEPS, step, real)
        raise Killed

    monkeypatch.setitem(jobs.STEPS, step, dies)
    erasure = planned(rich)
    died = False
    for _ in range(20):
        try:
            jobs.erase(erasure.id)
        except Killed:
            died = True
            break
        pass_time(61)
    assert died
    assert fresh(erasure).status is ErasureStatus.RUNNING
    life.outlive_the_lease()
    carried_out(erasure)
    nothing_left_of(rich)
    assert Erased.select().count() == 1


def test_an_erasure_whose_account_is_gone_takes_nobody_elses_rows(
    alice: Account, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after its account went as a whole: rows without an owner are not its rows."""
    visit(None).get("/signin/google")  # a visitor's session, of no account
    assert Session.get().account_id is None
    real = jobs.STEPS["bytes"]

    def dies(_: Erasure) -> None:
        raise Killed

    life.done(alice)
    erasure = planned(alice)
    monkeypatch.setitem(jobs.STEPS, "bytes", dies)
    with pytest.raises(Killed):
        carried_out(erasure)
    assert Account.select().count() == 0 and fresh(erasure).account_id is None
    monkeypatch.setitem(jobs.STEPS, "bytes", real)
    life.outlive_the_lease()
    carried_out(erasure)
    assert Session.get().account_id is None


def test_killed_in_the_middle_of_its_rows(rich: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fluxgen.privacy.rows.BATCH", 1)
    batches = 0
    real = jobs._go_on

    def dies(erasure: Erasure, reached: str = "") -> None:
        nonlocal batches
        batches += 1
        if batches == 5:
            raise Killed
        real(erasure, reached)

    monkeypatch.setattr(jobs, "_go_on", dies)
    erasure = planned(rich)
    for _ in range(20):
        with suppress(Killed):
            jobs.erase(erasure.id)
        pass_time(130)
    assert fresh(erasure).status is ErasureStatus.DONE
    nothing_left_of(rich)


def test_two_workers_do_not_get_in_each_others_way(rich: Account) -> None:
    erasure = planned(rich)
    at_once(4, lambda _: jobs.erase(erasure.id))
    carried_out(erasure)
    nothing_left_of(rich)
    assert Erased.select().count() == 1


def test_a_store_that_is_down_is_waited_for_and_late_is_an_alarm(
    rich: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = adapters.current().storage

    def down(*_: object) -> None:
        raise MayWorkLater("down")

    erasure = planned(rich)
    with monkeypatch.context() as broken, log_lines.recorded() as said:
        broken.setattr(storage, "delete", down)
        for _ in range(5):
            jobs.erase(erasure.id)
            pass_time(61)
        assert fresh(erasure).status is ErasureStatus.RUNNING
        assert "overdue" not in said.getvalue()
        pass_time(DAY_S)
        jobs.erase(erasure.id)
        assert "erasure overdue" in said.getvalue()
    assert rich.email in str(Account.get().email)  # rows that name files wait for the files
    carried_out(erasure)
    nothing_left_of(rich)


def test_files_that_are_still_listed_are_not_gone(
    rich: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LISTED_MAX", 2)
    erasure = planned(rich)
    with monkeypatch.context() as broken:
        broken.setattr(adapters.current().storage, "delete", lambda keys: None)
        for _ in range(5):
            jobs.erase(erasure.id)
            pass_time(61)
        assert fresh(erasure).certificate is None
        assert Image.select().count() == 2
    carried_out(erasure)


def test_late_news_of_what_is_gone_do_no_harm(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = make(visit(alice), workers)
    purchase = begun(alice)
    erased(alice)
    assert Purchase.select().count() == 0  # it was never paid
    jobs_of_generations.advance(generation.id)
    purge(generation.id)
    check(purchase.id)
    sweeps.poll()
    assert credits.reconcile() == []
    answer = visit(None).post(f"/webhooks/replicate/{generation.attempt_token}")
    assert answer.status_code in range(400, 500)


def brought_in(account: Account, name: str) -> None:
    """An import, of which the store has the statement."""
    Import.create(
        account=account,
        public_id=name,
        sha256="0" * 64,
        origin="elsewhere",
        exported_at=clock.now(),
        records_bytes=2,
    )


def test_an_archive_is_emptied_and_the_account_goes_on(
    rich: Account, mallory: Account, visit: Visit, workers: Workers
) -> None:
    others = life.done(mallory)
    erasure = planned(rich, Scope.ARCHIVE)
    statement = "imports/a/records.json"
    adapters.current().storage.put(statement, b"{}", "application/json")
    brought_in(rich, "a")
    done = carried_out(erasure)
    assert [row.id for row in Generation.select()] == [others.id]
    assert statement in stored_files()
    assert done.account_id is None and done.certificate
    assert accounts.balance(rich).held == 0
    assert visit(rich).get("/history").status_code == 200
    assert make(visit(rich), workers).number > 2
    assert credits.reconcile() == []


def test_rows_that_came_in_after_the_rows_went_go_as_well(
    sandbox: Sandbox, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    bought(sandbox, alice)
    real = jobs.STEPS["person"]

    def late(erasure: Erasure) -> None:
        Portrait.create(account=alice, webp=b"a face")
        monkeypatch.setitem(jobs.STEPS, "person", real)
        real(erasure)

    monkeypatch.setitem(jobs.STEPS, "person", late)
    erased(alice)
    assert Portrait.select().count() == 0


@pytest.mark.usefixtures("bucket")
def test_an_upload_in_parts_is_aborted_with_its_export(
    sandbox: Sandbox, alice: Account, bucket: str
) -> None:
    export, store = exports.begin(alice), adapters.current().storage
    upload = store.begin(exports.zip_key(export), "application/zip", "x.zip")
    store.add(exports.zip_key(export), upload, 1, b"x" * 99)
    assert sandbox.s3.uploads.under_way(bucket, "")
    assert sandbox.s3.objects.keys(bucket) == []
    Export.update(due_at=clock.after(DAY_S)).execute()
    erased(alice)
    assert not sandbox.s3.uploads.under_way(bucket, "")
