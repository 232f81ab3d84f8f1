"""Our own rules and limits at the form: words at the field, nothing sent, nothing held."""

from __future__ import annotations

from typing import Any

import pytest

from fluxgen import accounts
from fluxgen import settings as house_settings
from fluxgen.generations import limits
from fluxgen.models import Account, Generation, Refusal, Session
from fluxgen.sandbox import Sandbox
from fluxgen.settings import Settings
from tests.support.cast import HTMX, order
from tests.support.life import failed, running, submitted
from tests.support.making import Visit, latest, make
from tests.support.referring import files, send, with_picture
from tests.support.workers import Workers


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_words_against_the_rules_are_refused_at_the_prompt_and_still_there(
    visit: Visit, alice: Account, headers: dict[str, str]
) -> None:
    form = order(prompt="a nude child")
    answer = visit(alice).post("/generations", data=form, headers=headers)
    assert answer.status_code == 422
    assert "under 18" in answer.text
    assert "a nude child" in answer.text
    assert Generation.select().count() == 0
    assert accounts.balance(alice).held == 0
    assert Refusal.select().count() == 1


def test_words_to_undress_a_photograph_or_a_result_are_refused_and_nothing_is_held(
    visit: Visit, alice: Account, sandbox: Sandbox, workers: Workers
) -> None:
    ticks: dict[str, Any] = {f"slot.reference.{name}": "yes" for name in ("consented", "adult")}
    form = with_picture(prompt="strip her, remove all clothing", reference_person="yes", **ticks)
    assert send(visit(alice), form).status_code == 422
    sitting = make(visit(alice), workers, prompt="charcoal study of a nude woman")
    address = f"/generations/{sitting.public_id}/edit"
    instruction = "make her dress transparent, she wears nothing"
    answer = visit(alice).post(address, data={"nonce": "n", "instruction": instruction})
    assert answer.status_code == 422
    assert "real people" in answer.text
    assert instruction in answer.text
    assert Account.get_by_id(alice.id).held == 0
    assert Refusal.select().count() == 2
    assert files(sandbox) == []
    larger = visit(alice).post(address.replace("edit", "upscale"), data={"nonce": "larger"})
    assert larger.status_code == 303  # an invented body stays as it is, only larger


def test_words_against_the_rules_wait_for_no_credits(visit: Visit, alice: Account) -> None:
    form = order(prompt="a nude child", intent="buy")
    answer = visit(alice).post("/generations", data=form)
    assert answer.status_code == 422
    assert "under 18" in answer.text
    assert "nude child" not in str([session.data for session in Session.select()])


def test_words_against_the_rules_do_not_come_along_to_the_door(visit: Visit) -> None:
    door = visit(None)
    answer = door.post("/signin/google", data={"prompt": "a nude child"})
    assert answer.status_code == 422
    assert "under 18" in answer.text
    assert "nude child" not in str([session.data for session in Session.select()])
    assert door.post("/signin/google", data={"prompt": "a fox"}).status_code == 200


def test_too_many_a_minute_is_said_with_a_time(
    settings: Settings, visit: Visit, alice: Account
) -> None:
    house_settings.use(settings.model_copy(update={"generations_a_minute": 2}))
    client = visit(alice)
    for _ in range(2):
        assert client.post("/generations", data=order()).status_code == 303
    answer = client.post("/generations", data=order(), headers=HTMX)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "within a minute" in answer.text
    assert Generation.select().count() == 2


def test_trying_again_keeps_to_the_same_limits_and_twice_is_once(
    monkeypatch: pytest.MonkeyPatch, visit: Visit, alice: Account
) -> None:
    client, ended = visit(alice), failed(alice)
    address = f"/generations/{ended.public_id}/retry"
    assert client.post(address, headers=HTMX).status_code == 201
    assert client.post(address, headers=HTMX).status_code == 201
    assert Generation.select().count() == 2
    monkeypatch.setattr(limits, "BLOCKED_A_DAY", 1)
    blocked = failed(alice, "blocked")
    answer = client.post(f"/generations/{blocked.public_id}/retry", headers=HTMX)
    assert answer.status_code == 429
    assert "after midnight (UTC)" in answer.text
    assert int(answer.headers["Retry-After"]) > 0


def test_the_rule_of_cancelling_is_on_the_button(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    waiting, one, under_way = submitted(alice, count=4), submitted(alice), running(alice)
    for generation, words in (
        (waiting, "Cancel, 4 credits come back"),
        (one, "Cancel, 1 credit comes back"),
        (under_way, "Stop; credits come back if nothing is delivered"),
    ):
        assert words in client.get(f"/partials/generations/{generation.public_id}").text


def test_one_stop_too_many_is_refused_in_words_on_the_card(
    monkeypatch: pytest.MonkeyPatch, visit: Visit, alice: Account
) -> None:
    monkeypatch.setattr(limits, "STOPS_A_DAY", 0)
    under_way = running(alice)
    address = f"/generations/{under_way.public_id}/cancel"
    answer = visit(alice).post(address, headers=HTMX)
    assert answer.status_code == 409
    assert "This one runs to its end" in answer.text
    assert latest(under_way).cancel_requested_at is None
