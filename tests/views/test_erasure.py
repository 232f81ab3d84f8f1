"""Erasing oneself, over HTTP: plan, yes, calling it off, and the certificate."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from fluxgen import clock, privacy
from fluxgen.jobs.purchases import check
from fluxgen.models import (
    Account,
    Erasure,
    ErasureStatus,
    Generation,
    Purchase,
    Scope,
    Session,
)
from fluxgen.sandbox import Sandbox
from tests.support import life, signing_in
from tests.support.buying import begun, bought, fresh, spend
from tests.support.cast import Browser
from tests.support.erasing import carried_out, erased, planned
from tests.support.making import Visit, make
from tests.support.pages import parse
from tests.support.signing_in import ALMA
from tests.support.workers import Workers, pass_time

DAY_S = 24 * 3600


def say_yes(client: Browser, **changes: Any) -> Any:
    """The form as somebody fills it in who means it."""
    form = {"what": "account", "when": "now", "day": "", "typed": "erase", **changes}
    return client.post("/account/erasure", data=form)


def in_days(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def test_the_plan_says_what_goes_and_what_stays(
    visit: Visit, alice: Account, sandbox: Sandbox, workers: Workers
) -> None:
    bought(sandbox, alice)
    make(visit(alice), workers, count="2")
    life.submitted(alice)
    page = parse(visit(alice).get("/account/erasure").text)
    words = page.one("main").words
    for said in ("2 pictures", "1 request under way", "1,097 credits, for good", "1 payment"):
        assert said in words
    assert f"until the end of {clock.now().year + 10}" in words
    assert "Their price, €18.00, can go back" in words
    inside = [element for element in page.elements if element.inside("main")]
    assert [one.words for one in inside if one.has("autofocus")] == ["Cancel"]
    assert Erasure.select().count() == 0


def test_the_plan_says_what_becomes_of_a_payment_under_way(
    visit: Visit, alice: Account, sandbox: Sandbox
) -> None:
    purchase = begun(alice)
    sandbox.stripe.pay_later(str(purchase.session_id))
    check(purchase.id)
    words = parse(visit(alice).get("/account/erasure").text).one("main").words
    assert "1 payment that your bank has not confirmed yet" in words
    assert "nothing: you have paid for nothing" not in words


def test_nothing_begins_without_the_word(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    for typed in ("", "yes", "empty", "alice@example.test"):
        answer = say_yes(client, typed=typed)
        assert answer.status_code == 422
        assert parse(answer.text).by_id("typed-error").words == "Type “erase” to confirm."
    assert Erasure.select().count() == 0


@pytest.mark.parametrize("typed", ["erase", " Erase ", "“erase”"])
def test_now_is_now(visit: Visit, alice: Account, typed: str) -> None:
    client = visit(alice)
    life.done(alice)
    answer = say_yes(client, typed=typed)
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    watched = visit(None)
    under_way = watched.get(answer.location)
    assert "Clear-Site-Data" not in under_way.headers  # the page asks every few seconds
    page = parse(under_way.text)
    assert page.one("h1").words == "Erasing your account"
    assert [one["content"] for one in page.all("meta") if one.get("http-equiv")] == ["5"]
    carried_out(Erasure.get())
    assert client.get("/account").status_code == 303  # signed out
    gone = watched.get(answer.location)
    assert gone.headers["Clear-Site-Data"] == '"cache", "storage"'
    page = parse(gone.text)
    assert page.one("h1").words == "Your account is gone"
    document = watched.get(f"{answer.location}/certificate")
    assert document.headers["Content-Disposition"].startswith("attachment")
    facts = privacy.verify(document.text)
    assert facts["removed"]["generation"] == 1 and facts["kept"] == {}
    assert Account.select().count() == Generation.select().count() == 0


def test_on_a_day_and_called_off(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    answer = say_yes(client, when="day", day=in_days(30))
    assert (answer.status_code, answer.location) == (303, "/account?saved=erasure#said")
    assert "Clear-Site-Data" not in answer.headers
    assert "Planned. You can call it off" in client.get(answer.location).text
    pass_time(29 * DAY_S - 3600)
    assert privacy.due() == []
    assert client.post("/account/erasure/cancel").location == "/account?saved=kept#said"
    assert Erasure.get().account_id is None  # and nothing says any longer whose it was
    pass_time(5 * DAY_S)
    assert privacy.due() == []
    assert Erasure.get().status is ErasureStatus.CANCELLED
    assert Account.get().email == alice.email


def test_what_has_begun_is_not_called_off(visit: Visit, alice: Account) -> None:
    erasure = planned(alice)
    privacy.begin(privacy.claim(erasure.id) or erasure)
    answer = visit(alice).post("/account/erasure/cancel")
    assert answer.status_code == 409
    assert "too late" in answer.text


@pytest.mark.parametrize("day", ["", "soon", "2020-01-01", "9999-12-31"])
def test_a_day_that_cannot_be(visit: Visit, alice: Account, day: str) -> None:
    answer = say_yes(visit(alice), when="day", day=day)
    assert answer.status_code == 422
    assert parse(answer.text).by_id("day-error").words
    assert parse(answer.text).checked("when") == "day"
    assert Erasure.select().count() == 0


def test_one_at_a_time(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    say_yes(client, when="day", day=in_days(3))
    answer = say_yes(client, when="day", day=in_days(4))
    assert answer.status_code == 422
    assert "planned already" in answer.text
    assert Erasure.select().count() == 1


def test_the_archive_alone(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    make(client, workers)
    answer = say_yes(client, what="archive", typed="empty")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    later = make(client, workers)  # also takes the erasure's steps
    carried_out(Erasure.get())
    assert [row.public_id for row in Generation.select()] == [later.public_id]
    assert client.get("/account").status_code == 200
    watched = client.get(answer.location)
    assert watched.headers["Clear-Site-Data"] == '"cache"'
    assert "Your archive is empty" in watched.text
    assert Account.get().email == alice.email


def test_bought_credits_go_back_to_the_card_first(
    visit: Visit, alice: Account, sandbox: Sandbox
) -> None:
    purchase = bought(sandbox, alice)
    spend(alice, 500)  # 100 were given, so 400 of these were bought
    client = visit(alice)
    assert (
        "600 credits are bought and not spent. Their price, €10.80,"
        in parse(client.get("/account/erasure").text).one("main").words
    )
    answer = client.post("/account/erasure/refund")
    assert (answer.status_code, answer.location) == (303, "/account/erasure?refunded=yes")
    assert fresh(purchase).reversed_minor == 1080
    page = client.get(answer.location).text
    assert "on its way back to your card" in page and "Refund €" not in page
    again = client.post("/account/erasure/refund")  # the same click, which its twin overtook
    assert again.location == "/account/erasure?refunded=before"
    page = client.get(again.location).text
    assert "nothing left to send back" in page and "on its way back" not in page
    assert fresh(purchase).reversed_minor == 1080


def test_a_stripe_that_is_silent_is_asked_again(
    visit: Visit, alice: Account, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.adapters.stripe_payments.RETRIES", 0)
    bought(sandbox, alice)
    sandbox.stripe.faults.down = True
    answer = visit(alice).post("/account/erasure/refund")
    assert answer.status_code == 503
    assert "asked for again by itself" in answer.text
    assert Purchase.get().refunding_minor == 1800


def test_the_same_person_comes_back_as_a_stranger(visit: Visit) -> None:
    client = visit(None)
    signing_in.sign_up(client)
    first = Account.get()
    life.done(first)
    erased(first)
    again = visit(None)
    assert signing_in.sign_up(again).location == "/studio"
    stranger = Account.get()
    assert stranger.email == ALMA.email
    assert stranger.identity == first.identity and stranger.public_id != first.public_id
    assert (stranger.available, Generation.select().count()) == (100, 0)
    assert list(privacy.returned()) == []  # younger than the erasure
    assert Session.select().count() == 1


def test_a_page_of_no_erasure(visit: Visit, alice: Account) -> None:
    for address in ("/erasures/" + "A" * 22, "/erasures/" + "A" * 22 + "/certificate"):
        assert visit(None).get(address).status_code == 404
    erasure = planned(alice, begins_at=clock.after(DAY_S))
    assert visit(None).get(f"/erasures/{erasure.public_id}/certificate").status_code == 404
    page = visit(None).get(f"/erasures/{erasure.public_id}").text
    assert "Planned for" in page
    for personal in (alice.email, alice.name):
        assert personal not in page


def test_a_certificate_that_was_changed(alice: Account) -> None:
    life.done(alice)
    document = json.loads(str(erased(alice, Scope.ARCHIVE).certificate))
    document["removed"]["generation"] = 7
    with pytest.raises(Exception, match="was changed"):
        privacy.verify(json.dumps(document))
