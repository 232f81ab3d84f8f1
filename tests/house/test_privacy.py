"""What leaves a visitor's browser, and what stays of a visit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fluxgen.assets import STATIC
from fluxgen.jobs import bell
from fluxgen.models import TABLES, Account, Entry, Model, Purchase, Session
from tests.support.buying import main
from tests.support.cast import ORIGIN
from tests.support.making import Visit, ask, make
from tests.support.workers import Workers

VISITOR = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "agent-7f3a9c"}
TRACES = ("203.0.113.77", "agent-7f3a9c", "cb00714d")  # the address in hex, too
ABSOLUTE = re.compile(r"""(?:https?:)?//[a-z0-9][\w.-]+\.[a-z]{2,}""", re.IGNORECASE)
NAMESPACES = ("http://www.w3.org",)
OWN_FILES = sorted(
    path
    for path in STATIC.rglob("*")
    if path.suffix in {".css", ".js", ".svg"}
    and "min" not in path.suffixes[0:-1] + [path.stem[-3:]]
)


def foreign(text: str) -> list[str]:
    """Addresses of other origins in a text."""
    known = (ORIGIN, *NAMESPACES)
    return [found for found in ABSOLUTE.findall(text) if not found.startswith(known)]


def test_no_page_names_another_origin(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    finished, waiting = make(client, workers), ask(client)
    for address in (
        *("/", "/privacy", "/terms", "/studio", "/history", "/credits", "/nowhere", "/pricing"),
        *(f"/generations/{row.public_id}" for row in (finished, waiting)),
        *(f"/partials/generations/{row.public_id}/lightbox" for row in (finished, waiting)),
        f"/partials/unfinished?ids={waiting.public_id}",
    ):
        assert foreign(client.get(address).text) == [], address
    assert foreign(visit(None).get("/signin").text) == []


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: path.name)
def test_no_style_or_script_of_ours_names_another_origin(path: Path) -> None:
    assert foreign(path.read_text()) == []


def test_a_visit_leaves_no_trace_of_where_it_came_from(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    bell.redis().flushdb()
    for account in (None, alice):
        client = visit(account)
        for address in ("/", "/signin/google", "/studio", "/history", "/nowhere"):
            client.get(address, environ_base=VISITOR)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    redis = bell.redis()
    kept += b"".join(redis.dump(key) or b"" for key in redis.scan_iter())
    assert b"alice@example.test" in kept  # the scan can find something
    assert [trace for trace in TRACES if trace.encode() in kept] == []


def test_no_table_has_room_for_an_address_or_a_browser() -> None:
    names = {field.name for table in TABLES for field in table._meta.sorted_fields}
    assert not {name for name in names if re.search(r"(^|_)(ip|addr|agent|referr?er|device)", name)}


def test_a_visitor_who_only_looks_is_not_remembered(visit: Visit) -> None:
    client = visit(None)
    for address in ("/", "/privacy", "/terms", "/signin", "/pricing"):
        client.get(address)
    assert Session.select().count() == 0
    assert client.get_cookie("fluxgen") is None


def test_pages_forbid_what_they_do_not_need(visit: Visit) -> None:
    headers = visit(None).get("/").headers
    for power in ("camera", "microphone", "geolocation"):
        assert f"{power}=()" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"


SAID_OF_A_PURCHASE = {
    "public_id": "its own name",
    "pack": "which pack it is",
    "credits": "the credits in it",
    "amount_minor": "the price",
    "currency": "its currency",
    "status": "how far it has come",
    "session_id": "Stripe's names for the session",
    "payment_id": "and the payment",
    "created_at": "when it was begun",
    "consented_at": "when you asked for the credits at once",
    "paid_at": "when it was paid",
    "reversed_minor": "what was paid back",
    "refunding_minor": "is on its way back to you",
    "reversed_credits": "how many credits went with it",
    "declines": "how often a card was refused, as a number",
    "declined_at": "when that was last",
    "attempt": "how many orders",
    "corrections": "corrections there were",
    "asked_at": "when we asked Stripe last",
    "due_at": "when we will ask next",
}
SAID_OF_A_MOVEMENT = {
    **dict.fromkeys(("kind", "key"), "what, when, how much and why"),
    **dict.fromkeys(("created_at", "reason"), "what, when, how much and why"),
    **dict.fromkeys(("available_delta", "held_delta", "owed_delta"), "how much"),
    **dict.fromkeys(("generation", "purchase"), "which picture or purchase caused it"),
    **dict.fromkeys(
        ("available_after", "held_after", "owed_after"), "what was free, held and owed afterwards"
    ),
    **dict.fromkeys(("hash", "previous_hash"), "a fingerprint of it and of the one before"),
}
NOT_SAID = {"id", "account"}
"""The row's number, and whose it is: the page is about "you"."""


@pytest.mark.parametrize(
    ("table", "said"), [(Purchase, SAID_OF_A_PURCHASE), (Entry, SAID_OF_A_MOVEMENT)]
)
def test_the_privacy_page_names_everything_that_is_stored_of_a_payment(
    visit: Visit, table: type[Model], said: dict[str, str]
) -> None:
    words = main(visit(None).get("/privacy").text).replace("\u2019", "'")
    columns = {field.name for field in table._meta.sorted_fields}
    assert set(said) == columns - NOT_SAID
    assert [phrase for phrase in said.values() if phrase not in words] == []
