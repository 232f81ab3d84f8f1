"""Logs: JSON lines with allowed fields only, and nothing that anybody wrote or is."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from fluxgen.logs import FIELDS
from fluxgen.models import Account
from fluxgen.security import public
from tests.support import signing_in
from tests.support.cast import HTMX, order
from tests.support.log_lines import recorded
from tests.support.making import Visit, make
from tests.support.workers import Workers

MARKER = "marker-7f3a9c"
ALLOWED = {"at", "level", "logger", "event", "error", "where", *FIELDS}
BROWSER = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": MARKER, "HTTP_REFERER": f"/{MARKER}"}


@pytest.fixture(autouse=True)
def stderr(app: Flask) -> Iterator[io.StringIO]:
    """All that the process says, from here on."""
    with recorded() as said:
        yield said


def logged(stderr: io.StringIO) -> list[dict[str, Any]]:
    """Every line so far, checked for its fields and for the marker."""
    text = stderr.getvalue()
    assert text
    assert MARKER not in text and "203.0.113.77" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        assert set(line) <= ALLOWED, line
    return lines


def test_what_libraries_warn_of_is_a_line_without_their_words() -> None:
    logging.captureWarnings(False)  # pytest puts its own in the place of ours, phase by phase
    with warnings.catch_warnings(), recorded() as said:
        warnings.simplefilter("always")
        warnings.warn(f"cannot read {MARKER}", stacklevel=1)
    (line,) = logged(said)
    assert (line["logger"], line["level"]) == ("py.warnings", "warning")


def test_a_whole_life_leaves_no_word_of_it(
    visit: Visit, alice: Account, workers: Workers, stderr: io.StringIO
) -> None:
    Account.update(email=f"{MARKER}@example.test", name=MARKER).execute()
    client = visit(alice)
    for prompt in (MARKER, f"{MARKER} [fail]"):
        generation = make(client, workers, prompt=prompt)
        client.get(f"/generations/{generation.public_id}?x={MARKER}", environ_base=BROWSER)
        client.post(f"/generations/{generation.public_id}/delete")
    client.get("/history", environ_base=BROWSER)
    lines = logged(stderr)
    routes = {line.get("route") for line in lines}
    assert {"/generations", "/generations/<public_id>", "/history"} <= routes
    assert any(line.get("generation_id") for line in lines)


def test_refusals_and_wrong_addresses_leave_none_either(
    visit: Visit, alice: Account, stderr: io.StringIO
) -> None:
    client = visit(alice)
    client.get(f"/{MARKER}?q={MARKER}", environ_base=BROWSER)
    client.get(f"/generations/{MARKER}")
    client.post("/generations", data=order(prompt=MARKER, model=MARKER), headers=HTMX)
    client.post(f"/webhooks/replicate/{MARKER}", data=MARKER, headers={"webhook-id": MARKER})
    client.post("/generations", data=order(), headers={"Origin": MARKER}, bare=True)
    lines = logged(stderr)
    assert [line["status"] for line in lines if "status" in line] == [404, 404, 422, 401, 403]


def test_a_crash_leaves_its_kind_and_place_but_not_its_text(
    app: Flask, visit: Visit, stderr: io.StringIO
) -> None:
    def crash() -> str:
        try:
            raise sqlite3.IntegrityError(f"constraint: {MARKER}")
        except sqlite3.IntegrityError as cause:
            raise RuntimeError(f"failed for {MARKER}") from cause

    app.add_url_rule("/crash", view_func=public(crash))
    answer = visit(None).get("/crash", environ_base=BROWSER)
    (crashed,) = [line for line in logged(stderr) if "error" in line]
    assert crashed["error"] == "RuntimeError"
    assert crashed["where"][-1].endswith(" crash")
    assert crashed["request_id"] in answer.text


def test_each_request_has_an_id_of_its_own(visit: Visit, stderr: io.StringIO) -> None:
    for _ in range(3):
        visit(None).get("/")
    ids = [line["request_id"] for line in logged(stderr)]
    assert len(set(ids)) == len(ids) == 3


def test_signing_in_leaves_nobody_in_the_logs(visit: Visit, stderr: io.StringIO) -> None:
    client = visit(None)
    signing_in.sign_up(client)
    client.get(f"/signin/google/callback?code={MARKER}&state={MARKER}", environ_base=BROWSER)
    text = json.dumps(logged(stderr))
    for word in (signing_in.ALMA.email, "Alma", signing_in.ALMA.sub, "code=", "state="):
        assert word not in text


def test_other_libraries_are_reduced_to_who_and_how_bad(app: Flask, stderr: io.StringIO) -> None:
    logging.getLogger("peewee.pool").warning("row of %s", MARKER, extra={"reason": MARKER})
    logging.getLogger("fluxgen.x").warning("known", extra={"reason": "r", "prompt": MARKER})
    theirs, ours = logged(stderr)
    assert set(theirs) - {"request_id"} == {"at", "level", "logger"}
    assert (ours["event"], ours["reason"]) == ("known", "r")


def test_words_passed_as_arguments_are_not_formatted_in(app: Flask, stderr: io.StringIO) -> None:
    logging.getLogger("fluxgen.x").error("lost %s", MARKER)
    (line,) = logged(stderr)
    assert line["event"] == "lost %s"


def test_a_line_that_cannot_be_written_is_not_shown_raw(
    capsys: pytest.CaptureFixture[str], stderr: io.StringIO
) -> None:
    logging.getLogger("fluxgen.x").error("lost %s", MARKER, extra={"reason": object()})
    assert MARKER not in capsys.readouterr().err + stderr.getvalue()
