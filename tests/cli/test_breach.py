"""`breach scope`: whose data could be touched, by the data map."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from fluxgen import clock
from fluxgen.models import Account
from fluxgen.sandbox import Sandbox
from tests.support.buying import bought
from tests.support.making import Visit, make
from tests.support.workers import Workers, pass_time

DAY_S = 24 * 3600


def moment(hours: float) -> str:
    """So many hours from now, as it is typed."""
    return f"{clock.now() + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}"


@pytest.fixture
def scope(app: Flask) -> Callable[..., dict[str, Any]]:
    """The answer for a span of hours from now."""

    def ask(begins: float, ends: float, *more: str) -> dict[str, Any]:
        args = ["breach", "scope", "--from", moment(begins), "--to", moment(ends), "--json", *more]
        args += ["--reason", "to tell them"] if "--list" in more else []
        result = app.test_cli_runner().invoke(args=args)
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.output)
        return found

    return ask


@pytest.mark.both_databases
def test_it_counts_who_did_something_and_who_was_there(
    scope: Callable[..., dict[str, Any]],
    visit: Visit,
    alice: Account,
    mallory: Account,
    workers: Workers,
    sandbox: Sandbox,
) -> None:
    visit(mallory).get("/studio")
    pass_time(40 * DAY_S)  # sessions are over, mallory is not back
    make(visit(alice), workers, count="2")
    bought(sandbox, alice)
    found = scope(-1, 1, "--list")
    assert (found["accounts_active"], found["accounts_held"]) == (1, 2)
    assert found["addresses"] == [alice.email]
    rows = {row["table"]: row for row in found["tables"]}
    assert (rows["generation"]["rows"], rows["image"]["rows"]) == (1, 2)
    assert rows["purchase"]["accounts"] == rows["session"]["accounts"] == 1
    assert "what somebody made" in rows["generation"]["categories"]
    assert scope(-1, 1, "--list", "--everybody")["addresses"] == [alice.email, mallory.email]
    before = scope(-2000, -1900, "--list")
    assert (before["accounts_active"], before["accounts_held"]) == (0, 0)
    assert (before["addresses"], before["accounts_held"]) == ([], 0)


def test_it_says_by_when_to_tell(app: Flask, alice: Account) -> None:
    args = ["breach", "scope", "--from", "2026-11-20", "--to", "2026-11-21"]
    result = app.test_cli_runner().invoke(args=[*args, "--aware", "2026-11-25T08:30:00"])
    assert result.output.startswith(
        "Tell the supervisory authority by 2026-11-28 08:30 UTC (72 hours)."
    )


@pytest.mark.parametrize(
    ("args", "code"),
    [(("--from", "2026-11-20"), 2), (("--from", "2026-11-20", "--to", "2026-11-20"), 1)],
)
def test_a_span_that_is_none_is_refused(app: Flask, args: tuple[str, ...], code: int) -> None:
    result = app.test_cli_runner().invoke(args=["breach", "scope", *args])
    assert result.exit_code == code
