"""The statement: filtered, paged, downloaded, and checked by the program we publish."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fluxgen import credits
from fluxgen.jobs.purchases import check
from fluxgen.models import Account, Entry, Kind
from fluxgen.sandbox import Sandbox
from tests.support.buying import bought, held, main, payment, spend
from tests.support.cast import Browser
from tests.support.making import Visit, ask, make
from tests.support.pages import Element, parse
from tests.support.workers import Workers

STATEMENT = Path(__file__).parents[2] / "docs" / "statement.md"


@pytest.fixture
def eventful(sandbox: Sandbox, alice: Account) -> Account:
    """Somebody with a movement of every kind: welcome 100, bought 1,000, 500 of it disputed."""
    purchase = bought(sandbox, alice)
    spend(alice, 300)
    credits.release(held(alice, 20), "failed")
    dispute_id = sandbox.stripe.dispute(payment(purchase), 900)
    check(purchase.id)
    sandbox.stripe.close_dispute(dispute_id, won=True)
    check(purchase.id)
    return alice


def rows(browser: Browser, address: str = "/credits") -> list[Element]:
    """The lines of the statement."""
    return [row for row in parse(browser.get(address).text).all("tr") if row.inside("tbody")]


def downloaded(browser: Browser) -> list[dict[str, str]]:
    answer = browser.get("/credits.csv")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def checked(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Run the very program of docs/statement.md over a downloaded file."""
    (program,) = re.findall(r"```python\n(.*?)```", STATEMENT.read_text(), re.DOTALL)
    (folder / "check.py").write_text(program)
    (folder / "fluxgen-credits.csv").write_bytes(text.encode())
    return subprocess.run(
        [sys.executable, "-I", "check.py"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )


# The page


@pytest.mark.both_databases
def test_every_kind_has_its_words_and_numbers(visit: Visit, eventful: Account) -> None:
    found = [row.words for row in rows(visit(eventful))]
    for row, words in zip(
        found,
        [
            "Given back",
            "Taken back: dispute",
            "Released",
            "Held for a picture",
            "Captured: 300 credits",
            "Held for a picture",
            "Bought 1,000 credits",
            "Granted: Welcome",
        ],
        strict=True,
    ):
        assert words in row
    assert "−500" in found[1] and "+500" in found[0]


@pytest.mark.parametrize("kind", list(Kind))
def test_it_can_be_narrowed_to_a_kind(visit: Visit, eventful: Account, kind: Kind) -> None:
    expected = Entry.select().where(Entry.kind == kind).count()
    assert len(rows(visit(eventful), f"/credits?kind={kind.value}")) == expected > 0


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "wrong", ["kind=nonsense", "before=x", "before=-1", "kind=&before=", f"before={9**30}"]
)
def test_a_senseless_filter_breaks_nothing(visit: Visit, eventful: Account, wrong: str) -> None:
    assert visit(eventful).get(f"/credits?{wrong}").status_code == 200


def test_a_debt_is_said_and_its_repayment_too(visit: Visit, sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob, "small")
    spend(bob, 200)
    sandbox.stripe.refund(payment(purchase))
    check(purchase.id)
    assert "200 credits owed" in main(visit(bob).get("/credits").text)
    bought(sandbox, bob, "small")
    words = main(visit(bob).get("/credits").text)
    assert "credits owed" not in words
    assert "Bought 250 credits" in words


def test_lines_lead_to_what_caused_them(
    visit: Visit, sandbox: Sandbox, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)
    generation, purchase = make(browser, workers), bought(sandbox, alice)
    hrefs = {link["href"] for link in parse(browser.get("/credits").text).all("a")}
    wanted = {f"/generations/{generation.public_id}", f"/purchases/{purchase.public_id}"}
    assert wanted <= hrefs
    for address in wanted:
        assert browser.get(address).status_code == 200


def test_older_pages_continue_without_a_gap(visit: Visit, alice: Account) -> None:
    for number in range(150):
        credits.grant(alice, 1, f"n{number}", f"Number {number}.")
    browser = visit(alice)
    first = rows(browser)
    (older,) = [
        one for one in parse(browser.get("/credits").text).all("a") if "before=" in one["href"]
    ]
    second = rows(browser, older["href"])
    assert (len(first), len(second)) == (100, 51)
    assert "Number 50." in first[-1].words and "Number 49." in second[0].words


def test_a_receipt_says_when_and_why(visit: Visit, alice: Account, workers: Workers) -> None:
    browser = visit(alice)
    good, bad, waiting = (
        make(browser, workers),
        make(browser, workers, prompt="[fail]"),
        ask(browser),
    )
    said = [
        main(browser.get(f"/generations/{one.public_id}").text).lower()
        for one in (good, bad, waiting)
    ]
    assert "captured" in said[0]
    assert "released" in said[1]
    assert "held" in said[2]


# The download


@pytest.mark.both_databases
def test_the_download_has_every_movement_oldest_first(visit: Visit, eventful: Account) -> None:
    lines = downloaded(visit(eventful))
    kinds = [entry.kind.value for entry in credits.every(eventful)]
    assert [line["kind"] for line in lines] == kinds
    assert set(kinds) == set(Kind)


@pytest.mark.both_databases
def test_the_published_program_accepts_the_download(
    visit: Visit, eventful: Account, tmp_path: Path
) -> None:
    credits.grant(eventful, 1, "odd", 'Größe "x",\n; 日本 =1+1')
    checking = checked(tmp_path, visit(eventful).get("/credits.csv").text)
    assert checking.returncode == 0, checking.stderr
    last = Entry.select().order_by(Entry.id.desc()).first()
    assert (
        checking.stdout == f"9 entries, nothing changed, nothing missing. Last hash: {last.hash}\n"
    )


def test_the_program_accepts_an_account_without_movements(
    visit: Visit, bob: Account, tmp_path: Path
) -> None:
    assert checked(tmp_path, visit(bob).get("/credits.csv").text).returncode == 0


def changed(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[2].replace("1000", "1001"), *lines[3:]]


TAMPERING = {
    "a changed number": changed,
    "a missing line": lambda lines: [*lines[:3], *lines[4:]],
    "lines in another order": lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]],
    "a doubled line": lambda lines: [*lines[:3], lines[2], *lines[3:]],
    "no first line": lambda lines: [lines[0], *lines[2:]],
}


@pytest.mark.parametrize("tamper", TAMPERING.values(), ids=TAMPERING)
def test_the_published_program_finds(
    visit: Visit, eventful: Account, tmp_path: Path, tamper: object
) -> None:
    lines = visit(eventful).get("/credits.csv").text.splitlines(keepends=True)
    assert callable(tamper)
    checking = checked(tmp_path, "".join(tamper(lines)))
    assert checking.returncode == 1
    assert "AssertionError" in checking.stderr


def test_the_download_is_ones_own(visit: Visit, eventful: Account, mallory: Account) -> None:
    assert [line["kind"] for line in downloaded(visit(mallory))] == ["grant"]
    assert visit(None).get("/credits.csv").status_code == 303
