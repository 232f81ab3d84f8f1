"""What an enlarged or edited picture keeps of the one it was made of, over HTTP."""

from __future__ import annotations

import io
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from fluxgen import archive
from fluxgen.archive import Wanted
from fluxgen.models import Account, Generation
from tests.support.cast import HTMX, Browser, order
from tests.support.making import Visit, image, latest, make
from tests.support.pages import Page, parse
from tests.support.referring import send
from tests.support.results import do
from tests.support.workers import Workers, pass_time
from tests.views.test_results_studio import value

SIGN: dict[str, Any] = {
    "look": "small-sign",
    "tier": "print",
    "aspect_ratio": "1:1",
    "slot.thing": "a teapot",
}
PLAIN: dict[str, Any] = {
    "prompt": "a red fox",
    "model": "flux-1.1-pro",
    "tier": "studio",
    "aspect_ratio": "16:9",
}


def made_of(client: Browser, workers: Workers, parent: Generation, *deeds: str) -> Generation:
    """What came of it in the end."""
    for deed in deeds:
        child = do(client, parent, deed)
        workers.work()
        parent = latest(child)
    return parent


def copied(client: Browser, row: Generation) -> Page:
    """The studio after its working copy was dropped there."""
    data = client.get(f"/images/{image(row).public_id}/download?copy=working").data
    sent = {**order(), "working_copy": FileStorage(io.BytesIO(data), "x.png")}
    return parse(send(client, sent, "/studio/working-copy", headers=HTMX).text)


def purged(*rows: Generation) -> None:
    for row in rows:
        archive.delete(row, with_favourite=True)
    pass_time(archive.GONE_AFTER_S + 1)


@pytest.mark.both_databases
def test_an_enlarged_picture_keeps_its_look_answers_and_description(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    sign = make(client, workers, **SIGN)
    client.post(f"/pictures/{image(sign).public_id}/alt", data={"alt": "A blue enamel sign"})
    large = made_of(client, workers, sign, "upscale")
    assert (large.look, large.slots, large.model) == (sign.look, sign.slots, "real-esrgan")
    wanted = Wanted(look="small-sign", answers=(("thing", "a teapot"),))
    assert [tile.number for tile in archive.page(alice, wanted).tiles] == [2, 1]
    shown = parse(client.get(f"/generations/{large.public_id}").text)
    assert shown.by_id("lightbox-picture")["alt"] == "A blue enamel sign"
    assert not shown.has_id("vary")
    for page in (
        parse(client.get(f"/studio?remix={large.public_id}").text),
        parse(client.get(f"/studio?change={large.public_id}&slot=thing").text),
        copied(client, large),
    ):
        assert (value(page, "look"), value(page, "slot.thing")) == ("small-sign", "a teapot")
        assert (page.checked("tier"), page.checked("aspect_ratio")) == ("print", "1:1")
        assert "not offered any more" not in page.by_id("compose-form").words
    assert value(page, "seed") == str(sign.seed)
    purged(sign)
    page = parse(client.get(f"/studio?remix={large.public_id}").text)
    assert (value(page, "look"), value(page, "slot.thing")) == ("small-sign", "a teapot")


def test_an_enlarged_picture_of_own_words_keeps_its_model_and_shape(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    fox = make(client, workers, **PLAIN)
    large = made_of(client, workers, fox, "upscale")
    for page in (parse(client.get(f"/studio?remix={large.public_id}").text), copied(client, large)):
        assert page.by_id("prompt").words == "a red fox"
        assert [page.checked(name) for name in ("model", "tier", "aspect_ratio")] == [
            *("flux-1.1-pro", "studio", "16:9"),
        ]
    purged(fox)
    page = copied(client, large)
    assert "was enlarged" in page.by_id("compose-form").words
    assert page.by_id("prompt").words == "a red fox"


@pytest.mark.both_databases
def test_an_edited_picture_is_named_by_what_was_there_and_what_was_changed(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    sign = make(client, workers, **SIGN)
    before = parse(client.get(f"/generations/{sign.public_id}").text).by_id("lightbox-picture")
    edited = made_of(client, workers, sign, "edit")
    assert image(edited).alt == f"{before['alt'].rstrip('.')}. make it dusk"
    assert image(made_of(client, workers, edited, "vary")).alt == image(edited).alt
    again = made_of(client, workers, edited, "upscale")
    assert image(again).alt == image(edited).alt
    page = parse(client.get(f"/studio?remix={again.public_id}").text)
    assert page.by_id("prompt").words == "make it dusk"
    assert value(page, "reference_from") == f"{sign.public_id}.1"
