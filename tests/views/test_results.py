"""From a result, over HTTP: varied, edited, enlarged; what each costs and who may."""

from __future__ import annotations

import pytest

from fluxgen import adapters, archive, generations
from fluxgen import settings as house_settings
from fluxgen.catalogue import MATCH
from fluxgen.models import Account, Generation, Image, Origin, Standing, Status
from fluxgen.sandbox import Sandbox
from fluxgen.settings import Settings
from tests.support.cast import HTMX
from tests.support.making import Visit, ask, image, latest, make
from tests.support.pages import parse
from tests.support.photographs import read
from tests.support.referring import files
from tests.support.results import DEEDS, do
from tests.support.workers import Workers


@pytest.fixture
def fox(visit: Visit, alice: Account, workers: Workers) -> Generation:
    return make(
        visit(alice), workers, prompt="a red fox", model="flux-dev", tier="studio", seed="7"
    )


def test_varying_is_the_same_recipe_with_a_seed_of_its_own(
    visit: Visit, alice: Account, workers: Workers, fox: Generation
) -> None:
    shown = parse(visit(alice).get(f"/generations/{fox.public_id}").text)
    assert shown.by_id("vary").words == "Vary · 4 credits"
    child = do(visit(alice), fox, "vary")
    assert (child.prompt, child.model, child.tier) == ("a red fox", "flux-dev", "studio")
    assert child.seed != fox.seed == 7
    assert (child.parent, child.origin) == (fox, Origin.VARY)
    workers.work()
    assert latest(child).charged_credits == 4


@pytest.mark.parametrize("deed", DEEDS)
def test_pressed_twice_is_once(
    visit: Visit, alice: Account, sandbox: Sandbox, fox: Generation, deed: str
) -> None:
    client = visit(alice)
    first, second = (do(client, fox, deed, nonce="the same") for _ in range(2))
    assert first == second
    assert Account.get_by_id(alice.id).held == first.cost_credits
    assert len(files(sandbox)) == (deed != "vary")


@pytest.mark.parametrize("deed", DEEDS)
def test_htmx_gets_the_new_card_for_the_table_and_the_balance(
    visit: Visit, alice: Account, fox: Generation, deed: str
) -> None:
    form = {"nonce": "n", **DEEDS[deed]}
    answer = visit(alice).post(f"/generations/{fox.public_id}/{deed}", data=form, headers=HTMX)
    assert answer.status_code == 201
    assert answer.headers["HX-Retarget"] == "#on-the-table"
    child = Generation.get(Generation.parent == fox)
    page = parse(answer.text)
    assert page.has_id(f"generation-{child.public_id}")
    assert page.by_id("balance").words == f"{96 - child.cost_credits} credits"


def test_an_edit_sends_the_picture_and_the_instruction_to_an_editor(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox, fox: Generation
) -> None:
    child = do(visit(alice), fox, "edit", instruction="make it dusk", model="flux-kontext-max")
    assert (child.prompt, child.model, child.cost_credits) == (
        "make it dusk",
        "flux-kontext-max",
        8,
    )
    assert (child.aspect_ratio, child.had_reference) == (MATCH, True)
    assert (child.parent, child.parent_position, child.origin) == (fox, 0, Origin.EDIT)
    (file,) = files(sandbox)
    parents = image(fox)
    assert read(file.content).size == (parents.width, parents.height)
    workers.work()
    child = latest(child)
    assert child.status is Status.DONE
    assert files(sandbox) == []
    assert image(child).width / image(child).height == pytest.approx(1, abs=0.05)


def test_upscaling_doubles_width_and_height_and_says_so_before(
    visit: Visit, alice: Account, workers: Workers, fox: Generation
) -> None:
    client, before = visit(alice), image(fox)
    button = parse(client.get(f"/generations/{fox.public_id}").text).by_id("upscale").words
    assert button == f"Upscale to {2 * before.width:,} × {2 * before.height:,} 2 credits"
    child = do(client, fox, "upscale")
    assert (child.model, child.prompt, child.origin) == ("real-esrgan", fox.prompt, Origin.UPSCALE)
    workers.work()
    after = image(latest(child))
    assert (after.width, after.height) == (2 * before.width, 2 * before.height)


def test_what_would_not_become_larger_is_not_upscaled(
    visit: Visit, alice: Account, fox: Generation
) -> None:
    Image.update(width=4000, height=4000).execute()
    client = visit(alice)
    assert not parse(client.get(f"/generations/{fox.public_id}").text).has_id("upscale")
    answer = client.post(f"/generations/{fox.public_id}/upscale", data={"nonce": "n"})
    assert answer.status_code == 422
    assert "as large already" in answer.text


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize("deed", DEEDS)
def test_too_few_credits_change_nothing_and_lead_to_more(
    visit: Visit,
    alice: Account,
    sandbox: Sandbox,
    fox: Generation,
    deed: str,
    headers: dict[str, str],
) -> None:
    spend(alice)
    form = {"nonce": "n", **DEEDS[deed]}
    client = visit(alice)
    answer = client.post(f"/generations/{fox.public_id}/{deed}", data=form, headers=headers)
    assert answer.status_code == 402
    assert "you have 0" in answer.text
    assert "/pricing?need=" in answer.text
    assert Generation.select().where(Generation.parent == fox).count() == 0
    assert files(sandbox) == []


def spend(account: Account) -> None:
    """Hold all that is left."""
    while (left := Account.get_by_id(account.id).available) > 0:
        model, tier, price = (
            ("flux-2-max", "print", 15) if left >= 15 else ("flux-schnell", "draft", 1)
        )
        recipe = generations.Recipe("a jug", model, tier, "1:1", count=1)
        generations.submit(account, recipe, f"spend-{left}-{price}")


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_a_silent_provider_is_503_and_the_instruction_is_kept(
    visit: Visit, alice: Account, sandbox: Sandbox, fox: Generation, headers: dict[str, str]
) -> None:
    sandbox.replicate.faults.down = 1.0
    form = {"nonce": "n", "instruction": "keep these words"}
    answer = visit(alice).post(f"/generations/{fox.public_id}/edit", data=form, headers=headers)
    assert answer.status_code == 503
    assert "Nothing was charged" in answer.text
    if not headers:
        assert parse(answer.text).by_id("edit-instruction").words == "keep these words"
    assert Account.get_by_id(alice.id).held == 0


def test_a_picture_whose_bytes_are_gone_is_said_to_be(
    visit: Visit, alice: Account, fox: Generation
) -> None:
    adapters.current().storage.delete([archive.key(fox, 0, "original")])
    answer = visit(alice).post(
        f"/generations/{fox.public_id}/edit", data={"nonce": "n", "instruction": "dusk"}
    )
    assert answer.status_code == 422
    assert "gone" in answer.text


BAD_EDITS = {
    "empty": ({"instruction": "  "}, "Say what should be different"),
    "unseen": ({"instruction": "\u200b\u2060"}, "Say what should be different"),
    "no editor": ({"model": "flux-schnell"}, "does not edit"),
    "a rule": ({"instruction": "as a nude child"}, "under 18"),
    "no nonce": ({"nonce": ""}, "out of date"),
    "no such picture": ({"position": "3"}, "gone"),
    "no position": ({"position": "9"}, "gone"),
    "no number": ({"position": "first"}, "gone"),
}


@pytest.mark.parametrize(("fields", "words"), BAD_EDITS.values(), ids=BAD_EDITS)
def test_an_edit_that_makes_no_sense_is_refused_in_words(
    visit: Visit,
    alice: Account,
    sandbox: Sandbox,
    fox: Generation,
    fields: dict[str, str],
    words: str,
) -> None:
    form = {"nonce": "n", "instruction": "dusk", **fields}
    answer = visit(alice).post(f"/generations/{fox.public_id}/edit", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert Generation.select().count() == 1
    assert files(sandbox) == []


@pytest.mark.parametrize("deed", DEEDS)
def test_limits_a_minute_hold_for_results_too(
    settings: Settings, visit: Visit, alice: Account, sandbox: Sandbox, fox: Generation, deed: str
) -> None:
    house_settings.use(settings.model_copy(update={"generations_a_minute": 2}))
    form = {"nonce": "n", **DEEDS[deed]}
    client = visit(alice)
    ask(client)
    answer = client.post(f"/generations/{fox.public_id}/{deed}", data=form, headers=HTMX)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert Generation.select().count() == 2
    assert files(sandbox) == []


@pytest.mark.parametrize("deed", DEEDS)
def test_somebody_elses_and_deleted_pictures_are_not_there(
    visit: Visit, alice: Account, mallory: Account, fox: Generation, deed: str
) -> None:
    form = {"nonce": "n", **DEEDS[deed]}
    address = f"/generations/{fox.public_id}/{deed}"
    assert visit(mallory).post(address, data=form).status_code == 404
    archive.delete(fox)
    assert visit(alice).post(address, data=form).status_code == 404
    assert Generation.select().count() == 1


def test_nobody_suspended_makes_anything_of_a_picture(
    visit: Visit, alice: Account, fox: Generation
) -> None:
    client = visit(alice)
    Account.update(standing=Standing.SUSPENDED).execute()
    for deed, form in DEEDS.items():
        answer = client.post(f"/generations/{fox.public_id}/{deed}", data={"nonce": "n", **form})
        assert answer.status_code == 403
    assert Generation.select().count() == 1


@pytest.mark.parametrize("deed", DEEDS)
def test_an_unfinished_one_has_no_picture_to_work_from(
    visit: Visit, alice: Account, deed: str
) -> None:
    client = visit(alice)
    waiting = ask(client)
    form = {"nonce": "n", **DEEDS[deed]}
    answer = client.post(f"/generations/{waiting.public_id}/{deed}", data=form)
    assert answer.status_code == 422
    assert "no picture to work from" in answer.text
