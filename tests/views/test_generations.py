"""Asking for a picture and what can be done with it, over HTTP."""

from __future__ import annotations

import pytest

from fluxgen.generations.submission import PROMPT_MAX
from fluxgen.models import Account, Entry, Generation, Image, Kind, Status
from tests.support.cast import HTMX, order
from tests.support.making import Visit, ask, latest, make
from tests.support.pages import parse
from tests.support.workers import Workers, pass_time


@pytest.mark.both_databases
def test_a_prompt_becomes_a_picture_in_the_archive(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    waiting = client.post("/generations", data=order(prompt="a red fox"), headers=HTMX)
    assert waiting.status_code == 201
    assert "Waiting" in waiting.text

    workers.work()

    generation = Generation.get()
    assert generation.status is Status.DONE
    assert Image.get().generation_id == generation.id
    assert [entry.kind for entry in Entry.select().order_by(Entry.id)] == [
        Kind.GRANT,
        Kind.HOLD,
        Kind.CAPTURE,
    ]
    assert "a red fox" in client.get("/history").text


@pytest.mark.both_databases
def test_the_same_form_sent_twice_is_one_generation(visit: Visit, alice: Account) -> None:
    client, form = visit(alice), order()
    first = client.post("/generations", data=form)
    second = client.post("/generations", data=form)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert Generation.select().count() == 1
    assert Account.get_by_id(alice.id).held == 1


def test_htmx_gets_the_card_an_empty_form_and_the_balance(visit: Visit, alice: Account) -> None:
    form = order(prompt="a red fox", model="flux-dev", tier="studio", aspect_ratio="16:9")
    answer = parse(visit(alice).post("/generations", data=form, headers=HTMX).text)
    generation = Generation.get()
    assert answer.has_id(f"generation-{generation.public_id}")
    assert answer.by_id("prompt").words == ""
    assert answer.checked("model") == "flux-dev"
    assert answer.checked("aspect_ratio") == "16:9"
    assert answer.by_id("balance").words == "96 credits"
    (nonce,) = [field["value"] for field in answer.all("input") if field.get("name") == "nonce"]
    assert nonce and nonce != form["nonce"]


def test_a_plain_form_is_sent_to_the_generations_own_page(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    answer = client.post("/generations", data=order())
    assert answer.status_code == 303
    assert answer.location == f"/generations/{Generation.get().public_id}"
    page = client.get(answer.location)
    assert page.status_code == 200
    (refresh,) = [meta for meta in parse(page.text).all("meta") if meta.has("http-equiv")]
    assert refresh.inside("noscript")


REFUSED = {
    "prompt": ({"prompt": "  \n"}, "Write what the picture"),
    "model": ({"model": "midjourney"}, "do not have that model"),
    "tier": ({"tier": "print"}, "Choose one of these"),
    "aspect_ratio": ({"aspect_ratio": "7:1"}, "does not make that shape"),
    "count": ({"count": "9"}, "1 to 4 pictures"),
    "digits": ({"seed": "9" * 5000, "count": "9" * 5000}, ""),
    "garbage": ({"count": "²", "seed": "abc", "tier": "'\x00"}, ""),
    "long": ({"prompt": "x" * (PROMPT_MAX + 1)}, "2,001 characters"),
    "very long": ({"prompt": "x" * 10_001}, "10,001 characters"),
    "bell": ({"prompt": "a fox\x07"}, "hidden control characters"),
    "C1": ({"prompt": "a\x9bfox"}, "hidden control characters"),
    "unseen": ({"prompt": "\u200b\u200d\ufeff"}, "Write what the picture"),
    "fillers": ({"prompt": "\u3164 \u2800\u0301"}, "Write what the picture"),
    "turned": ({"prompt": "a fox\u202exof\u202c"}, "hidden control characters"),
    "count 0": ({"count": "0"}, "1 to 4 pictures"),
    "count 5": ({"count": "5"}, "1 to 4 pictures"),
    "count x": ({"count": "x"}, "1 to 4 pictures"),
    "negative seed": ({"seed": "-1"}, "A seed is a"),
    "endless seed": ({"seed": "9" * 23}, "A seed is a number from 0"),
    "large seed": ({"seed": str(2**31)}, "A seed is a"),
    "no reference": ({"aspect_ratio": "match", "model": "flux-2-pro"}, "no reference image"),
}


@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize(("changes", "words"), REFUSED.values(), ids=REFUSED)
def test_a_form_that_does_not_fit_comes_back_with_words(
    visit: Visit, alice: Account, headers: dict[str, str], changes: dict[str, str], words: str
) -> None:
    form = {**order(prompt="keep these words"), **changes}
    answer = visit(alice).post("/generations", data=form, headers=headers)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert page.is_whole is (headers == {})
    assert words in page.by_id("compose-form").words
    assert page.by_id("prompt").words == form["prompt"].strip()
    assert Generation.select().count() == 0


WORDS = {
    "right to left": "ثعلب أحمر في الثلج",
    "mixed directions": "a \u2067שועל\u2069 in snow",
    "emoji": "👩\u200d🚀 on 🌙",
    "html": '<b onclick="x()">bold</b> & co',
    "braces": "{who} [and] {{7*7}} {% raw %}",
    "lines": "one\ntwo\tthree",
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_any_words_in_any_language_are_taken_as_they_are(
    visit: Visit, alice: Account, words: str
) -> None:
    client = visit(alice)
    ask(client, prompt=words)
    assert Generation.get().prompt == words
    form = order(prompt=words, tier="x")
    page = parse(client.post("/generations", data=form, headers=HTMX).text)
    assert page.by_id("prompt").words == " ".join(words.split())


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "field",
    ["prompt", "model", "tier", "aspect_ratio", "count", "seed", "look", "intent", "parent"],
)
def test_what_no_database_stores_is_never_a_500(visit: Visit, alice: Account, field: str) -> None:
    answer = visit(alice).post("/generations", data=order(**{field: "a\x00b", "origin": "remix"}))
    assert answer.status_code in {303, 422}
    nonce = visit(alice).post("/generations", data=order(nonce="a\x00b"))
    assert nonce.status_code in {303, 422}


def test_line_ends_are_made_alike(visit: Visit, alice: Account) -> None:
    ask(visit(alice), prompt="one\r\ntwo\rthree")
    assert Generation.get().prompt == "one\ntwo\nthree"


def test_the_words_stand_at_the_field(visit: Visit, alice: Account) -> None:
    answer = visit(alice).post("/generations", data=order(prompt=""), headers=HTMX)
    page = parse(answer.text)
    assert page.by_id("prompt")["aria-invalid"] == "true"
    assert "prompt-error" in page.by_id("prompt")["aria-describedby"].split()
    assert page.by_id("prompt-error").words == "Write what the picture should show first."


def test_a_missing_nonce_is_refused_in_words(visit: Visit, alice: Account) -> None:
    answer = visit(alice).post("/generations", data={"prompt": "a fox"})
    assert answer.status_code == 422
    assert "out of date" in parse(answer.text).by_id("form-error").words


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_too_few_credits_is_402_and_the_words_are_kept(
    visit: Visit, bob: Account, headers: dict[str, str]
) -> None:
    form = order(prompt="keep these words")
    answer = visit(bob).post("/generations", data=form, headers=headers)
    assert answer.status_code == 402
    page = parse(answer.text)
    assert page.by_id("prompt").words == "keep these words"
    assert "you have 0" in page.by_id("form-error").words
    assert Generation.select().count() == Entry.select().count() == 0


def test_a_full_table_is_429_with_the_time_to_wait(
    visit: Visit, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.generations.limits.UNFINISHED_MAX", 2)
    client = visit(alice)
    for _ in range(2):
        ask(client)
    answer = client.post("/generations", data=order(prompt="one more"))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert parse(answer.text).by_id("prompt").words == "one more"
    assert Account.get_by_id(alice.id).held == 2


def test_a_body_that_is_too_large_is_413(visit: Visit, alice: Account) -> None:
    answer = visit(alice).post("/generations", data=order(prompt="x" * 70_000))
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_prompt_is_never_markup(visit: Visit, alice: Account, workers: Workers) -> None:
    nasty = '"><script src=//evil.test/x></script><img src=x onerror=alert(1)>{{7*7}}'
    client = visit(alice)
    generation = make(client, workers, prompt=nasty)
    for address in (f"/generations/{generation.public_id}", "/history", "/studio", "/credits"):
        answer = client.get(address)  # the browser of the tests finds inline script and the like
        assert "<img src=x" not in answer.text and "evil.test/x></script>" not in answer.text
    assert nasty in parse(client.get("/studio").text).one(css="generation-card__words").words


def test_other_choices_without_javascript(visit: Visit, alice: Account) -> None:
    form = order(intent="options", prompt="kept", model="flux-2-pro", count="4", tier="draft")
    answer = visit(alice).post("/generations", data=form)
    assert answer.status_code == 200
    page = parse(answer.text)
    assert page.is_whole
    assert page.by_id("prompt").words == "kept"
    assert (page.checked("model"), page.checked("count")) == ("flux-2-pro", "1")
    assert page.checked("tier") == "draft"
    assert Generation.select().count() == 0


def test_retrying_twice_is_one_generation(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    failed = make(client, workers, prompt="a fox [fail]")
    assert failed.status is Status.FAILED
    address = f"/generations/{failed.public_id}/retry"
    first, second = client.post(address, headers=HTMX), client.post(address)
    assert (first.status_code, second.status_code) == (201, 303)
    assert Generation.select().count() == 2
    assert '<p hx-swap-oob="innerHTML:#live">Waiting. 1 credit held.</p>' in first.text
    again = Generation.select().order_by(Generation.id.desc()).get()
    assert second.location == f"/generations/{again.public_id}"
    assert again.prompt == failed.prompt and again.seed != failed.seed
    assert Account.get_by_id(alice.id).held == 1


def test_what_has_not_ended_cannot_be_retried(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    address = f"/generations/{ask(client).public_id}/retry"
    answer = client.post(address)
    assert answer.status_code == 409
    assert "not ended" in answer.text
    assert client.post(address, headers=HTMX).status_code == 409
    assert Generation.select().count() == 1


def test_a_retry_without_credits_says_so(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    failed = make(client, workers, prompt="[fail]")
    Account.update(available=0).execute()
    answer = client.post(f"/generations/{failed.public_id}/retry", headers=HTMX)
    assert answer.status_code == 402
    assert "you have 0" in parse(answer.text).elements[-1].words or "you have 0" in answer.text


def test_cancelling_before_the_start_brings_everything_back(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = ask(client)
    answer = client.post(f"/generations/{generation.public_id}/cancel", headers=HTMX)
    assert answer.status_code == 200
    assert not parse(answer.text).has_id(f"cancel-{generation.public_id}")
    assert '<p hx-swap-oob="innerHTML:#live">Stopping</p>' in answer.text
    workers.work()
    assert latest(generation).status is Status.CANCELLED
    after = Account.get_by_id(alice.id)
    assert (after.available, after.held) == (100, 0)


def test_a_plain_cancel_leads_back_to_the_page(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    address = f"/generations/{ask(client).public_id}"
    answer = client.post(f"{address}/cancel")
    assert (answer.status_code, answer.location) == (303, address)


def test_what_has_ended_cannot_be_cancelled(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    address = f"/generations/{make(client, workers).public_id}/cancel"
    for headers in ({}, HTMX):
        answer = client.post(address, headers=headers)
        assert answer.status_code == 409
        assert "cannot be cancelled any more" in answer.text


def test_its_page_tells_recipe_and_receipt(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    generation = make(client, workers, prompt="a red fox", seed="77")
    words = parse(client.get(f"/generations/{generation.public_id}").text).one("main").words
    for expected in ("a red fox", "Flux Schnell", "Draft", "1:1", "77", "1 of 1"):
        assert expected in words
    assert "Held: 1 credit" in words and "Captured: 1 credit" in words


def test_a_deleted_ones_page_is_gone(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    address = f"/generations/{make(client, workers).public_id}"
    client.delete(address, headers=HTMX)
    pass_time(1)
    assert client.get(address).status_code == 404
