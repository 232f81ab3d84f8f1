"""`flask privacy`, `accounts erase` and `close-underage`: an operator's side of erasure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from fluxgen import accounts, audit, clock, outbox, privacy, suspension
from fluxgen.errors import MayWorkLater
from fluxgen.jobs import letters
from fluxgen.jobs import privacy as jobs
from fluxgen.jobs.sweep import sweep, tidy
from fluxgen.models import (
    Account,
    AuditRow,
    Cause,
    Erased,
    Erasure,
    ErasureStatus,
    Generation,
    Mail,
    Scope,
    Session,
    Standing,
)
from fluxgen.sandbox import Sandbox
from tests.support import life
from tests.support.buying import bought
from tests.support.erasing import carried_out, erased
from tests.support.making import Visit
from tests.support.workers import pass_time

DAY_S = 24 * 3600
WHY = ("--reason", "asked by mail")


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def test_erase_says_what_goes_and_what_stays_and_tries_first(
    app: Flask, alice: Account, sandbox: Sandbox
) -> None:
    bought(sandbox, alice)
    life.done(alice)
    tried = run(app, "accounts", "erase", alice.email, *WHY, "--dry-run")
    assert tried.exit_code == 0, tried.output
    for said in ("1 generation", "1099 credits free", "1 payments stay", "Would erase"):
        assert said in tried.output
    assert Erasure.select().count() == 0
    done = run(app, "accounts", "erase", alice.email, *WHY)
    assert done.exit_code == 0, done.output
    erasure = carried_out(Erasure.get())
    assert erasure.cause is Cause.OPERATOR
    assert accounts.listing() == []
    row = AuditRow.get(AuditRow.action == "erasure.account")
    assert row.reason is None  # its words went with the person
    assert audit.verify() == []


def test_on_a_day_and_the_archive_alone(app: Flask, alice: Account) -> None:
    life.done(alice)
    day = clock.after(5 * DAY_S).date().isoformat()
    asked = run(app, "accounts", "erase", alice.email, *WHY, "--on", day, "--archive-only")
    assert asked.exit_code == 0, asked.output
    posting = outbox.claim()
    assert posting and letters.written(posting).subject == "Your archive is to be emptied"
    assert privacy.due() == []
    pass_time(6 * DAY_S)
    carried_out(Erasure.get())
    assert Generation.select().count() == 0 and Account.get().email == alice.email
    assert Erasure.get().account_id is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nobody@example.test", *WHY), "No account has the address"),
        (("alice@example.test", *WHY, "--on", "2020-01-01"), "That day is over"),
        (("alice@example.test", *WHY, "--on", "2999-01-01"), "within 30 days"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    app: Flask, alice: Account, words: tuple[str, ...], says: str
) -> None:
    for tried in ((), ("--dry-run",)):
        answer = run(app, "accounts", "erase", *words, *tried)
        assert answer.exit_code == 1
        assert says in answer.output and "credits free" not in answer.output
    assert Erasure.select().count() == 0


def test_what_is_no_day_is_a_wrong_call(app: Flask, alice: Account) -> None:
    answer = run(app, "accounts", "erase", alice.email, *WHY, "--on", "soon")
    assert answer.exit_code == 2 and "credits free" not in answer.output
    assert Erasure.select().count() == 0


@pytest.mark.both_databases
@pytest.mark.parametrize("reached", [None, "rows", "farewell"])
def test_an_underage_account_is_closed_at_once_and_deleted_also_while_its_archive_goes(
    app: Flask,
    visit: Visit,
    alice: Account,
    monkeypatch: pytest.MonkeyPatch,
    reached: str | None,
) -> None:
    """Before anything, in the middle of an emptied archive, or when its certificate is on its way."""
    life.done(alice)
    if reached is not None:
        privacy.plan(alice, Scope.ARCHIVE, Cause.PERSON)
        broken_at(monkeypatch, reached)
    page = visit(alice)
    assert page.get("/studio").status_code == 200
    answer = run(app, "accounts", "close-underage", alice.email, *WHY)
    assert answer.exit_code == 0 and "sessions have ended" in answer.output, answer.output
    assert page.get("/studio").status_code in {302, 303}
    assert Account.get().standing is Standing.SUSPENDED
    assert Session.select().where(Session.account == alice).count() == 0
    assert run(app, "accounts", "close-underage", alice.email, *WHY).exit_code == 0  # twice is once
    erasure = carried_out(Erasure.get(Erasure.scope == Scope.ACCOUNT))
    told = json.loads(str(erasure.certificate))
    assert (told["asked_for_by"], told["scope"]) == ("underage", "account")
    assert told["removed"]["sessions"] == 1 and told["removed"]["generation"] == 1
    assert Account.select().count() == Mail.select().where(Mail.due_at.is_null(False)).count() == 0
    assert Erasure.select().count() == 1


def broken_at(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """An erasure is under way, and gets stuck behind what this step does."""
    real = jobs.STEPS[step]

    def sticks(erasure: Erasure) -> None:
        real(erasure)
        raise MayWorkLater("the machine is slow")

    with monkeypatch.context() as patch:
        patch.setitem(jobs.STEPS, step, sticks)
        sweep(inline=True)
    assert Erasure.get().status is ErasureStatus.RUNNING


def test_a_suspended_person_can_be_erased(app: Flask, alice: Account) -> None:
    suspension.suspend(alice, "abuse")
    assert run(app, "accounts", "erase", alice.email, *WHY).exit_code == 0
    carried_out(Erasure.get())
    assert Account.select().count() == 0


def test_a_certificate_is_verified_and_an_edited_one_is_not(
    app: Flask, alice: Account, tmp_path: Path
) -> None:
    life.done(alice)
    document = str(erased(alice).certificate)
    file = tmp_path / "certificate.json"
    for text in (document, f"Dear reader,\n{document.replace(' and ', chr(10) + 'and ')}\n-- "):
        file.write_text(text)
        answer = run(app, "privacy", "verify", str(file))
        assert answer.exit_code == 0 and "Ours and unchanged" in answer.output
    pass_time(400 * DAY_S)
    assert run(app, "privacy", "verify", str(file), "--json").exit_code == 0
    for edited in (document.replace('"generation": 1', '"generation": 2'), "{}", "words", "[]"):
        file.write_text(edited)
        answer = run(app, "privacy", "verify", str(file))
        assert answer.exit_code == 1
        assert "changed" in answer.output or "not a certificate" in answer.output
    for personal in (alice.email, alice.name, alice.identity, alice.public_id):
        assert personal not in document


def test_an_operator_need_not_wait_for_the_day_that_a_person_chose(
    app: Flask, alice: Account
) -> None:
    privacy.plan(alice, Scope.ACCOUNT, Cause.PERSON, clock.after(9 * DAY_S))
    answer = run(app, "accounts", "close-underage", alice.email, *WHY)
    assert answer.exit_code == 0, answer.output
    carried_out(Erasure.get(Erasure.cause == Cause.UNDERAGE))
    assert Account.select().count() == 0


def test_nobody_is_let_in_again_whose_erasure_has_begun(app: Flask, alice: Account) -> None:
    life.submitted(alice)  # at which the erasure waits
    erasure = privacy.plan(alice, Scope.ACCOUNT, Cause.PERSON)
    mine = privacy.claim(erasure.id)
    assert mine is not None
    privacy.begin(mine)
    for tried in ((), ("--dry-run",)):
        answer = run(app, "accounts", "restore", alice.email, *WHY, *tried)
        assert answer.exit_code == 1 and "is being erased" in answer.output
    again = run(app, "accounts", "erase", alice.email, *WHY)
    assert again.exit_code == 1 and "has begun" in again.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--on", "2999-01-01"), "within 30 days"),
        (("--archive-only",), "That stays planned"),
    ],
)
def test_what_is_refused_calls_off_nothing(
    app: Flask, alice: Account, words: tuple[str, ...], says: str
) -> None:
    wanted = privacy.plan(alice, Scope.ACCOUNT, Cause.PERSON, clock.after(9 * DAY_S))
    answer = run(app, "accounts", "erase", alice.email, *WHY, *words)
    assert answer.exit_code == 1 and says in answer.output
    assert Erasure.get().id == wanted.id and Erasure.get().status is ErasureStatus.PLANNED


def test_erasures_are_remembered_for_60_days(app: Flask, alice: Account) -> None:
    erasure = erased(alice)
    assert erasure.public_id in run(app, "privacy", "erasures", "--json").output
    pass_time(60 * DAY_S - 7200)
    tidy()
    assert Erased.select().count() == Erasure.select().count() == 1
    pass_time(2 * 7200)
    tidy()
    assert Erased.select().count() == Erasure.select().count() == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("verify", "garbage"), "not a certificate"),
        (("replay", "--file", "garbage", "--reason", "restored"), "not"),
        (("remembered", "--to", "nowhere/list"), "No such file"),
    ],
)
def test_files_and_reasons_that_are_none_are_refused_in_words(
    app: Flask, tmp_path: Path, args: tuple[str, ...], said: str
) -> None:
    (tmp_path / "garbage").write_bytes(b"\xff\xfe\x00{}")
    told = [str(tmp_path / arg) if arg in {"garbage", "nowhere/list"} else arg for arg in args]
    result = app.test_cli_runner().invoke(args=["privacy", *told])
    assert result.exit_code in {1, 2} and isinstance(result.exception, SystemExit)
    assert said in result.output


def test_the_record_of_processing_as_text_and_json(app: Flask) -> None:
    text = run(app, "privacy", "record").output
    for said in ("Accounts and sign-in", "Art. 6(1)(b)", "Replicate", "Stripe", "account.email"):
        assert said in text
    record = json.loads(run(app, "privacy", "record", "--json").output)
    assert {"controller", "data_subjects", "activities", "security"} == set(record)


def test_a_list_that_is_none_is_refused(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    for text in ("words", "{}", '{"kind": "fluxgen erasures", "erased": [{"proof": "x"}]}'):
        file.write_text(text)
        answer = run(app, "privacy", "replay", "--file", str(file), *WHY)
        assert answer.exit_code == 1 and "not a list of erasures" in answer.output
