"""A reference image, over HTTP: what is taken, what is refused, and where it goes."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from fluxgen import references
from fluxgen.models import Account, Generation, Session
from fluxgen.sandbox import Sandbox
from fluxgen.uploads import KEPT_MAX_BYTES, REQUEST_MAX_BYTES, Kept
from tests.support import photographs
from tests.support.cast import HTMX, order
from tests.support.making import Visit, make
from tests.support.pages import Page, parse
from tests.support.photographs import encoded, photograph, read, scene
from tests.support.referring import files, nothing_held, refer, send, with_picture
from tests.support.workers import Workers

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "truncated": (lambda: photograph()[:4000], "not a whole"),
    "bomb": (photographs.bomb, "25 megapixels"),
    "rows missing": (photographs.without_rows, "not a whole"),
    "wide": (lambda: encoded(scene((5001, 5000)).convert("1"), "PNG"), "25 megapixels"),
    "svg": (lambda: SVG, "not a whole"),
    "gif": (lambda: encoded(scene((32, 32)), "GIF"), "not a whole"),
    "moving png": (lambda: photographs.animated("PNG"), "moves"),
    "moving webp": (lambda: photographs.animated("WEBP"), "moves"),
    "empty": (lambda: b"", "empty"),
    "text": (lambda: b"not a picture at all", "not a whole"),
    "document": (lambda: b"%PDF-1.7\n" + photograph(), "not a whole"),
    "polyglot": (lambda: photograph() + b"PK\x03\x04" + b"\0x" * 100, "something else behind"),
    "large": (lambda: photograph() + b"\0" * references.SIZE_MAX_BYTES, "more than 4 MB"),
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")  # as in production
@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize(("make", "words"), BAD.values(), ids=BAD)
def test_what_is_no_picture_is_refused_at_the_field(
    visit: Visit,
    alice: Account,
    sandbox: Sandbox,
    headers: dict[str, str],
    make: Callable[[], bytes],
    words: str,
) -> None:
    form = with_picture(make(), prompt="keep these words")
    answer = send(visit(alice), form, headers=headers)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert words in page.by_id("reference-error").words
    assert page.by_id("prompt").words == "keep these words"
    assert page.checked("model") == "flux-2-klein"
    assert said(page) == []  # that was about the file that is gone
    assert nothing_held(alice)
    assert files(sandbox) == []


TAKEN = {
    "png": lambda: photograph("PNG"),
    "jpeg": photograph,
    "webp": lambda: photograph("WEBP"),
    "turned": lambda: encoded(scene(), "JPEG", exif=photographs.exif(6)),
    "printed": lambda: encoded(scene(mode="CMYK"), "JPEG"),
    "four megabytes": lambda: photograph() + b"\0" * (4 * 1024 * 1024 - len(photograph())),
}


@pytest.mark.parametrize("make", TAKEN.values(), ids=TAKEN)
def test_a_picture_reaches_the_provider_as_pixels_only(
    visit: Visit, alice: Account, sandbox: Sandbox, make: Callable[[], bytes]
) -> None:
    generation = refer(visit(alice), data=make(), name="IMG_0231 Berlin.jpg")
    (file,) = files(sandbox)
    assert (generation.had_reference, generation.reference_file) == (True, file.id)
    assert generation.reference_url is not None and generation.reference_url.endswith(file.id)
    assert photographs.PLACE.encode() not in file.content
    assert "Berlin" not in file.name
    assert not read(file.content).getexif()


def test_the_answer_to_a_refused_file_says_that_it_is_to_be_chosen_again(
    visit: Visit, alice: Account
) -> None:
    answer = send(visit(alice), with_picture(prompt=""))
    assert answer.status_code == 422
    assert "Choose the picture again" in parse(answer.text).by_id("reference-field").words


def test_without_a_file_nothing_changes(visit: Visit, alice: Account, sandbox: Sandbox) -> None:
    form = order(model="flux-2-klein", reference=FileStorage(io.BytesIO(b""), ""))
    assert send(visit(alice), form).status_code == 303
    assert not Generation.get().had_reference
    assert files(sandbox) == []


def test_a_model_that_takes_none_says_so(visit: Visit, alice: Account, sandbox: Sandbox) -> None:
    form = with_picture(model="flux-schnell")
    answer = send(visit(alice), form)
    assert answer.status_code == 422
    assert "cannot use a reference image" in parse(answer.text).by_id("form-error").words
    assert nothing_held(alice) and files(sandbox) == []


def test_it_has_to_be_said_whether_somebody_is_in_it(
    visit: Visit, alice: Account, sandbox: Sandbox
) -> None:
    for given in ("", "perhaps"):
        answer = send(visit(alice), with_picture(reference_person=given))
        assert answer.status_code == 422
        assert "Say whether" in parse(answer.text).by_id("reference-error").words
    assert nothing_held(alice) and files(sandbox) == []


TICKS: dict[str, Any] = {"slot.reference.consented": "yes", "slot.reference.adult": "yes"}
PORTRAIT: dict[str, Any] = {
    "look": "window-light",
    "slot.who": "a baker",
    "aspect_ratio": "4:5",
    "reference_person": "",
}


@pytest.mark.parametrize("look", [{"reference_person": "yes"}, PORTRAIT], ids=["words", "look"])
def test_a_person_needs_both_confirmations(
    visit: Visit, alice: Account, sandbox: Sandbox, look: dict[str, Any]
) -> None:
    client = visit(alice)
    for missing in TICKS:
        ticks: dict[str, Any] = {name: value for name, value in TICKS.items() if name != missing}
        answer = send(client, with_picture(**look, **ticks))
        assert answer.status_code == 422
        page = parse(answer.text)
        assert "Tick both" in page.by_id("reference-error").words
        assert said(page) == [name for name in look if look[name] == "yes"]
    assert nothing_held(alice) and files(sandbox) == []
    assert send(client, with_picture(**look, **TICKS)).status_code == 303
    assert len(files(sandbox)) == 1


def test_a_look_that_takes_none_says_so(visit: Visit, alice: Account, sandbox: Sandbox) -> None:
    form = with_picture(look="small-sign", tier="draft", aspect_ratio="1:1")
    answer = send(visit(alice), form)
    assert answer.status_code == 422
    assert "without a reference" in parse(answer.text).by_id("compose-form").words
    assert nothing_held(alice) and files(sandbox) == []


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_a_silent_provider_is_503_and_everything_typed_is_kept(
    visit: Visit, alice: Account, sandbox: Sandbox, headers: dict[str, str]
) -> None:
    sandbox.replicate.faults.down = 1.0
    form = with_picture(prompt="keep these words")
    answer = send(visit(alice), form, headers=headers)
    assert answer.status_code == 503
    page = parse(answer.text)
    assert "Nothing was charged" in page.by_id("reference-error").words
    assert page.by_id("prompt").words == "keep these words"
    assert nothing_held(alice)


def test_too_few_credits_leave_nothing_at_the_provider(
    visit: Visit, bob: Account, sandbox: Sandbox
) -> None:
    answer = send(visit(bob), with_picture())
    assert answer.status_code == 402
    assert nothing_held(bob)
    assert files(sandbox) == []


def test_the_same_form_sent_twice_is_handed_over_once(
    visit: Visit, alice: Account, sandbox: Sandbox
) -> None:
    client = visit(alice)
    first = refer(client, nonce="the-same")
    sandbox.replicate.faults.down = 1.0  # nobody is asked again
    second = refer(client, nonce="the-same")
    assert first.id == second.id
    assert [file.id for file in files(sandbox)] == [first.reference_file]


def test_other_addresses_take_no_file(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    answer = send(client, with_picture(bytes(100_000)), "/partials/compose/preview")
    assert answer.status_code == 413


def test_a_file_far_too_large_still_brings_the_words_back(visit: Visit, alice: Account) -> None:
    form = with_picture(photograph() + bytes(30 * 1024 * 1024), prompt="keep these words")
    answer = send(visit(alice), form)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert page.by_id("prompt").words == "keep these words"
    assert "more than 4 MB" in page.by_id("reference-error").words
    assert nothing_held(alice)


def test_beyond_that_nothing_is_read_and_the_page_says_so_of_the_words_too(
    visit: Visit, alice: Account
) -> None:
    answer = visit(alice).post(
        "/generations",
        data=b"--x\r\n",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(REQUEST_MAX_BYTES + 1)},
    )
    assert answer.status_code == 413
    assert "the words beside it did not reach us" in answer.text


# Consent is said of one picture, and goes with it.


def said(page: Page) -> list[str]:
    """What the form shows as said about the person in the picture."""
    return [
        box["name"]
        for box in page.all("input")
        if box.has("checked") and box["name"] in {"reference_person", *TICKS}
    ]


SAID: dict[str, Any] = {"reference_person": "yes", **TICKS}


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize("intent", ["", "options", "preview", "fix"])
def test_a_form_that_comes_back_without_its_picture_has_no_consent(
    visit: Visit, alice: Account, headers: dict[str, str], intent: str
) -> None:
    form = with_picture(**SAID, prompt="", intent=intent)
    page = parse(send(visit(alice), form, headers=headers).text)
    assert page.by_id("reference") and said(page) == ["reference_person"]
    assert page.checked("reference_person") == "yes"  # so that both are asked for again
    form = with_picture(prompt="", intent=intent)  # nobody is in it: of another that is asked anew
    page = parse(send(visit(alice), form, headers=headers).text)
    assert page.by_id("reference") and said(page) == []
    form = with_picture(**PORTRAIT, **TICKS, seed="x", intent=intent)
    page = parse(send(visit(alice), form, headers=headers).text)
    assert page.by_id("reference") and said(page) == []


def test_the_form_for_the_next_picture_has_no_consent(visit: Visit, alice: Account) -> None:
    for form in (with_picture(**SAID), with_picture(**PORTRAIT, **TICKS)):
        answer = send(visit(alice), form, headers=HTMX)
        assert answer.status_code == 201
        page = parse(answer.text)
        assert page.by_id("reference") and said(page) == []


def test_a_form_that_waits_keeps_no_consent(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    form = with_picture(**{**PORTRAIT, **SAID, "slot.who": "a baker"}, intent="buy")
    assert send(client, form).status_code == 303
    assert "consented" not in str(Session.get().data)
    page = parse(client.get("/studio").text)
    assert page.by_id("slot-who-words")["value"] == "a baker"
    assert "Choose the picture again" in page.by_id("reference-field").words
    assert said(page) == []


def test_beside_the_same_picture_of_ones_own_it_stays_until_it_is_used(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    name = f"{make(client, workers).public_id}.1"
    form = order(**PORTRAIT, **TICKS, tier="draft", reference_from=name)
    page = parse(client.post("/generations", data={**form, "seed": "x"}).text)
    assert said(page) == list(TICKS)
    other = with_picture(**PORTRAIT, **TICKS, reference_from=name, seed="x")
    assert said(parse(send(client, other).text)) == []
    used = client.post("/generations", data=form, headers=HTMX)
    assert used.status_code == 201
    assert said(parse(used.text)) == []


def test_of_a_file_that_is_too_large_no_more_is_kept_in_memory() -> None:
    part = Kept()
    assert [part.write(bytes(1024 * 1024)) for _ in range(20)] == [1024 * 1024] * 20
    assert len(part.getvalue()) == KEPT_MAX_BYTES == references.SIZE_MAX_BYTES + 1


def test_the_log_knows_nothing_of_it(
    visit: Visit, alice: Account, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        refer(visit(alice), name="IMG_0231 Berlin.jpg")
        send(visit(alice), with_picture(SVG, name="Berlin.svg"))
    assert "Berlin" not in "".join(str(vars(record)) for record in caplog.records)
