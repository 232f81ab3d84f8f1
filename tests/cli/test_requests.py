"""`requests`: the rights desk, its due dates and its warnings, on a moved clock."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from flask import Flask

from fluxgen import audit, clock, desk, housekeeping
from fluxgen.jobs.sweep import anchor
from fluxgen.models import Account, AuditRow, RightsRequest
from tests.support.erasing import erased
from tests.support.log_lines import recorded
from tests.support.workers import pass_time

Run = Callable[..., Result]
DAY_S = 24 * 3600
BECAUSE = ("--reason", "by mail")


@pytest.fixture
def run(app: Flask) -> Run:
    """Give a command of `requests`, as an operator would."""
    runner = app.test_cli_runner()
    return lambda *args: runner.invoke(args=["requests", *args])


def add(run: Run, days_ago: int = 0, kind: str = "access", mail: str = "a@b.test") -> str:
    """Enter one; its id."""
    day = f"{clock.now() - timedelta(days=days_ago):%Y-%m-%d}"
    result = run("add", mail, kind, "--received", day, "--note", "kept", *BECAUSE)
    assert result.exit_code == 0, result.output
    return str(RightsRequest.select().order_by(RightsRequest.id.desc()).get().public_id)


@pytest.mark.both_databases
def test_a_request_is_entered_shown_and_closed(run: Run, alice: Account) -> None:
    id_ = add(run, mail="ALICE@example.test")
    (row,) = json.loads(run("show", id_, "--json").output)
    assert (row["kind"], row["state"], row["note"]) == ("access", "open", "kept")
    assert RightsRequest.get().account == alice
    assert run("close", id_, "--reason", "sent the export").exit_code == 0
    assert run("list").output == "Nothing.\n"
    (closed,) = json.loads(run("list", "--all", "--json").output)
    assert closed["state"] == "closed"
    assert json.loads(run("show", id_, "--json").output)[0]["outcome"] == "sent the export"
    assert run("close", id_, *BECAUSE).exit_code == 1
    assert [row.action for row in AuditRow.select().order_by(AuditRow.number)] == [
        "requests.add",
        "requests.close",
    ]


def test_somebody_without_an_account_is_answered_too(run: Run, alice: Account) -> None:
    add(run)
    assert RightsRequest.get().account is None
    assert AuditRow.get().subject == RightsRequest.get().public_id


def test_of_several_accounts_with_one_address_the_operator_says_whose_it_is(
    run: Run, alice: Account, bob: Account
) -> None:
    Account.update(email="alice@example.test").where(Account.id == bob.id).execute()
    day = f"{clock.now():%Y-%m-%d}"
    asked = ("add", "Alice@example.test", "access", "--received", day, *BECAUSE)
    for more in ((), ("--dry-run",)):
        refused = run(*asked, *more)
        assert refused.exit_code == 1
        assert alice.public_id in refused.output and bob.public_id in refused.output
    assert run(*asked, "--account", "nobody").exit_code == 1
    assert RightsRequest.select().count() == AuditRow.select().count() == 0
    assert run(*asked, "--account", alice.public_id).exit_code == 0
    assert RightsRequest.get().account == alice
    assert AuditRow.get().subject == alice.public_id


@pytest.mark.both_databases
def test_words_about_a_request_go_with_whoever_wrote_it(run: Run, alice: Account) -> None:
    id_ = add(run, mail="alice@later.test")
    assert run("close", id_, "--reason", "marker-7f3a9c").exit_code == 0
    Account.update(email="alice@later.test").execute()
    erased(alice)
    assert RightsRequest.select().count() == 0
    rows = list(AuditRow.select().where(AuditRow.action.startswith("requests.")))
    assert [(row.subject, row.reason, row.facts) for row in rows] == [(None, None, None)] * 2
    assert audit.verify() == []


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        ((2026, 11, 27), 1, (2026, 12, 27)),
        ((2027, 1, 31), 1, (2027, 2, 28)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2026, 11, 30), 3, (2027, 2, 28)),
    ],
)
def test_a_month_is_a_month(
    day: tuple[int, int, int], months: int, due: tuple[int, int, int]
) -> None:
    assert desk.months_later(datetime(*day, tzinfo=UTC), months) == datetime(*due, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "due"), [((2026, 12, 15), (2027, 1, 14)), ((2027, 1, 31), (2027, 2, 28))]
)
def test_an_answer_takes_30_days_and_never_more_than_a_month(
    run: Run, monkeypatch: pytest.MonkeyPatch, day: tuple[int, int, int], due: tuple[int, int, int]
) -> None:
    came = datetime(*day, tzinfo=UTC)
    monkeypatch.setattr(clock, "offset", came - datetime.now(UTC) + timedelta(hours=1))
    add(run)
    assert RightsRequest.get().due_at == datetime(*due, tzinfo=UTC)


@pytest.mark.both_databases
def test_due_warns_a_week_ahead_and_when_it_is_too_late(run: Run, alice: Account) -> None:
    add(run)
    assert (run("due").exit_code, run("due").output) == (0, "Nothing.\n")
    pass_time(25 * DAY_S)
    soon = run("due", "--json")
    assert (soon.exit_code, json.loads(soon.output)[0]["state"]) == (1, "open")
    pass_time(10 * DAY_S)
    (late,) = json.loads(run("due", "--json").output)
    assert (late["state"], late["days_left"] < 0) == ("overdue", True)


def test_it_is_extended_once_and_in_time(run: Run, alice: Account) -> None:
    id_ = add(run)
    first = RightsRequest.get().due_at
    assert run("extend", id_, "--reason", "many pictures", "--dry-run").exit_code == 0
    assert RightsRequest.get().due_at == first
    assert run("extend", id_, "--reason", "many pictures").exit_code == 0
    assert 50 < (RightsRequest.get().due_at - first).days < 70
    assert run("extend", id_, *BECAUSE).exit_code == 1
    late = add(run)
    pass_time(40 * DAY_S)
    assert run("extend", late, *BECAUSE).exit_code == 1


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("nobody", "access", "--received", "TODAY"), 1),
        (("a@b.test", "access", "--received", "2999-01-01"), 1),
        (("a@b.test", "access", "--received", "2001-01-01"), 1),
        (("a@b.test", "access", "--received", "soon"), 2),
        (("a@b.test", "wish", "--received", "TODAY"), 2),
        (("a@b.test", "access"), 2),
    ],
)
def test_what_makes_no_sense_is_refused(
    run: Run, alice: Account, args: tuple[str, ...], code: int
) -> None:
    today = f"{clock.now():%Y-%m-%d}"
    result = run("add", *(today if word == "TODAY" else word for word in args), *BECAUSE)
    assert result.exit_code == code, result.output
    assert RightsRequest.select().count() == AuditRow.select().count() == 0


def test_an_unknown_request_is_one_line(run: Run) -> None:
    for command in (("show", "x"), ("close", "x", *BECAUSE), ("extend", "x", *BECAUSE)):
        assert (run(*command).exit_code, run(*command).output) == (
            1,
            "Error: There is no request x.\n",
        )


def test_the_daily_look_warns_and_anchors_the_audit(run: Run, alice: Account) -> None:
    add(run)
    with recorded() as quiet:
        anchor()
    pass_time(40 * DAY_S)
    with recorded() as said:
        anchor()
    assert "requests due" not in quiet.getvalue()
    lines = [json.loads(line) for line in io.StringIO(said.getvalue())]
    told = {line["event"]: line for line in lines}
    assert (told["requests due"]["count"], told["requests due"]["reason"]) == (1, "1 overdue")
    assert told["audit head"]["count"] == 1
    assert len(told["audit head"]["reason"]) == 64
    assert "a@b.test" not in said.getvalue()


@pytest.mark.both_databases
def test_answered_requests_go_after_three_years_and_open_ones_stay(run: Run, app: Flask) -> None:
    closed, _ = add(run), add(run, kind="erasure")
    run("close", closed, *BECAUSE)
    pass_time(3 * 365 * DAY_S - 60)
    housekeeping.forget_expired()
    assert RightsRequest.select().count() == 2
    pass_time(120)
    housekeeping.forget_expired()
    assert [row.kind.value for row in RightsRequest.select()] == ["erasure"]
