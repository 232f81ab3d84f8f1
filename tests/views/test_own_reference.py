"""What was made from a picture of one's own, asked for once more: the picture is ours, so it comes
along by itself; and Looks that cannot do without one."""

from __future__ import annotations

from typing import Any

import pytest

from fluxgen import archive, generations
from fluxgen.jobs.sweep import tidy
from fluxgen.looks import library
from fluxgen.models import Account, Generation, Origin, Status
from fluxgen.sandbox import Sandbox
from tests.support.cast import HTMX, Browser, order
from tests.support.life import claimed
from tests.support.making import Visit, ask, latest, make
from tests.support.pages import parse
from tests.support.referring import files, nothing_held, send, with_picture
from tests.support.results import DEEDS, do
from tests.support.shelf import Shelf, shelf
from tests.support.studio import value
from tests.support.workers import Workers, pass_time

MADE = ["edit", "upscale", "reference"]


@pytest.fixture
def fox(visit: Visit, alice: Account, workers: Workers) -> Generation:
    return make(visit(alice), workers, prompt="a red fox")


def made_of(client: Browser, parent: Generation, how: str) -> Generation:
    if how in DEEDS:
        return do(client, parent, how)
    form = order(model="flux-2-klein", reference_from=f"{parent.public_id}.1", prompt="asleep")
    form["reference_person"] = "no"
    return ask(client, **form)


def came_of(answer: Any, status: int = 303) -> Generation:
    assert answer.status_code == status, answer.text
    return Generation.get(Generation.public_id == answer.location.rpartition("/")[2])


@pytest.mark.both_databases
@pytest.mark.parametrize("how", MADE)
def test_a_retry_takes_the_same_picture_along(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox, fox: Generation, how: str
) -> None:
    client = visit(alice)
    child = made_of(client, fox, how)
    assert (child.source, child.source_position) == (fox, 0)
    generations.end(claimed(child), "failed")
    again = came_of(client.post(f"/generations/{child.public_id}/retry"))
    assert (again.had_reference, again.source, again.origin) == (True, fox, Origin.RETRY)
    assert (again.parent, again.aspect_ratio) == (child, child.aspect_ratio)
    assert again.reference_file in {file.id for file in files(sandbox)}
    twice = came_of(client.post(f"/generations/{child.public_id}/retry"))
    assert twice == again
    workers.work()
    assert latest(again).status is Status.DONE
    tidy()
    assert files(sandbox) == []


@pytest.mark.parametrize("how", ["edit", "reference"])
def test_a_variation_does_too_and_again_of_itself(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox, fox: Generation, how: str
) -> None:
    client = visit(alice)
    child = made_of(client, fox, how)
    workers.work()
    for _ in range(2):
        page = parse(client.get(f"/generations/{child.public_id}").text)
        assert page.has_id("vary")
        varied = do(client, child, "vary")
        assert (varied.source, varied.parent, varied.origin) == (fox, child, Origin.VARY)
        assert varied.seed != child.seed and varied.prompt == child.prompt
        workers.work()
        assert latest(varied).status is Status.DONE
        child = latest(varied)


def test_a_remix_keeps_it_whatever_it_came_of(
    visit: Visit, alice: Account, workers: Workers, fox: Generation
) -> None:
    client = visit(alice)
    other = make(client, workers, prompt="a heron")
    child = made_of(client, fox, "reference")
    workers.work()
    page = parse(client.get(f"/studio?remix={child.public_id}").text)
    assert value(page, "reference_from") == f"{fox.public_id}.1"
    lineage = {"parent": child.public_id, "origin": "remix"}
    form = order(model="flux-2-klein", reference_from=f"{other.public_id}.1", **lineage)
    form["reference_person"] = "no"
    remix = ask(client, **form)
    assert (remix.parent, remix.source, remix.origin) == (child, other, Origin.REMIX)
    workers.work()
    page = parse(client.get(f"/studio?remix={remix.public_id}").text)
    assert value(page, "reference_from") == f"{other.public_id}.1"


@pytest.mark.parametrize("purged", [False, True])
def test_one_that_was_deleted_is_said_in_plain_words(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox, fox: Generation, purged: bool
) -> None:
    client = visit(alice)
    failed, child = made_of(client, fox, "reference"), made_of(client, fox, "reference")
    generations.end(claimed(failed), "failed")
    workers.work()
    archive.delete(latest(fox))
    if purged:
        pass_time(3600)
        workers.step()
        assert Generation.get_or_none(Generation.id == fox.id) is None
    held = Account.get_by_id(alice.id).held
    retried = client.post(f"/generations/{failed.public_id}/retry")
    assert retried.status_code == 409 and "is deleted. Choose another one" in retried.text
    varied = client.post(f"/generations/{child.public_id}/vary", data={"nonce": "n"})
    assert varied.status_code == 422 and "is deleted. Choose another one" in varied.text
    assert not parse(client.get(f"/generations/{child.public_id}").text).has_id("vary")
    assert Account.get_by_id(alice.id).held == held


def test_a_silent_provider_holds_nothing_for_a_retry(
    visit: Visit, alice: Account, sandbox: Sandbox, fox: Generation
) -> None:
    client = visit(alice)
    child = made_of(client, fox, "edit")
    generations.end(claimed(child), "failed")
    sandbox.replicate.faults.down = 1.0
    for headers in (HTMX, {}):
        answer = client.post(f"/generations/{child.public_id}/retry", headers=headers)
        assert answer.status_code == 503
        assert "Nothing was charged" in answer.text
    assert Account.get_by_id(alice.id).held == 0


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_a_look_that_takes_none_refuses_one_s_own_too(
    visit: Visit, alice: Account, sandbox: Sandbox, fox: Generation, headers: dict[str, str]
) -> None:
    sign = {"look": "small-sign", "slot.thing": "a bell", "aspect_ratio": "1:1"}
    form = order(**sign, reference_from=f"{fox.public_id}.1")
    answer = visit(alice).post("/generations", data=form, headers=headers)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert "works without a reference image" in page.by_id("form-error").words
    assert value(page, "slot.thing") == "a bell"
    assert files(sandbox) == [] and Generation.select().count() == 1
    assert Account.get_by_id(alice.id).held == 0


def test_a_model_without_use_for_one_s_own_says_so_keeps_it_and_makes_without(
    visit: Visit, alice: Account, sandbox: Sandbox, fox: Generation
) -> None:
    client, own = visit(alice), f"{fox.public_id}.1"
    form = order(model="flux-schnell", reference_from=own, prompt="asleep")
    page = parse(client.post("/generations", data={**form, "intent": "options"}).text)
    assert "Flux Schnell does not use" in page.by_id("reference-unused").words
    assert value(page, "reference_from") == own
    made = ask(client, **form)
    assert not made.had_reference
    assert files(sandbox) == []


# A Look that needs a picture: none is live yet, so the test makes one.

NEEDED = 'role = "person"'
PORTRAIT = {"look": "window-light", "slot.who": "a baker", "aspect_ratio": "4:5", "tier": "draft"}
TICKS: dict[str, Any] = {"slot.reference.consented": "yes", "slot.reference.adult": "yes"}


@pytest.fixture
def needy(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    with shelf(tmp_path / "shelf", monkeypatch) as shelved:
        shelved.edit("window-light", NEEDED, f"{NEEDED}\nrequired = true")
        yield shelved


def test_a_look_may_need_a_picture(
    needy: Shelf, visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    client = visit(alice)
    assert len(library.find("window-light").samples) == 6
    page = parse(client.get("/studio?look=window-light").text)
    assert "optional" not in page.by_id("reference-field").words
    for form in (PORTRAIT, {**PORTRAIT, "intent": "sheet:hour"}):
        answer = client.post("/generations", data=order(**form, prompt=""))
        assert answer.status_code == 422
        assert "Fill this in first" in parse(answer.text).by_id("reference-error").words
    assert nothing_held(alice) and files(sandbox) == []
    form = {**with_picture(), **PORTRAIT, "reference_person": "", "prompt": ""}
    assert "Tick both" in send(client, form).text
    made = came_of(send(client, {**with_picture(), **PORTRAIT, **TICKS, "prompt": ""}))
    assert made.slots["reference"] is True and made.had_reference
    assert "the same person as in the reference picture" in made.prompt
    workers.work()
    assert latest(made).status is Status.DONE
    own = order(**PORTRAIT, **TICKS, reference_from=f"{made.public_id}.1")
    child = ask(client, **own)
    generations.end(claimed(child), "failed")
    again = came_of(client.post(f"/generations/{child.public_id}/retry"))
    assert again.slots == child.slots and again.source == made
    workers.work()
    assert latest(again).status is Status.DONE
    tidy()
    assert files(sandbox) == []
