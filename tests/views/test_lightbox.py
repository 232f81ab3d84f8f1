"""The lightbox as a page and as a fragment: its place among what is looked for, and its words."""

from __future__ import annotations

import pytest

from fluxgen import archive
from fluxgen.models import Account
from tests.support.cast import HTMX, Browser
from tests.support.making import Visit, image, latest, make
from tests.support.pages import parse
from tests.support.workers import Workers


def steps(client: Browser, address: str) -> tuple[str | None, str | None, str]:
    """Where newer and older lead, and how the heading names the place."""
    page = parse(client.get(address).text)
    ways = {link["rel"]: link["href"] for link in page.all("a") if link.has("rel")}
    (heading,) = page.all("h1")
    return ways.get("prev"), ways.get("next"), heading.words


def test_steps_go_through_the_pictures_of_a_generation_and_on(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    old = f"/generations/{make(client, workers).public_id}"
    two = f"/generations/{make(client, workers, count='2').public_id}"
    new = f"/generations/{make(client, workers).public_id}"
    assert steps(client, new) == (None, two, "Picture 3, 1 of 4")
    assert steps(client, two) == (new, f"{two}?picture=2", "Picture 2A, 2 of 4")
    assert steps(client, f"{two}?picture=2") == (two, old, "Picture 2B, 3 of 4")
    assert steps(client, f"/partials{old}/lightbox") == (
        f"{two}?picture=2",
        None,
        "Picture 1, 4 of 4",
    )


@pytest.mark.parametrize(
    ("query", "marks"),
    [("q=kettle", False), ("favourite=yes", True)],
)
def test_next_is_the_next_of_what_is_looked_for(
    visit: Visit, alice: Account, workers: Workers, query: str, marks: bool
) -> None:
    client = visit(alice)
    wanted = [make(client, workers, prompt="a copper kettle")]
    make(client, workers, prompt="a paper boat")
    wanted += [make(client, workers, prompt="a kettle of tin")]
    make(client, workers, prompt="a boat of paper")
    for generation in wanted if marks else []:
        client.post(f"/generations/{generation.public_id}/favourite")
    old, new = (f"/generations/{generation.public_id}?{query}" for generation in wanted)
    assert steps(client, new) == (None, old, "Picture 3, 1 of 2")
    assert steps(client, old) == (new, None, "Picture 1, 2 of 2")
    tile = next(
        link
        for link in parse(client.get(f"/history?{query}").text).all("a")
        if link.get("data-fragment")
    )
    assert tile.get("href") == new


def test_where_there_are_too_many_to_count_the_place_says_so(
    visit: Visit, alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(archive.place.__globals__, "PLACE_MAX", 2)
    monkeypatch.setattr(archive, "PLACE_MAX", 2)
    client = visit(alice)
    made = [make(client, workers, prompt="a kettle") for _ in range(4)]
    for query in ("", "?q=kettle"):
        headings = [steps(client, f"/generations/{one.public_id}{query}")[2] for one in made]
        assert headings[::-1] == [
            "Picture 4, 1 of more than 2",
            "Picture 3, 2 of more than 2",
            "Picture 2, 3 of more than 2",
            "Picture 1",
        ]


def test_a_strip_shows_both_sides_and_the_way_back_keeps_the_search(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    made = [make(client, workers, prompt="a kettle") for _ in range(3)]
    page = parse(client.get(f"/generations/{made[1].public_id}?q=kettle").text)
    strip = [
        link for link in page.all("a") if (link.get("aria-label") or "").startswith("Picture ")
    ]
    assert [link.get("aria-label") for link in strip] == ["Picture 3", "Picture 2", "Picture 1"]
    assert [link.get("aria-current") for link in strip] == ["", "true", ""]
    (close,) = [link for link in page.all("a") if link.get("aria-label") == "Close"]
    assert close.get("href") == f"/history?q=kettle#generation-{made[1].public_id}"


def test_the_recipe_and_both_copies_are_there(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers, prompt="a copper kettle")
    page = parse(client.get(f"/generations/{generation.public_id}").text)
    recipe = page.by_id("lightbox-recipe").words
    folded = page.by_id("lightbox-recipe").parent
    assert folded and folded.tag == "details"  # to be read without scripts
    assert recipe.startswith("a copper kettle")
    assert f"Seed: {generation.seed}" in recipe
    (delete,) = [form for form in page.all("button") if form.get("data-key") == "delete"]
    assert delete.words == "Delete picture"
    assert page.by_id("lightbox-seed").words == str(generation.seed)
    copies = {link.get("href") for link in page.all("a") if "/download" in (link.get("href") or "")}
    start = f"/images/{image(generation).public_id}/download?copy="
    assert copies == {f"{start}share", f"{start}working"}


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_picture_is_described_in_own_words(
    visit: Visit, alice: Account, workers: Workers, headers: dict[str, str]
) -> None:
    client = visit(alice)
    generation = make(client, workers, prompt="a copper kettle")
    page, form = (
        f"/generations/{generation.public_id}",
        f"/pictures/{image(generation).public_id}/alt",
    )
    assert parse(client.get(page).text).by_id("lightbox-picture").get("alt") == "a copper kettle"
    answer = client.post(form, data={"alt": " A kettle,\n steaming "}, headers=headers)
    assert answer.status_code == (200 if headers else 303)
    assert parse(client.get(page).text).by_id("lightbox-picture").get("alt") == "A kettle, steaming"
    assert f"Picture {generation.number}: A kettle, steaming" in client.get("/history").text
    client.post(form, data={"alt": "\u200b"}, headers=headers)  # nothing that could be read out
    assert image(generation).alt is None


@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize(
    ("words", "says"),
    [("x" * 1001, "The limit is 1,000."), ("bell\x07", "read out"), ("a\u202eb", "read out")],
)
def test_a_description_that_does_not_fit_stays_typed(
    visit: Visit, alice: Account, workers: Workers, headers: dict[str, str], words: str, says: str
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    answer = client.post(
        f"/pictures/{image(generation).public_id}/alt", data={"alt": words}, headers=headers
    )
    assert answer.status_code == 422
    assert says in answer.text
    assert words in answer.text
    assert image(generation).alt is None


def test_the_star_of_the_lightbox_marks_the_tile_beneath(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    form = {"from": "lightbox", "beneath": "tile", "favourite": "yes"}
    answer = client.post(f"/generations/{generation.public_id}/favourite", data=form, headers=HTMX)
    page = parse(answer.text)
    assert page.by_id("lightbox-favourite").get("aria-pressed") == "true"
    assert page.by_id(f"favourite-{generation.public_id}")
    assert latest(generation).favourite_at is not None


def test_single_keys_are_switched_off_and_on(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    assert 'data-single-keys="off"' not in client.get("/history").text
    client.post("/account/keys", data={"single_keys": "no"})
    assert 'data-single-keys="off"' in client.get("/history").text
    assert "Single keys do nothing" in client.get("/account?saved=keys").text
    client.post("/account/keys", data={"single_keys": "yes"})
    assert 'data-single-keys="off"' not in client.get("/history").text
