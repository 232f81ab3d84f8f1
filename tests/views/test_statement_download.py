"""The statement as a file: all of it, and checked by the program we publish."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fluxgen import credits
from fluxgen.models import Account, Entry, Kind
from fluxgen.sandbox import Sandbox
from tests.support.buying import eventful
from tests.support.cast import Browser
from tests.support.making import Visit

STATEMENT = Path(__file__).parents[2] / "docs" / "statement.md"


@pytest.fixture
def busy(sandbox: Sandbox, alice: Account) -> Account:
    """Somebody with a movement of every kind, the welcome among them."""
    return eventful(sandbox, alice)


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


@pytest.mark.both_databases
def test_the_download_has_every_movement_oldest_first(visit: Visit, busy: Account) -> None:
    lines = downloaded(visit(busy))
    kinds = [entry.kind.value for entry in credits.every(busy)]
    assert [line["kind"] for line in lines] == kinds
    assert set(kinds) == set(Kind)


@pytest.mark.both_databases
def test_the_published_program_accepts_the_download(
    visit: Visit, busy: Account, tmp_path: Path
) -> None:
    credits.grant(busy, 1, "odd", 'Größe "x",\n; 日本 =1+1')
    checking = checked(tmp_path, visit(busy).get("/credits.csv").text)
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
    visit: Visit, busy: Account, tmp_path: Path, tamper: object
) -> None:
    lines = visit(busy).get("/credits.csv").text.splitlines(keepends=True)
    assert callable(tamper)
    checking = checked(tmp_path, "".join(tamper(lines)))
    assert checking.returncode == 1
    assert "AssertionError" in checking.stderr


def test_the_download_is_ones_own(visit: Visit, busy: Account, mallory: Account) -> None:
    assert [line["kind"] for line in downloaded(visit(mallory))] == ["grant"]
    assert visit(None).get("/credits.csv").status_code == 303
