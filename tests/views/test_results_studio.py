"""From a result to the studio, over HTTP: remix, another answer, reference; and lineage."""

from __future__ import annotations

import re
from typing import Any

import pytest

from fluxgen import archive
from fluxgen.generations import derivation
from fluxgen.models import Account, Generation, Origin, Status
from fluxgen.sandbox import Sandbox
from tests.support.cast import order
from tests.support.making import Visit, ask, image, latest, make
from tests.support.pages import Page, parse
from tests.support.photographs import read
from tests.support.referring import files, send, with_picture
from tests.support.results import do
from tests.support.workers import Workers, pass_time

SIGN: dict[str, Any] = {
    "look": "small-sign",
    "tier": "draft",
    "aspect_ratio": "1:1",
    "slot.thing": "a teapot",
}


def value(page: Page, name: str) -> str:
    """What a hidden or written field of this name holds."""
    (field,) = [field for field in page.all("input") if field.get("name") == name]
    return field.get("value")


@pytest.fixture
def fox(visit: Visit, alice: Account, workers: Workers) -> Generation:
    return make(
        visit(alice), workers, prompt="a red fox", model="flux-dev", tier="studio", seed="7"
    )


@pytest.mark.parametrize(
    "query", ["remix={}", "change={}&slot=thing", "family={}", "reference={}.1"]
)
def test_the_studio_is_not_filled_from_somebody_elses_picture(
    visit: Visit, alice: Account, mallory: Account, fox: Generation, query: str
) -> None:
    address = f"/studio?{query.format(fox.public_id)}"
    assert visit(mallory).get(address).status_code == 404
    archive.delete(fox)
    assert visit(alice).get(address).status_code == 404


def test_a_remix_is_the_recipe_without_the_seed_and_keeps_its_lineage(
    visit: Visit, alice: Account, fox: Generation
) -> None:
    client = visit(alice)
    page = parse(client.get(f"/studio?remix={fox.public_id}").text)
    assert page.by_id("prompt").words == "a red fox"
    assert (page.checked("model"), page.checked("tier")) == ("flux-dev", "studio")
    assert value(page, "seed") == ""
    assert (value(page, "parent"), value(page, "origin")) == (fox.public_id, "remix")
    child = ask(client, prompt="a blue fox", parent=fox.public_id, origin="remix")
    assert (child.parent, child.origin) == (fox, Origin.REMIX)


def test_of_a_look_one_answer_can_be_changed_and_the_rest_stays(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    sign = make(client, workers, **SIGN)
    lightbox = parse(client.get(f"/partials/generations/{sign.public_id}/lightbox").text)
    link = f"/studio?change={sign.public_id}&slot=thing#slot-thing"
    assert link in [a.get("href") for a in lightbox.all("a")]
    page = parse(client.get(link).text)
    assert value(page, "slot.thing") == "a teapot"
    assert value(page, "seed") == str(sign.seed)
    assert value(page, "origin") == "slot"
    assert page.has_id("slot-thing")
    family = parse(client.get(f"/studio?family={sign.public_id}").text)
    assert value(family, "slot.thing") == ""


def test_a_retired_or_vanished_model_can_be_remixed_but_not_varied(
    visit: Visit, alice: Account, fox: Generation
) -> None:
    Generation.update(model="flux-of-old").execute()
    client = visit(alice)
    page = parse(client.get(f"/generations/{fox.public_id}").text)
    assert page.has_id("remix") and not page.has_id("vary")
    answer = client.post(f"/generations/{fox.public_id}/vary", data={"nonce": "n"})
    assert answer.status_code == 422
    assert "do not have that model" in answer.text
    remix = parse(client.get(f"/studio?remix={fox.public_id}").text)
    assert remix.by_id("prompt").words == "a red fox"


def test_a_picture_serves_as_the_reference_of_another(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox, fox: Generation
) -> None:
    client, name = visit(alice), f"{fox.public_id}.1"
    page = parse(client.get(f"/studio?reference={name}").text)
    assert f"Picture {fox.number} of yours" in page.by_id("reference-own").words
    assert value(page, "reference_from") == name
    form = order(model="flux-2-klein", prompt="the same fox, asleep", reference_from=name)
    form["reference_person"] = "no"
    child = ask(client, **form)
    assert (child.had_reference, child.parent, child.origin) == (True, fox, Origin.REFERENCE)
    assert child.parent_position == 0
    assert len(files(sandbox)) == 1
    workers.work()
    assert latest(child).status is Status.DONE
    again = parse(client.get(f"/studio?remix={child.public_id}").text)
    assert value(again, "reference_from") == name


def test_a_file_that_is_chosen_then_wins(
    visit: Visit, alice: Account, sandbox: Sandbox, fox: Generation
) -> None:
    form = with_picture(reference_from=f"{fox.public_id}.1")
    assert send(visit(alice), form).status_code == 303
    child = Generation.select().order_by(Generation.id.desc()).get()
    assert child.had_reference and child.parent is None
    (file,) = files(sandbox)
    assert read(file.content).size == (640, 480)


TICKS = {"slot.reference.consented": "yes", "slot.reference.adult": "yes"}
SAID: list[dict[str, str]] = [
    {},
    {"reference_person": "perhaps"},
    {"reference_person": "yes"},
    {"reference_person": "yes", "slot.reference.adult": "yes"},
    {"reference_person": "yes", "slot.reference.consented": "yes"},
]


@pytest.mark.parametrize("said", SAID)
def test_who_is_in_a_picture_of_ones_own_is_asked_like_of_any_other(
    visit: Visit, alice: Account, sandbox: Sandbox, fox: Generation, said: dict[str, str]
) -> None:
    client, name = visit(alice), f"{fox.public_id}.1"
    form = order(model="flux-2-klein", prompt="keep this", reference_from=name)
    answer = client.post("/generations", data={**form, **said})
    assert answer.status_code == 422
    page = parse(answer.text)
    words = "Tick both" if said.get("reference_person") == "yes" else "Say whether"
    assert words in page.by_id("reference-error").words
    assert (page.by_id("prompt").words, value(page, "reference_from")) == ("keep this", name)
    assert files(sandbox) == [] and Generation.select().count() == 1
    assert ask(client, **form, **TICKS, reference_person="yes").had_reference


@pytest.mark.parametrize("end", [".1", ".2", ".x", ".", ""])
def test_a_reference_that_is_not_there_is_refused_at_its_field(
    visit: Visit, mallory: Account, sandbox: Sandbox, fox: Generation, end: str
) -> None:
    form = order(model="flux-2-klein", prompt="keep this", reference_from=f"{fox.public_id}{end}")
    answer = visit(mallory).post("/generations", data=form)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert "gone" in page.by_id("reference-error").words
    assert page.by_id("prompt").words == "keep this"
    assert not page.has_id("reference-own")
    assert files(sandbox) == []


def test_the_reference_is_let_go_by_a_button(visit: Visit, alice: Account, fox: Generation) -> None:
    form = order(model="flux-2-klein", reference_from=f"{fox.public_id}.1")
    answer = visit(alice).post("/generations", data={**form, "intent": "no-reference"})
    assert answer.status_code == 200
    page = parse(answer.text)
    assert page.has_id("reference-field") and not page.has_id("reference-own")
    assert Generation.select().count() == 1


def test_what_had_an_uploaded_reference_asks_for_it_again(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    assert send(client, with_picture()).status_code == 303
    workers.work()
    made = Generation.get()
    page = parse(client.get(f"/generations/{made.public_id}").text)
    assert not page.has_id("vary")
    answer = client.post(f"/generations/{made.public_id}/vary", data={"nonce": "n"})
    assert answer.status_code == 422
    assert "choose it again" in answer.text
    remix = parse(client.get(f"/studio?remix={made.public_id}").text)
    assert "Choose the picture again" in remix.by_id("reference-field").words


def test_lineage_is_shown_both_ways_and_a_deleted_parent_says_so(
    visit: Visit, alice: Account, workers: Workers, fox: Generation
) -> None:
    client = visit(alice)
    child = do(client, fox, "edit")
    workers.work()
    up = parse(client.get(f"/generations/{child.public_id}").text).by_id("lineage")
    assert up.words == f"Edited from {fox.number} What is different"
    down = parse(client.get(f"/generations/{fox.public_id}").text).by_id("lineage")
    assert down.words == f"1 came of this {child.number} edited"
    archive.delete(latest(fox))
    gone = parse(client.get(f"/generations/{child.public_id}").text).by_id("lineage")
    assert gone.words == "Edited from a picture that is deleted"
    pass_time(archive.deletion.GONE_AFTER_S + 1)
    workers.step()
    assert Generation.get_or_none(Generation.id == fox.id) is None
    gone = parse(client.get(f"/generations/{child.public_id}").text).by_id("lineage")
    assert gone.words == "Edited from a picture that is deleted"


def test_a_card_of_an_edit_has_the_shape_of_its_picture(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    wide = make(client, workers, aspect_ratio="16:9")
    child = do(client, wide, "edit")
    address = f"/partials/generations/{child.public_id}"
    for _ in range(2):
        card = parse(client.get(address).text).by_id(f"generation-{child.public_id}")
        assert "r-16-9" in card.classes
        workers.work()
    assert re.search("as the original", client.get(address).text)
    assert derivation.source(latest(child)) == image(wide)
