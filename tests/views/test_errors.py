"""Errors in words a person understands: as a page, for htmx as words, for machines as a status."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from flask import Flask, abort

from fluxgen import db
from fluxgen.models import Account
from fluxgen.security import public
from fluxgen.settings import Settings
from tests.support.making import Visit
from tests.support.pages import parse


def crash() -> str:
    """A bug of ours."""
    raise RuntimeError("private words of the exception")


@pytest.mark.parametrize("address", ["/nowhere", "/generations/x/y/z", "/static/none"])
def test_no_such_address_is_a_page(visit: Visit, address: str) -> None:
    answer = visit(None).get(address)
    assert answer.status_code == 404
    page = parse(answer.text)
    assert page.is_whole and page.one("h1").words
    assert "Request" not in page.one("main").words  # an id is for faults of ours


@pytest.mark.parametrize(
    ("method", "address"),
    [("POST", "/"), ("DELETE", "/history"), ("PUT", "/studio"), ("GET", "/generations/x/cancel")],
)
def test_the_wrong_method_is_405(visit: Visit, alice: Account, method: str, address: str) -> None:
    answer = visit(alice).open(address, method=method)
    assert answer.status_code == 405
    assert parse(answer.text).one("h1").words == "Not like this"


def test_a_bug_is_a_page_with_an_id_to_name(app: Flask, visit: Visit) -> None:
    app.add_url_rule("/crash", view_func=public(crash))
    answer = visit(None).get("/crash")
    assert answer.status_code == 500
    words = parse(answer.text).one("main").words
    assert "Nothing was charged" in words
    assert re.search(r"Request [0-9a-f]{16}\b", words)
    assert "private words" not in answer.text and "RuntimeError" not in answer.text


def test_a_bug_in_a_fragment_is_a_bare_status(app: Flask, visit: Visit) -> None:
    app.add_url_rule("/partials/crash", view_func=public(crash))
    answer = visit(None).get("/partials/crash")
    assert (answer.status_code, answer.data) == (500, b"")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (403, "You cannot do that here"),
        (409, "Things have moved on"),
        (410, "deleted for good"),
        (429, "That was a lot at once"),
        (503, "Nothing is lost"),
        (404, ""),
        (413, ""),
        (500, ""),
    ],
)
def test_htmx_gets_the_words_alone_and_puts_them_nowhere(
    app: Flask, visit: Visit, code: int, words: str
) -> None:
    """A page of ours has no place inside another; where the words are missing, the script has
    better ones."""

    def refuse(described: int) -> str:
        abort(code, "Said in so many words." if described else None)

    app.add_url_rule("/refused/<int:described>", view_func=public(refuse))
    client = visit(None)
    answer = client.get("/refused/0", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.mimetype) == (code, "text/plain")
    assert answer.headers["HX-Reswap"] == "none"
    assert words in answer.text and bool(words) == bool(answer.text)
    assert client.get("/refused/1", headers={"HX-Request": "true"}).text == "Said in so many words."
    assert parse(client.get("/refused/1").text).is_whole


@pytest.mark.parametrize(
    ("came", "back"),
    [
        ("/history?q=fox", ["/history?q=fox"]),
        ("//history", ["/history"]),
        ("//evil.test/", []),
        ("/history/selected/delete", []),
        ("/generations", []),
        ("/account/limit", []),
        ("/purchases", []),
    ],
)
def test_a_refused_form_leads_back_to_what_was_looked_for(
    visit: Visit, alice: Account, came: str, back: list[str]
) -> None:
    """And nowhere where only forms are answered."""
    headers = {"Referer": f"http://localhost{came}"}
    page = parse(visit(alice).post("/history/selected/delete", headers=headers).text)
    assert [link["href"] for link in page.all("a") if link.words == "Back"] == back


@pytest.mark.parametrize("address", ["/partials/nowhere", "/images/nowhere", "/webhooks/nowhere"])
def test_fragments_pictures_and_machines_get_no_page(visit: Visit, address: str) -> None:
    answer = visit(None).get(address)
    assert (answer.status_code, answer.data) == (404, b"")


class TestWithoutPostgres:
    """Nothing listens at the database's address."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        nobody = {"database_url": "postgresql://fluxgen@127.0.0.1:9/fluxgen"}
        return settings.model_copy(update=nobody)

    @pytest.mark.parametrize("address", ["/", "/studio", "/signin/google"])
    def test_a_page_says_so(self, visit: Visit, address: str) -> None:
        client = visit(None)
        client.set_cookie("fluxgen", "x" * 43, domain="localhost")
        answer = client.get(address)
        assert answer.status_code == 503
        assert parse(answer.text).one("h1").words == "Not at the moment"
        assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("address", "status"), [("/studio", 500), ("/nowhere", 404)])
def test_an_error_in_the_header_itself_is_a_page_too(
    visit: Visit, alice: Account, address: str, status: int
) -> None:
    client = visit(alice)
    db.database.execute_sql("ALTER TABLE announcement RENAME TO elsewhere")
    answer = client.get(address)
    assert answer.status_code == status
    page = parse(answer.text)
    assert page.is_whole and page.one("h1").words
    assert (page.one("h1").words == "There is no page here") == (status == 404)
    assert alice.email not in answer.text


@pytest.fixture
def no_database(app: Flask, tmp_path: Path) -> None:
    """The file is no database any more."""
    db.database.obj.close_all()
    for path in tmp_path.glob("fluxgen.db*"):
        path.unlink()
    (tmp_path / "fluxgen.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "fluxgen.db").execute("SELECT * FROM account")


@pytest.mark.parametrize("address", ["/", "/studio", "/signin", "/signin/google"])
def test_without_a_database_a_page_says_so(visit: Visit, no_database: None, address: str) -> None:
    client = visit(None)
    client.set_cookie("fluxgen", "x" * 43, domain="localhost")
    answer = client.get(address)
    assert answer.status_code == 503
    assert parse(answer.text).one("h1").words == "Not at the moment"


def test_without_a_database_a_fragment_says_so_too(visit: Visit, no_database: None) -> None:
    client = visit(None)
    client.set_cookie("fluxgen", "x" * 43, domain="localhost")
    answer = client.get("/partials/unfinished?ids=x")
    assert (answer.status_code, answer.data) == (503, b"")
    ready = client.get("/readyz")
    assert ready.status_code == 503


def test_the_process_is_up_without_a_database(visit: Visit, no_database: None) -> None:
    assert visit(None).get("/healthz").status_code == 200


def test_a_head_request_has_no_body(visit: Visit) -> None:
    answer = visit(None).head("/")
    assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.both_databases
def test_garbage_in_an_address_is_404(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    garbage = ("/generations/%00", "/generations/%ff%fe", "/images/%00/320", "/images/%00/download")
    for address in garbage:
        assert client.get(address).status_code == 404, address
    for act in ("undo", "delete", "alt"):
        assert client.post(f"/pictures/%00/{act}").status_code == 404, act
    for query in ("deleted", "q", "look", "slot", "collection", "after", "model"):
        assert client.get(f"/history?{query}=%00").status_code == 200, query
