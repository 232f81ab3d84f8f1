"""What is made of a result costs what its button said, or says what it costs now."""

from __future__ import annotations

import pytest

from fluxgen.models import Account, Generation
from fluxgen.sandbox import Sandbox
from tests.support.cast import HTMX
from tests.support.making import Visit, make
from tests.support.pages import Page, parse
from tests.support.referring import files
from tests.support.results import DEEDS
from tests.support.workers import Workers

PRICED = {"vary": 4, "edit": 4, "upscale": 2}
OTHERS = ("1", "0", "x", "9" * 400)


@pytest.fixture
def fox(visit: Visit, alice: Account, workers: Workers) -> Generation:
    return make(visit(alice), workers, prompt="a red fox", model="flux-dev", tier="studio")


def sent(page: Page, parent: Generation, deed: str) -> dict[str, str]:
    """What a browser sends when this deed's button is pressed."""
    action = f"/generations/{parent.public_id}/{deed}"
    (form,) = [form for form in page.all("form") if form.get("action") == action]
    inside = [box for box in page.all("input") if box.inside_of(form)]
    boxes = [box for box in inside if box.get("type") != "radio" or box.has("checked")]
    return {box["name"]: box["value"] for box in boxes} | DEEDS[deed]


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize("deed", DEEDS)
def test_another_price_than_the_button_said_is_said_and_nothing_held(
    visit: Visit,
    alice: Account,
    sandbox: Sandbox,
    fox: Generation,
    deed: str,
    headers: dict[str, str],
) -> None:
    client, address = visit(alice), f"/generations/{fox.public_id}/{deed}"
    form = sent(parse(client.get(f"/generations/{fox.public_id}").text), fox, deed)
    prices = [name for name in form if name.startswith("shown_credits")]
    for other in OTHERS:
        changed = {**form, **dict.fromkeys(prices, other)}
        answer = client.post(address, data=changed, headers=headers)
        assert answer.status_code == 409
        page = parse(answer.text)
        assert f"This costs {PRICED[deed]} credits" in page.by_id("result-notice").words
        assert "9" * 30 not in answer.text
        assert page.by_id("edit-instruction").words == form.get("instruction", "")
        assert bool(page.all("main")) == (not headers)
        assert (answer.headers.get("HX-Retarget") == "#result-acts") == bool(headers)
    assert Generation.select().count() == 1 and files(sandbox) == []
    assert Account.get_by_id(alice.id).held == 0
    answer = client.post(address, data=sent(page, fox, deed), headers=headers)
    assert answer.status_code in {201, 303}
    assert Generation.get(Generation.parent == fox).cost_credits == PRICED[deed]


def test_each_editor_has_a_price_of_its_own(visit: Visit, alice: Account, fox: Generation) -> None:
    client, address = visit(alice), f"/generations/{fox.public_id}/edit"
    form = sent(parse(client.get(f"/generations/{fox.public_id}").text), fox, "edit")
    form["model"] = "flux-kontext-max"
    cheaper = form["shown_credits.flux-kontext-pro"]
    answer = client.post(address, data={**form, "shown_credits.flux-kontext-max": cheaper})
    assert answer.status_code == 409
    assert parse(answer.text).checked("model") == "flux-kontext-max"
    assert client.post(address, data=form).status_code == 303
