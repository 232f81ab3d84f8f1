"""Every word that people read can be translated; a page speaks its reader's language if it can."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask

from fluxgen import language
from fluxgen.archive import GONE_AFTER_S
from fluxgen.assets import STATIC
from fluxgen.jobs import letters
from fluxgen.models import Account
from fluxgen.sandbox import Sandbox
from fluxgen.views import errors
from tests.support import mails, pseudo
from tests.support.buying import bought
from tests.support.cast import HTMX, Browser, order, penniless
from tests.support.making import Visit, ask, image, make
from tests.support.pages import parse
from tests.support.studio import filled
from tests.support.workers import Workers, pass_time

PROMPT = "12345 67890"
OWN = (PROMPT, "[fail]")
USED = re.compile(r"\b(?:word|counted)\(\"(\w+)\"")
PUBLIC = ("/", "/looks", "/looks/window-light", "/pricing", "/contact", "/promises", "/signin")


@pytest.fixture
def eo(app: Flask, tmp_path: Path) -> Flask:
    """The app with a language in which every sentence is marked."""
    pseudo.learn(app, tmp_path)
    return app


def read(client: Browser, address: str, status: int = 200, **options: object) -> list[str]:
    """What of a page nobody could translate."""
    answer = client.get(address, headers={**pseudo.ASKING, **options})
    assert answer.status_code == status, address
    assert pseudo.OPENS in answer.text, address
    return [f"{address}: {words}" for words in pseudo.unwrapped(answer.text, *OWN)]


def sent(client: Browser, address: str, status: int, htmx: bool = False, **data: str) -> list[str]:
    """The same of what a form is answered."""
    headers = {**pseudo.ASKING, **(HTMX if htmx else {})}
    answer = client.post(address, data=data, headers=headers)
    assert answer.status_code == status, address
    return [f"POST {address}: {words}" for words in pseudo.unwrapped(answer.text, *OWN)]


def test_every_word_of_the_public_pages_can_be_translated(eo: Flask, visit: Visit) -> None:
    client = visit(None)
    found = [words for address in PUBLIC for words in read(client, address)]
    found += read(client, "/nothing/here", 404)
    assert not found, "\n".join(found)


def test_every_word_around_a_picture_can_be_translated(
    eo: Flask, visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    found = read(client, "/studio")
    looks = filled(**{"slot.who": PROMPT, "tier": "draft"})
    first = make(client, workers, prompt=PROMPT)
    other = make(client, workers, **looks)
    make(client, workers, prompt=f"{PROMPT} [fail]")
    ask(client, prompt=PROMPT)
    page = f"/generations/{first.public_id}"
    for address in (
        *("/studio", "/studio?look=window-light", "/history", "/history?q=12345&favourite=yes"),
        *("/history?status=ended", "/history?after=1", page, f"/partials{page}/lightbox"),
        *(f"/generations/{other.public_id}", f"/studio?reference={first.public_id}.1"),
        *(f"/history/compare?a={first.public_id}&b={other.public_id}", "/history/compare"),
        *("/collections", f"/studio?remix={other.public_id}"),
        f"/generations/sheets/new?from={other.public_id}&slot=hour",
    ):
        found += read(client, address)
    found += sent(client, f"/pictures/{image(first).public_id}/alt", 422, alt="x" * 2000)
    found += sent(client, f"/generations/{other.public_id}/delete", 200, htmx=True)
    large = {"from": "lightbox"}
    found += sent(client, f"/generations/{first.public_id}/delete", 200, True, **large)
    pass_time(GONE_AFTER_S + 1)
    found += sent(client, f"/generations/{first.public_id}/undo", 410, True, **large)
    assert not found, "\n".join(found)


def test_every_refusal_can_be_translated(eo: Flask, visit: Visit) -> None:
    client = visit(penniless("bob"))
    found = sent(client, "/generations", 422, **order(prompt=""))
    found += sent(client, "/generations", 422, **order(prompt=PROMPT, seed="x"))
    found += sent(client, "/generations", 402, **order(prompt=PROMPT))
    found += sent(client, "/account/limit", 422, daily_limit="x")
    found += sent(client, "/account/name", 422, name="")
    found += sent(client, "/purchases", 422, pack="usual")
    found += sent(client, "/account/erasure", 422, what="account", typed="no")
    assert not found, "\n".join(found)


def test_every_word_about_the_account_can_be_translated(
    eo: Flask, visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    client = visit(alice)
    purchase = bought(sandbox, alice)
    make(client, workers, prompt=PROMPT)
    client.post("/account/exports")
    found = []
    for address in (
        *("/credits", "/account", "/account?saved=limit", "/account/erasure", "/pricing?need=99"),
        *("/account/erasure?what=archive", f"/purchases/{purchase.public_id}"),
    ):
        found += read(client, address)
    assert not found, "\n".join(found)


def test_every_word_of_scripts_can_be_translated(eo: Flask, visit: Visit, alice: Account) -> None:
    page = parse(visit(alice).get("/studio", headers=pseudo.ASKING).text)
    (brought,) = [each["content"] for each in page.all("meta") if each.get("name") == "words"]
    said = json.loads(brought)
    for words in said.values():
        for one in words.values() if isinstance(words, dict) else (words,):
            assert pseudo.unwrapped(f"<p>{one}</p>") == []
    scripts = "".join(path.read_text() for path in (STATIC / "js").glob("*.js"))
    assert [name for name in said if f'"{name}"' not in scripts] == []
    assert set(USED.findall(scripts)) <= said.keys()


def test_every_word_of_mails_can_be_translated(tmp_path: Path, eo: Flask) -> None:
    with eo.test_request_context("/", headers=pseudo.ASKING):
        eo.preprocess_request()
        for kind, facts in mails.MAILS:
            letter = mails.letter(kind, facts)
            said = [letter.html, f"<p>{letter.subject}</p>", f"<p>{letter.text}</p>"]
            assert [words for each in said for words in pseudo.unwrapped(each)] == [], kind
    assert {kind for kind, _ in mails.MAILS} == set(letters.kinds())


def test_every_error_can_be_translated(eo: Flask) -> None:
    for code in errors.TITLES:
        with eo.test_request_context("/", headers=pseudo.ASKING):
            eo.preprocess_request()
            assert pseudo.unwrapped(errors.page(code, *reversed(errors.worded(code)))) == []


def test_what_people_wrote_is_escaped_in_a_translated_sentence(
    eo: Flask, visit: Visit, alice: Account
) -> None:
    client = visit(alice)
    client.post("/collections", data={"name": "<b>mine</b>"})
    for headers in ({}, pseudo.ASKING):
        text = client.get("/collections", headers=headers).text
        assert "of &lt;b&gt;mine&lt;/b&gt;" in text and "<b>mine" not in text


def test_numbers_days_and_money_are_written_as_the_language_does(eo: Flask, visit: Visit) -> None:
    answer = visit(None).get("/pricing", headers=pseudo.ASKING)
    assert '<html lang="eo"' in answer.text and "Accept-Language" in answer.vary
    assert "1 000" in " ".join(answer.text.split())
    assert language.current() is language.ENGLISH


def test_without_another_language_nothing_depends_on_what_a_browser_asks_for(
    visit: Visit,
) -> None:
    plain = visit(None).get("/")
    asked = visit(None).get("/", headers={"Accept-Language": "de-AT, eo;q=0.5"})
    assert plain.text == asked.text
    assert '<html lang="en-GB"' in plain.text
    assert "Accept-Language" not in asked.vary and "Set-Cookie" not in asked.headers
