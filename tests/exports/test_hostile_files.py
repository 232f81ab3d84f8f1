"""Files that are no export: refused in words, before anything is unpacked."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from fluxgen.models import Account

Writer = Callable[[zipfile.ZipFile], None]


def link(out: zipfile.ZipFile) -> None:
    member = zipfile.ZipInfo("pictures/link.png")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    out.writestr(member, "/etc/passwd")


def bomb(out: zipfile.ZipFile) -> None:
    with out.open("fluxgen.json", "w", force_zip64=True) as file:
        for _ in range(300):
            file.write(b" " * 1024 * 1024)


def named(name: str) -> Writer:
    return lambda out: out.writestr(name, b"x")


def document(text: str) -> Writer:
    return lambda out: out.writestr("fluxgen.json", text)


def twice(out: zipfile.ZipFile) -> None:
    out.writestr("fluxgen.json", b"{}")
    with pytest.warns(UserWarning, match="Duplicate"):
        out.writestr("fluxgen.json", b"{}")


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (named("../outside"), "no name that an export gives"),
        (named("/etc/passwd"), "no name that an export gives"),
        (named("pictures/../../x"), "no name that an export gives"),
        (named("C:\\x"), "no name that an export gives"),
        (named("readme"), "this is no export of FluxGen"),
        (link, "is a link"),
        (twice, "more than once"),
        (bomb, "larger than an export's can be"),
        (document("{"), "is not JSON"),
        (document("[" * 100_000), "is not JSON"),
        (document('{"format": NaN}'), "is not JSON"),
        (document("[]"), "does not say that it is an export"),
        (document(json.dumps({"format": "fluxgen-export", "version": 1})), "its schema"),
    ],
)
def test_it_is_refused(app: Flask, tmp_path: Path, write: Writer, words: str) -> None:
    file = tmp_path / "hostile.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        write(out)
    ran = app.test_cli_runner().invoke(args=["accounts", "import", str(file), "--reason", "x"])
    assert ran.exit_code == 1, ran.output
    assert words in ran.output
    assert Account.select().count() == 0
    assert not (tmp_path.parent / "outside").exists()


def test_what_is_no_zip_or_not_there(app: Flask, tmp_path: Path) -> None:
    half = tmp_path / "half.zip"
    half.write_bytes(b"PK\x03\x04 and then the line broke")
    for path, words in ((half, "not a ZIP"), (tmp_path / "none.zip", "There is no file")):
        ran = app.test_cli_runner().invoke(args=["accounts", "import", str(path), "--reason", "x"])
        assert ran.exit_code == 1
        assert words in ran.output
