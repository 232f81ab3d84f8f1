"""The two mails of an erasure: the last one goes to an address that is gone right after it."""

from __future__ import annotations

from typing import Any

import pytest

from fluxgen import adapters, clock, privacy
from fluxgen.errors import MayWorkLater
from fluxgen.jobs import privacy as jobs
from fluxgen.jobs.sweep import sweep
from fluxgen.models import Account, Cause, Erasure, ErasureStatus, Mail, Scope
from fluxgen.sandbox import Sandbox
from tests.support import erasing, life
from tests.support.buying import bought
from tests.support.erasing import carried_out, erased, fresh, planned
from tests.support.workers import pass_time

HOUR_S = 3600


@pytest.fixture
def post(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Everything that is handed to whoever carries the mail."""
    sent: list[Any] = []
    real = type(adapters.current().mail).send  # type: ignore[attr-defined]

    def send(self: Any, letter: Any) -> None:
        sent.append(letter)
        real(self, letter)

    monkeypatch.setattr(type(adapters.current().mail), "send", send)
    return sent


def down(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise MayWorkLater("down")

    monkeypatch.setattr(type(adapters.current().mail), "opened", opened)


@pytest.mark.both_databases
@pytest.mark.parametrize("has_paid", [False, True])
def test_both_arrive_and_then_the_address_is_nowhere(
    alice: Account, sandbox: Sandbox, post: list[Any], has_paid: bool
) -> None:
    """Whether books are left that hold the account together, or nothing at all."""
    if has_paid:
        bought(sandbox, alice)
    life.done(alice)
    erasure = erased(alice)
    begun, done = (letter for letter in post if "receipt" not in letter.subject.lower())
    assert begun.to == done.to == alice.email
    assert begun.subject == "Your account is being erased"
    assert f"/erasures/{erasure.public_id}" in begun.text
    assert privacy.verify(done.text) == privacy.verify(str(erasure.certificate))
    assert erasing.hits([alice.email.encode(), alice.name.encode()]) == set()
    (mail,) = Mail.select()
    assert (mail.account_id, mail.recipient, mail.facts) == (None, None, {})


@pytest.mark.both_databases
@pytest.mark.parametrize("is_there", [True, False])
def test_without_the_step_that_waits_the_first_word_is_never_said(
    alice: Account, post: list[Any], monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    """The one step that takes nothing away (`test_erasure_proof.py` removes the others)."""
    if not is_there:
        monkeypatch.setitem(jobs.STEPS, "letters", lambda _: None)
    erasure = planned(alice)
    jobs.erase(erasure.id)
    carried_out(erasure)
    subjects = [letter.subject for letter in post]
    assert ("Your account is being erased" in subjects) is is_there


@pytest.mark.parametrize("has_paid", [False, True])
def test_killed_between_person_and_farewell_the_last_word_still_knows_where_to_go(
    alice: Account,
    sandbox: Sandbox,
    post: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    has_paid: bool,
) -> None:
    if has_paid:
        bought(sandbox, alice)
    real = jobs.STEPS["person"]

    def dies(erasure: Erasure) -> None:
        real(erasure)
        monkeypatch.setitem(jobs.STEPS, "person", real)
        raise KeyboardInterrupt

    monkeypatch.setitem(jobs.STEPS, "person", dies)
    erasure = planned(alice)
    with pytest.raises(KeyboardInterrupt):
        jobs.erase(erasure.id)
    life.outlive_the_lease()
    carried_out(erasure)
    assert [one.to for one in post if "is gone" in one.subject] == [alice.email]
    assert erasing.hits([alice.email.encode()]) == set()


def test_a_mail_server_that_is_down_holds_up_neither_for_ever(
    alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour for what is on its way, twenty for the last word; then the address goes unsaid."""
    life.done(alice)
    erasure = planned(alice)
    with monkeypatch.context() as broken:
        down(broken)
        jobs.erase(erasure.id)
        assert (fresh(erasure).step, Account.select().count()) == ("stop", 1)
        pass_time(HOUR_S + 60)
        sweep(inline=True)
        assert fresh(erasure).certificate is not None
        assert Account.select().count() == 0
        assert Mail.select().where(Mail.due_at.is_null(False)).count() == 1
        pass_time(20 * HOUR_S)
        carried_out(erasure)
    assert erasing.hits([alice.email.encode()]) == set()


def test_who_is_back_from_a_backup_is_not_written_to_again(alice: Account, post: list[Any]) -> None:
    erasure = privacy.plan(alice, Scope.ACCOUNT, Cause.BACKUP, reason="restored")
    assert carried_out(erasure).status is ErasureStatus.DONE
    assert post == []


def test_an_emptied_archive_is_told_to_the_account(alice: Account, post: list[Any]) -> None:
    life.done(alice)
    planned(alice, Scope.ARCHIVE, begins_at=clock.after(HOUR_S))
    sweep(inline=True)
    assert "Until then everything works as ever" in " ".join(post[0].text.split())
    pass_time(HOUR_S + 1)
    for _ in range(3):
        sweep(inline=True)
        pass_time(61)
    assert post[-1].subject == "Your archive is empty"
    assert privacy.verify(post[-1].text)["scope"] == "archive"
