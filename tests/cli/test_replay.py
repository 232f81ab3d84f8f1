"""`privacy replay`: whoever was erased and is back from a backup goes again, and nobody else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from fluxgen import accounts, archive, clock, credits, db, privacy, settings
from fluxgen.models import (
    Account,
    AuditRow,
    Cause,
    Collection,
    Erased,
    Erasure,
    ErasureStatus,
    Generation,
    Scope,
)
from fluxgen.privacy.remembering import remember
from tests.support import life
from tests.support.erasing import carried_out, erased
from tests.support.workers import pass_time

DAY_S = 24 * 3600
WHY = ("--reason", "asked by mail")


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def backed_up(folder: Path) -> Path:
    """A copy of the database as it is now."""
    db.forget_deleted_bytes()
    copy = folder / "backup.db"
    shutil.copy(settings.current().instance_dir / "fluxgen.db", copy)
    return copy


def restore(backup: Path) -> None:
    """Put the copy in the database's place."""
    database = settings.current().instance_dir / "fluxgen.db"
    db.database.obj.close_all()
    for stale in ("-wal", "-shm"):
        Path(f"{database}{stale}").unlink(missing_ok=True)
    shutil.copy(backup, database)
    db.database.connect(reuse_if_open=True)


def test_who_is_back_from_a_backup_is_erased_again(
    app: Flask, alice: Account, mallory: Account, tmp_path: Path
) -> None:
    life.done(alice)
    life.done(mallory)
    backup, listed = backed_up(tmp_path), tmp_path / "erased.json"
    erased(alice)
    assert run(app, "privacy", "remembered", "--to", str(listed)).exit_code == 0
    assert not [one for one in (alice.public_id, alice.email) if one in listed.read_text()]

    restore(backup)
    assert Account.get_by_id(alice.id).email == alice.email
    assert Erased.select().count() == 0

    words = ("privacy", "replay", "--file", str(listed), *WHY)
    tried = run(app, *words, "--dry-run")
    assert tried.exit_code == 0 and "Would erase again the account" in tried.output, tried.output
    assert Erasure.select().count() == Erased.select().count() == 0
    answer = run(app, *words)
    assert AuditRow.get(AuditRow.action == "privacy.learn").reason == WHY[1]
    assert "1 are back from the backup" in answer.output
    carried_out(Erasure.get())
    assert [one.email for one in accounts.listing()] == [mallory.email]
    assert Generation.select().count() == 1
    assert "0 are back" in run(app, *words).output


@pytest.mark.parametrize("scope", Scope)
def test_who_still_waited_in_the_backup_and_came_since_is_erased_again(
    app: Flask, tmp_path: Path, scope: Scope
) -> None:
    """An account that an import made is there before its person, under another identity."""
    agreed = {"age_confirmed_at": clock.now(), "terms_accepted_at": clock.now()}
    waiting = accounts.await_person(
        email="rosa@example.test", name="Rosa", terms_version="1", **agreed
    )
    credits.grant(waiting, 1, key="given", reason="to draw with")
    life.done(waiting)
    backup, listed = backed_up(tmp_path), tmp_path / "erased.json"
    pass_time(60)
    newcomer = accounts.Newcomer("a" * 64, "rosa@example.test", "Rosa", "")
    here = accounts.sign_up(newcomer, age_confirmed=True, terms_accepted=True)
    assert here.id == waiting.id
    accounts.recognise(accounts.Newcomer("a" * 64, "rosa@elsewhere.test", "Rosa", ""))
    pass_time(60)
    erased(Account.get(), scope)
    assert run(app, "privacy", "remembered", "--to", str(listed)).exit_code == 0
    restore(backup)
    answer = run(app, "privacy", "replay", "--file", str(listed), *WHY)
    assert answer.exit_code == 0 and "1 are back" in answer.output, answer.output
    carried_out(Erasure.get())
    assert Generation.select().count() == 0
    assert Account.select().count() == (scope is Scope.ARCHIVE)


def test_what_was_made_while_an_archive_was_emptied_is_not_missed_later(
    app: Flask, alice: Account
) -> None:
    life.done(alice)
    erasure = privacy.plan(alice, Scope.ARCHIVE, Cause.PERSON)
    pass_time(30)
    kept = life.done(alice)
    carried_out(erasure)
    assert Generation.get().id == kept.id
    pass_time(5 * DAY_S)
    assert "0 are back" in run(app, "privacy", "replay", *WHY).output


def test_what_was_planned_when_the_backup_was_made_is_no_hindrance(
    app: Flask, alice: Account, mallory: Account
) -> None:
    for one in (alice, mallory):
        remember(one, Scope.ACCOUNT, clock.now())
    pass_time(-60)
    Account.update(created_at=clock.now()).execute()
    for scope, one in ((Scope.ARCHIVE, alice), (Scope.ACCOUNT, mallory)):
        privacy.plan(one, scope, Cause.PERSON, clock.after(9 * DAY_S))
    pass_time(120)
    answer = run(app, "privacy", "replay", *WHY)
    assert answer.exit_code == 0 and "2 are back" in answer.output, answer.output
    for erasure in list(Erasure.select().where(Erasure.cause == Cause.BACKUP)):
        carried_out(erasure)
    assert accounts.listing() == []


def back_from_a_backup(account: Account) -> Generation:
    """The archive was emptied a minute ago, and one picture of then is here again."""
    erased(account, Scope.ARCHIVE)
    old = life.done(account)
    Generation.update(created_at=clock.after(-DAY_S)).where(Generation.id == old.id).execute()
    pass_time(60)
    return old


def test_an_emptied_archive_is_emptied_again_up_to_then(app: Flask, alice: Account) -> None:
    back_from_a_backup(alice)
    younger = life.done(alice)
    archive.collections.create(alice, "Begun anew")
    answer = run(app, "privacy", "replay", *WHY)
    assert "1 are back" in answer.output, answer.output
    carried_out(Erasure.get(Erasure.cause == Cause.BACKUP))
    assert Generation.get().public_id == younger.public_id
    assert Collection.get().name == "Begun anew"
    pass_time(60)
    assert "0 are back" in run(app, "privacy", "replay", *WHY).output


def test_an_emptied_archive_of_which_nothing_is_back_is_left_alone(
    app: Flask, alice: Account
) -> None:
    life.done(alice)
    erased(alice, Scope.ARCHIVE)
    pass_time(60)
    life.done(alice)
    archive.collections.create(alice, "Begun anew")
    assert "0 are back" in run(app, "privacy", "replay", *WHY).output


def test_a_replay_calls_off_no_erasure_that_its_person_planned_since(
    app: Flask, alice: Account
) -> None:
    back_from_a_backup(alice)
    wanted = privacy.plan(alice, Scope.ACCOUNT, Cause.PERSON, clock.after(9 * DAY_S))
    run(app, "privacy", "replay", *WHY)
    assert Erasure.get_by_id(wanted.id).status is ErasureStatus.PLANNED


def test_what_a_replay_has_to_leave_is_no_success(
    app: Flask, alice: Account, mallory: Account
) -> None:
    """An archive that is being emptied is in the way of the account; an account takes all along."""
    for one in (alice, mallory):
        remember(one, Scope.ACCOUNT, clock.now())
    pass_time(-60)
    Account.update(created_at=clock.now()).execute()
    pass_time(120)
    for scope, one in ((Scope.ARCHIVE, alice), (Scope.ACCOUNT, mallory)):
        erasure = privacy.claim(privacy.plan(one, scope, Cause.PERSON).id)
        assert erasure is not None
        privacy.begin(erasure)
    answer = run(app, "privacy", "replay", *WHY)
    assert answer.exit_code == 1 and "2 are back" in answer.output, answer.output
    assert answer.output.count("Replay once more") == answer.output.count("takes it along") == 1
    pass_time(300)
    for erasure in list(Erasure.select()):
        carried_out(erasure)
    answer = run(app, "privacy", "replay", *WHY)
    assert answer.exit_code == 0 and "1 are back" in answer.output, answer.output
