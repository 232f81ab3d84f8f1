"""One picture taken away, to share or to work on, and opened again in the studio."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image as Pillow
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from fluxgen import adapters, archive, pictures
from fluxgen.generations import Filled
from fluxgen.generations.working_copies import written
from fluxgen.models import Account, Generation, Image
from tests.support import exiftool
from tests.support.cast import HTMX, Browser, order
from tests.support.drawing import drawn
from tests.support.life import done
from tests.support.making import Visit, image, latest, make
from tests.support.pages import parse
from tests.support.referring import send
from tests.support.workers import Workers

KINDS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
SLOTS = {"thing": "a bell & a “rope”"}


def downloaded(client: Browser, generation: Generation, copy: str = "") -> TestResponse:
    query = f"?copy={copy}" if copy else ""
    return client.get(f"/images/{image(generation).public_id}/download{query}")


def opened(client: Browser, data: bytes, htmx: bool = True, **fields: str) -> TestResponse:
    """Give a file to the studio, with the form as it is."""
    sent = {**order(**fields), "working_copy": FileStorage(io.BytesIO(data), "x.png")}
    return send(client, sent, "/studio/working-copy", headers=HTMX if htmx else {})


def field(text: str, name: str) -> str:
    return next(box["value"] for box in parse(text).all("input") if box.get("name") == name)


def stored_as(generation: Generation, file_format: str) -> None:
    """As if the provider had sent another kind of file."""
    kept = pictures.decode(drawn(file_format, (64, 64)))
    key = archive.key(generation, 0, "original")
    adapters.current().storage.put(key, kept.data, "")
    Image.update(**kept.facts).where(Image.generation == generation).execute()


@pytest.mark.parametrize("file_format", KINDS)
def test_a_share_copy_has_the_mark_and_no_recipe(
    visit: Visit, alice: Account, file_format: str
) -> None:
    client, row = visit(alice), done(alice, prompt="secret words")
    stored_as(row, file_format)
    for copy in ("", "share"):
        answer = downloaded(client, row, copy)
        name = f"fluxgen-1-1.{KINDS[file_format]}"
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert exiftool.metadata(answer.data) == {exiftool.MARK: exiftool.AI_MADE}
        assert b"secret" not in answer.data


@pytest.mark.parametrize("file_format", KINDS)
def test_a_working_copy_has_the_recipe_for_others_to_read_too(
    visit: Visit, alice: Account, file_format: str
) -> None:
    client, row = visit(alice), done(alice, prompt="ein grüner Fuchs 🦊", seed=77)
    stored_as(row, file_format)
    answer = downloaded(client, row, "working")
    assert answer.headers["Content-Disposition"].endswith(f"-working.{KINDS[file_format]}")
    found = exiftool.metadata(answer.data)
    assert found.pop(exiftool.MARK) == exiftool.AI_MADE
    assert found["XMP-fluxgen:Prompt"] == "ein grüner Fuchs 🦊"
    assert found["XMP-fluxgen:Seed"] == 77
    assert Pillow.open(io.BytesIO(answer.data)).size == (64, 64)


def test_what_was_stored_without_a_mark_leaves_with_one(visit: Visit, alice: Account) -> None:
    client, row = visit(alice), done(alice)
    adapters.current().storage.put(archive.key(row, 0, "original"), drawn(exif={0x110: "x"}), "")
    Image.update(is_marked=False).execute()
    assert exiftool.metadata(downloaded(client, row).data) == {exiftool.MARK: exiftool.AI_MADE}


def test_there_are_two_copies_and_no_third(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    row = make(visit(alice), workers)
    assert downloaded(visit(alice), row, "secret").status_code == 404
    for copy in ("share", "working"):
        assert downloaded(visit(mallory), row, copy).status_code == 404
        assert downloaded(visit(None), row, copy).status_code == 401


@pytest.mark.parametrize("file_format", KINDS)
@pytest.mark.parametrize("htmx", [True, False])
def test_dropping_a_working_copy_restores_look_slots_and_seed(
    visit: Visit, alice: Account, file_format: str, htmx: bool
) -> None:
    client = visit(alice)
    row = done(
        alice, look=Filled("small-sign", 1, SLOTS), model="flux-2-pro", tier="studio", seed=99
    )
    stored_as(row, file_format)
    answer = opened(client, downloaded(client, row, "working").data, htmx)
    if not htmx:
        assert (answer.status_code, answer.location) == (303, "/studio")
        answer = client.get("/studio")
    assert answer.status_code == 200
    assert (field(answer.text, "look"), field(answer.text, "seed")) == ("small-sign", "99")
    assert "a bell &amp; a “rope”" in answer.text


def test_dropping_a_working_copy_restores_words_model_and_shape(
    visit: Visit, alice: Account
) -> None:
    client = visit(alice)
    row = done(
        alice,
        prompt="a red fox\n& snow",
        model="flux-dev",
        tier="studio",
        aspect_ratio="16:9",
        seed=5,
    )
    stored_as(row, "PNG")
    answer = opened(client, downloaded(client, row, "working").data)
    assert answer.status_code == 200
    page = parse(answer.text)
    assert page.one("textarea").words == "a red fox & snow"
    ticked = {box["name"]: box["value"] for box in page.all("input") if box.has("checked")}
    assert (ticked["model"], ticked["tier"], ticked["aspect_ratio"]) == (
        *("flux-dev", "studio", "16:9"),
    )
    assert field(answer.text, "seed") == "5"


NONSENSE = {
    "no file": b"",
    "no picture": b"<!doctype html>",
    "a picture of somebody else": drawn(),
    "a share copy": pictures.decode(drawn()).data,
    "half a file": pictures.marked(drawn(), "png", {"Version": "1"})[:60],
    "no model": pictures.marked(drawn(), "png", {"Version": "1", "Prompt": "x"}),
    "another version": pictures.marked(drawn(), "png", {"Version": "2", "Model": "a", "Tier": "b"}),
}
SOUND = {"Version": "1", "Model": "flux-dev", "Tier": "studio", "Prompt": "a fox", "Seed": "1"}
HOSTILE = {
    "a long prompt": {"Prompt": "x" * 3000},
    "control characters": {"Prompt": "a\x85b"},
    "a seed that is none": {"Seed": "1e9"},
    "a huge seed": {"Seed": "9" * 30},
    "slots that are no JSON": {"Slots": "{"},
    "slots that are a list": {"Slots": "[]"},
    "slots of another shape": {"Slots": json.dumps({"slot.thing": {"a": 1}})},
    "a field that is no slot": {"Slots": json.dumps({"nonce": ["x"]})},
    "very deep slots": {"Slots": "[" * 9000},
    "a NUL": {"Slots": '{"slot.thing": ["a\\u0000"]}'},
    "half a pair in an answer": {"Slots": '{"slot.thing": ["a\\ud800"]}'},
    "half a pair in a name": {"Slots": '{"slot.\\udc00": ["a"]}'},
}


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("data", NONSENSE.values(), ids=NONSENSE)
def test_what_is_no_working_copy_is_said_and_the_form_stays(
    visit: Visit, alice: Account, data: bytes, htmx: bool
) -> None:
    answer = opened(visit(alice), data, htmx, prompt="typed before", seed="3")
    assert answer.status_code == 422
    assert "hoose a" in parse(answer.text).one("p", css="field__error").words
    assert parse(answer.text).one("textarea").words == "typed before"
    assert field(answer.text, "seed") == "3"


@pytest.mark.parametrize("said", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_recipe_is_refused_in_words(
    visit: Visit, alice: Account, said: dict[str, str]
) -> None:
    data = pictures.marked(drawn(), "png", {**SOUND, **said})
    answer = opened(visit(alice), data, prompt="typed before")
    assert answer.status_code == 422
    assert "cannot be read" in answer.text


@pytest.mark.parametrize("htmx", [True, False])
def test_what_is_not_offered_any_more_is_said(visit: Visit, alice: Account, htmx: bool) -> None:
    for said, words in (({"Model": "flux-9"}, "not offered any more"), ({"Look": "gone"}, "Look")):
        answer = opened(visit(alice), pictures.marked(drawn(), "png", {**SOUND, **said}), htmx)
        assert answer.status_code == 200
        assert words in answer.text
        assert parse(answer.text).one("textarea").words == "a fox"


def test_answers_that_the_look_does_not_know_are_left_to_the_form(
    visit: Visit, alice: Account
) -> None:
    slots = json.dumps(
        {"slot.thing": ["<script>"], "slot.nothing": ["x"], "slot.turn": ["no such"]}
    )
    said = {**SOUND, "Look": "small-sign", "LookVersion": "77", "Slots": slots}
    answer = opened(visit(alice), pictures.marked(drawn(), "png", said))
    assert answer.status_code == 200
    assert field(answer.text, "look") == "small-sign"


def test_the_file_is_not_kept(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    row = latest(make(client, workers))
    before = sum(1 for _ in Image.select()) + sum(1 for _ in Generation.select())
    data = downloaded(client, row, "working").data
    assert pictures.recipe_in(data) == written(row)
    assert opened(client, data).status_code == 200
    assert sum(1 for _ in Image.select()) + sum(1 for _ in Generation.select()) == before


def test_a_large_file_is_read_at_its_beginning_and_a_huge_one_refused(
    visit: Visit, alice: Account
) -> None:
    data = pictures.marked(drawn(), "png", SOUND)
    assert opened(visit(alice), data + b"\0" * 8_000_000).status_code == 200
    assert opened(visit(alice), data + b"\0" * 43_000_000).status_code == 413
