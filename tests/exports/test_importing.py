"""What was exported, brought in: equal where it can be, once, and without credits."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from fluxgen import accounts, archive, clock, credits, exports
from fluxgen.accounts import Newcomer
from fluxgen.jobs import leftovers
from fluxgen.models import Account, Entry, Generation, Image, Import
from tests.support import cast
from tests.support.exporting import Opened, built, emptied, opened, run
from tests.support.making import Visit, latest, make
from tests.support.pages import parse
from tests.support.workers import Workers, pass_time
from tests.support.world import stored_files

DIFFERS_ALWAYS = {
    *("made_at", "made_by", "exports", "imports", "audit_rows", "mails", "sessions"),
    *("entries", "purchases", "refusals", "erasures"),
}
"""Lists that docs/export.md names as not brought along."""
DIFFERS_OF_ACCOUNT = {"public_id", "available", "held", "owed", "standing", "announcement_seen"}


def normalised(archive_: Opened) -> dict[str, Any]:
    """The document without what an import leaves behind on purpose."""
    document = {
        name: value for name, value in archive_.document.items() if name not in DIFFERS_ALWAYS
    }
    document["account"] = {
        name: value for name, value in document["account"].items() if name not in DIFFERS_OF_ACCOUNT
    }
    portraits = [one["webp"]["size_bytes"] > 0 for one in document.pop("portraits")]
    return {**document, "portraits": portraits}


@pytest.mark.both_databases
def test_export_import_export_is_equal(
    app: Flask, full: Account, workers: Workers, tmp_path: Path
) -> None:
    Account.update(theme="dark", single_keys=False, objected_at=clock.now()).execute()
    before = opened(built(full, workers))
    file = before.saved(tmp_path / "alice.zip")
    emptied(app)
    assert not [key for key in stored_files() if key.startswith("pictures/")]
    ran = run(app, "import", str(file), "--reason", "she moved here")
    assert ran.exit_code == 0, ran.output
    assert "3 generations with 3 pictures" in ran.output
    brought = Account.get(Account.email == full.email)
    assert (brought.available, brought.held, brought.owed) == (0, 0, 0)
    after = opened(built(brought, workers))
    assert normalised(after) == normalised(before)
    for name in before.zip.namelist():
        if name.startswith("pictures/"):
            assert after.zip.read(name) == before.zip.read(name), name
    assert credits.reconcile() == []


@pytest.mark.both_databases
def test_what_came_can_be_found_and_seen(
    app: Flask, visit: Visit, full: Account, workers: Workers, tmp_path: Path
) -> None:
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    emptied(app)
    assert run(app, "import", str(file), "--reason", "x").exit_code == 0
    brought = Account.get()
    client = visit(brought)
    assert "a harbour" in client.get("/history?q=harbour").text
    for image in Image.select():
        for variant in ("original", "640", "320"):
            assert client.get(f"/images/{image.public_id}/{variant}").status_code == 200
    for generation in Generation.select():
        assert client.get(f"/generations/{generation.public_id}").status_code == 200
    page = client.get("/account").text
    assert "Its statement and purchases" in page
    (row,) = Import.select()
    kept: Any = client.get(f"/account/imports/{row.public_id}").json
    assert kept["entries"][-1]["hash"] and kept["purchases"][0]["amount_minor"]
    assert "generations" not in kept
    again = opened(built(brought, workers))
    assert json.loads(again.text(f"imports/{row.public_id}.json")) == kept


def test_the_account_waits_for_whoever_signs_in_with_the_address(
    app: Flask, full: Account, workers: Workers, tmp_path: Path
) -> None:
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    emptied(app)
    run(app, "import", str(file), "--reason", "x")
    waiting = Account.get()
    stranger = Newcomer("1" * 64, "other@example.test", "Other", "")
    person = Newcomer("2" * 64, full.email.upper(), "Alice", "")
    assert accounts.recognise(person) is None  # first the terms of this house
    other = accounts.sign_up(stranger, age_confirmed=True, terms_accepted=True)
    assert other.id != waiting.id
    claimed = accounts.sign_up(person, age_confirmed=True, terms_accepted=True)
    assert claimed.id == waiting.id
    assert claimed.terms_accepted_at > clock.now() - timedelta(minutes=1)
    recognised = accounts.recognise(person)
    assert recognised is not None and recognised.id == waiting.id
    assert accounts.balance(claimed).available == 100  # the welcome of this house, no more
    assert accounts.sign_up(person, age_confirmed=True, terms_accepted=True).id == waiting.id
    assert Entry.select().count() == 2


@pytest.mark.both_databases
def test_importing_twice_is_once(
    app: Flask, full: Account, workers: Workers, tmp_path: Path
) -> None:
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    emptied(app)
    run(app, "import", str(file), "--reason", "x")
    counts = [table.select().count() for table in (Account, Generation, Image, Import)]
    again = run(app, "import", str(file), "--reason", "x")
    assert again.exit_code == 0, again.output
    assert "0 generations with 0 pictures" in again.output
    assert "3 were here already" in again.output
    assert [table.select().count() for table in (Account, Generation, Image, Import)] == counts


def test_one_that_was_killed_goes_on(
    app: Flask, full: Account, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    emptied(app)
    real = exports.arrivals.enter
    entered: list[int] = []

    def dies(account: Account, row: dict[str, Any], pictures: Any) -> None:
        if entered:
            raise KeyboardInterrupt
        real(account, row, pictures)
        entered.append(row["number"])

    monkeypatch.setattr("fluxgen.exports.arrivals.enter", dies)
    run(app, "import", str(file), "--reason", "x")
    assert Generation.select().count() == 1
    monkeypatch.setattr("fluxgen.exports.arrivals.enter", real)
    ran = run(app, "import", str(file), "--reason", "x")
    assert ran.exit_code == 0, ran.output
    assert Generation.select().count() == 3
    assert Account.select().count() == 1


def test_records_of_an_import_that_broke_off_do_not_stay(
    app: Flask, full: Account, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    emptied(app)
    real = exports.arrivals.finish

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("fluxgen.exports.arrivals.finish", dies)
    run(app, "import", str(file), "--reason", "x")
    monkeypatch.setattr("fluxgen.exports.arrivals.finish", real)
    assert run(app, "import", str(file), "--reason", "x").exit_code == 0
    pass_time(leftovers.SWEPT_AGE_S + 60)
    assert leftovers.sweep_leftovers() > 0
    kept = [key for key in stored_files() if key.startswith("imports/")]
    assert kept == [exports.records_key(Import.get())]


def test_into_an_account_that_has_pictures_numbers_give_way(
    app: Flask, visit: Visit, full: Account, workers: Workers, tmp_path: Path
) -> None:
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    emptied(app)
    carol = cast.join("carol")
    own = make(visit(carol), workers)
    ran = run(app, "import", str(file), "--into", carol.email, "--reason", "x")
    assert ran.exit_code == 0, ran.output
    numbers = sorted(row.number for row in Generation.select())
    assert numbers == [1, 2, 3, 4]
    assert latest(own).number == 1
    assert Account.select().count() == 1
    assert accounts.balance(carol).available == 99
    assert credits.reconcile() == []
    assert make(visit(carol), workers).number == 5


def test_an_address_that_has_an_account_is_named_by_the_operator(
    app: Flask, full: Account, workers: Workers, tmp_path: Path
) -> None:
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    emptied(app)
    cast.join("alice")
    Account.update(email=full.email.title()).execute()
    ran = run(app, "import", str(file), "--reason", "x")
    assert ran.exit_code == 1
    assert "--into alice@example.test" in ran.output
    assert Generation.select().count() == 0


def test_a_flaw_that_a_file_speaks_of_brings_no_free_re_run(
    app: Flask, visit: Visit, full: Account, workers: Workers, tmp_path: Path
) -> None:
    Image.update(flaw="seam").execute()
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    emptied(app)
    run(app, "import", str(file), "--reason", "x")
    brought = Account.get()
    client = visit(brought)
    generation = Generation.select().join(Image).first()
    assert "/rerun" not in client.get(f"/generations/{generation.public_id}").text
    assert client.post(f"/generations/{generation.public_id}/rerun").status_code == 409
    assert accounts.balance(brought).available == 0


def test_pictures_of_somebody_here_are_not_taken(
    app: Flask, full: Account, mallory: Account, workers: Workers, tmp_path: Path
) -> None:
    before = {key: True for key in stored_files()}
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    ran = run(app, "import", str(file), "--into", mallory.email, "--reason", "x")
    assert ran.exit_code == 1
    assert "another account of this FluxGen" in ran.output
    assert Generation.select().where(Generation.account == mallory).count() == 0
    assert {key for key in stored_files() if key.startswith("pictures/")} == {
        key for key in before if key.startswith("pictures/")
    }


def test_a_dry_run_checks_everything_and_changes_nothing(
    app: Flask, full: Account, workers: Workers, tmp_path: Path
) -> None:
    archive_ = opened(built(full, workers))
    file = archive_.saved(tmp_path / "alice.zip")
    emptied(app)
    ran = run(app, "import", str(file), "--reason", "x", "--dry-run")
    assert ran.exit_code == 0, ran.output
    assert "Would bring 3 generations with 3 pictures" in ran.output
    assert Account.select().count() == 0
    bent = archive_.rewritten(tmp_path / "bent.zip", _bent)
    ran = run(app, "import", str(bent), "--reason", "x", "--dry-run")
    assert ran.exit_code == 1 and "its hash differs" in ran.output
    assert not [key for key in stored_files() if key.startswith("pictures/")]


def _bent(files: dict[str, bytes]) -> None:
    files["pictures/000001-1.webp"] = files["pictures/000001-1.webp"] + b"x"


def _all_deleted(workers: Workers) -> None:
    for generation in Generation.select():
        archive.delete(generation, with_favourite=True)
    pass_time(archive.GONE_AFTER_S + 1)
    while Generation.select().count():
        workers.step()


@pytest.mark.both_databases
def test_older_pictures_above_newer_ones_are_found_by_words_filters_and_days(
    app: Flask, visit: Visit, full: Account, workers: Workers, tmp_path: Path
) -> None:
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    _all_deleted(workers)
    pass_time(3 * 24 * 3600)
    client = visit(full)
    newest = make(client, workers, prompt="a heron")
    ran = run(app, "import", str(file), "--into", full.email, "--reason", "x")
    assert ran.exit_code == 0, ran.output
    rows = list(Generation.select().order_by(Generation.id))
    assert [row.number for row in rows] == sorted(row.number for row in rows), "they rise together"
    assert newest.number == rows[0].number

    def numbers(query: str) -> list[int]:
        cards = parse(client.get(f"/history?{query}").text).all("article", css="generation-card")
        return [int(card["data-number"]) for card in cards if card.has("data-number")]

    assert numbers("") == [7, 5, 4]
    assert numbers("q=harbour") == [7]
    assert sorted(numbers(f"model={newest.model}"), reverse=True) == [7, 5, 4]
    today, before = clock.now().date(), clock.now().date() - timedelta(days=1)
    for more, old in (("", [7, 5]), ("&q=a", [7, 5]), (f"&model={newest.model}", [7, 5])):
        assert numbers(f"from={today}{more}") == [4], more
        assert numbers(f"to={before}{more}") == old, more
        assert numbers(f"from={before - timedelta(9)}&to={today}{more}") == [7, 5, 4], more
    picture = f"/generations/{newest.public_id}?from={today}&q=a"
    assert "1 of 1" in client.get(picture).text
    last = make(client, workers, prompt="a heron again")
    page = client.get("/history")
    names = [day["id"] for day in parse(page.text).all("section", css="day") if day.has("id")]
    assert names == [f"day-{today}", f"day-{latest(rows[1]).created_at:%Y-%m-%d}", f"day-{today}-4"]
    assert numbers("")[0] == last.number == 8
    first = archive.page(full, limit=1)
    above = f"day={today}-4&oldest={before - timedelta(2)}"
    older = client.get(f"/partials/history?after=5&{above}").text
    assert f'hx-swap-oob="beforeend:#sheet-{today}-4"' in older
    assert first.after == 8
