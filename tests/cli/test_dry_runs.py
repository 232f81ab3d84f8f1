"""`--dry-run` writes nothing, whatever the command; and what is killed half-way is on record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from fluxgen import adapters, clock, desk, rights
from fluxgen.jobs.leftovers import REMOVED_AGE_S
from fluxgen.models import TABLES, Account, AuditRow, RequestKind, Scope
from fluxgen.privacy import remembered
from fluxgen.privacy.remembering import remember
from fluxgen.sandbox import Sandbox
from tests.house.test_docs import every, options
from tests.support import life
from tests.support.buying import begun, bought
from tests.support.exporting import Killed, built, opened
from tests.support.workers import Workers, pass_time
from tests.support.world import stored_files

MAIL = "alice@example.test"
WHY = ("--reason", "to see what would happen")

COMMANDS = {
    "accounts suspend": (MAIL,),
    "accounts restore": (MAIL,),
    "accounts sign-out": (MAIL,),
    "accounts rectify": (MAIL, "--name", "Alice B."),
    "accounts restrict": (MAIL,),
    "accounts unrestrict": ("bob@example.test", "--told-on", "{day}"),
    "accounts object": (MAIL,),
    "accounts erase": (MAIL,),
    "accounts close-underage": (MAIL,),
    "accounts export": (MAIL, "--to", "{folder}/out.zip"),
    "accounts import": ("{export}", "--into", MAIL),
    "accounts drill": (MAIL,),
    "archive audit": ("--fix",),
    "credits grant": (MAIL, "5", "--key", "k"),
    "credits refund": ("{purchase}",),
    "credits reconcile": ("--fulfil",),
    "generations advance": ("{generation}",),
    "generations open": ("{generation}",),
    "journal publish": ("new-privacy-page-and-terms",),
    "policy announce": ("2026-11-27", "--late", "A court has ordered it."),
    "privacy replay": ("--file", "{erased}"),
    "requests add": (MAIL, "access", "--received", "{day}"),
    "requests close": ("{request}",),
    "requests extend": ("{request}",),
}
"""Every command that can be tried, with what makes it find something to do."""
FINDS_SOMETHING = {"archive audit", "credits reconcile"}
"""These exit with 1 where something differs, tried or not."""


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Give a command, as an operator would."""
    runner = app.test_cli_runner()
    return lambda *args: runner.invoke(args=list(args))


@pytest.fixture
def there(
    alice: Account, bob: Account, sandbox: Sandbox, workers: Workers, tmp_path: Path
) -> dict[str, str]:
    """Something for each command; what stands for it on the command line."""
    rights.restrict(bob)
    life.done(alice)
    export = opened(built(alice, workers)).saved(tmp_path / "in.zip")
    purchase = bought(sandbox, alice)
    sandbox.stripe.pay(str(begun(alice).session_id))  # and nobody has heard of it
    waiting = life.submitted(alice)
    request = desk.draft(MAIL, RequestKind.ACCESS, clock.now())
    desk.add(request, reason="came by mail")
    erased = tmp_path / "erased.json"
    remember(alice, Scope.ACCOUNT, clock.now())
    erased.write_text(remembered())
    adapters.current().storage.put(f"pictures/{'s' * 22}/0/320", b"stray", "image/webp")
    pass_time(REMOVED_AGE_S + 60)
    return {
        "folder": str(tmp_path),
        "day": f"{clock.now():%Y-%m-%d}",
        "export": str(export),
        "purchase": purchase.public_id,
        "generation": waiting.public_id,
        "request": request.public_id,
        "erased": str(erased),
    }


def everything() -> dict[str, str]:
    """All rows and stored objects, as one hash each."""
    rows: Iterator[tuple[str, Any]] = (
        (
            table._meta.table_name,
            list(table.select().order_by(table._meta.primary_key).tuples()),
        )
        for table in TABLES
    )
    found = {name: hashlib.sha256(repr(each).encode()).hexdigest() for name, each in rows}
    return found | dict.fromkeys(stored_files(), "there")


def test_whatever_can_be_tried_writes_nothing(
    app: Flask, run: Callable[..., Result], there: dict[str, str], tmp_path: Path
) -> None:
    can_be_tried = {name for name, one in every(app.cli) if "--dry-run" in options(one)}
    assert can_be_tried == set(COMMANDS)
    before, files = everything(), set(tmp_path.rglob("*"))
    for name, words in COMMANDS.items():
        args = [word.format(**there) for word in words]
        tried = run(*name.split(), *args, *WHY, "--dry-run")
        assert tried.exit_code == int(name in FINDS_SOMETHING), f"{name}: {tried.output}"
        assert "ould " in tried.output, f"{name}: {tried.output}"
        assert everything() == before, name
        assert set(tmp_path.rglob("*")) == files, name


def killed(*_: object, **__: object) -> None:
    raise Killed


@pytest.mark.parametrize(
    ("command", "at", "action"),
    [
        ("generations advance", "fluxgen.jobs.generations.advance", "generations.advance"),
        ("credits reconcile", "fluxgen.jobs.payments.check", "credits.fulfil"),
        ("archive audit", "fluxgen.adapters.storage.FolderStorage.delete", "archive.fix"),
        ("accounts import", "fluxgen.exports.arrivals.finish", "account.import-begun"),
    ],
)
def test_what_is_killed_half_way_is_on_record(
    run: Callable[..., Result],
    there: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    at: str,
    action: str,
) -> None:
    monkeypatch.setattr(at, killed)
    args = [word.format(**there) for word in COMMANDS[command]]
    with pytest.raises(Killed):
        run(*command.split(), *args, *WHY)
    row = AuditRow.select().order_by(AuditRow.number.desc()).get()
    assert (row.action, row.reason) == (action, WHY[1])
