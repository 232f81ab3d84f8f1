"""Sizes, names and words: what the style asks of every file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import fluxgen
from fluxgen.models import Kind, Status

ROOT = Path(fluxgen.__file__).parent.parent
HOUSES = ("fluxgen", "tests", "benchmarks", "migrations")
NOWHERE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "core", "base"}
FILE_MAX, FUNCTION_MAX, CONFTEST_MAX = 300, 40, 200

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*houses: str) -> list[Path]:
    return sorted(path for house in houses for path in (ROOT / house).rglob("*.py"))


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield node


def test_modules_are_named_for_what_they_hold() -> None:
    assert [str(path) for path in files(*HOUSES) if path.stem in NOWHERE] == []
    folders = {part for path in files(*HOUSES) for part in path.relative_to(ROOT).parts[:-1]}
    assert folders & NOWHERE == set()


def test_no_file_is_long() -> None:
    long = {str(path.relative_to(ROOT)): lines(path) for path in files(*HOUSES)}
    assert {name: count for name, count in long.items() if count > FILE_MAX} == {}
    assert lines(ROOT / "tests" / "conftest.py") <= CONFTEST_MAX


def test_no_function_is_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in files("fluxgen", "tests", "benchmarks")
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_MAX
    ]
    assert long == []


def test_every_module_and_public_name_says_what_it_is() -> None:
    silent: list[str] = []
    for path in files("fluxgen"):
        tree = ast.parse(path.read_text())
        if not ast.get_docstring(tree) and tree.body:
            silent.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            public = isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
            wired = isinstance(node, Function) and node.name == "init_app"
            if public and not wired and not ast.get_docstring(node):  # type: ignore[arg-type]
                silent.append(f"{path.relative_to(ROOT)}:{node.name}")  # type: ignore[attr-defined]
    assert silent == []


def test_every_function_is_typed() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in files("fluxgen", "tests", "benchmarks")
        for node in functions(path)
        if node.returns is None
    ]
    assert bare == []


def test_nothing_is_left_to_do_in_comments() -> None:
    mark = re.compile(r"#.*\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    assert [str(path) for path in files(*HOUSES) if mark.search(path.read_text())] == []


def section(title: str) -> str:
    """The text below this heading of the architecture page."""
    text = (ROOT / "docs" / "architecture.md").read_text()
    found = re.search(rf"^#+ {title}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/architecture.md has no section {title}"
    return found[1]


def words(title: str) -> set[str]:
    """The words its table explains: first column, in backticks."""
    return set(re.findall(r"^\| `([a-z_]+)` \|", section(title), re.MULTILINE))


def test_statuses_are_explained_and_no_others() -> None:
    assert words("Statuses") == {status.value for status in Status}


def test_ledger_kinds_are_explained_and_no_others() -> None:
    assert words("Ledger kinds") == {kind.value for kind in Kind}
