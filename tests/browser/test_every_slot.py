"""The whole way from a Look's form to its picture, for every kind of slot: at a desk and on a phone,
with and without scripts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import DESK, Person
from tests.browser.desk import answer, sentence
from tests.browser.running import Running
from tests.browser.test_phone import PHONE, SCROLLS_SIDEWAYS
from tests.browser.watch import watched
from tests.support.photographs import photograph
from tests.support.workers import until

pytestmark = pytest.mark.xdist_group("browser")

PLACES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": DESK},
    "phone": PHONE,
    "desk, plain": {"viewport": DESK, "java_script_enabled": False},
    "phone, plain": {**PHONE, "java_script_enabled": False},
}
PICTURE: FilePayload = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
NEWEST = """SELECT generation.public_id, prompt, look, look_version, slots, had_reference FROM generation
    JOIN account ON account.id = generation.account_id WHERE account.email = ?
    ORDER BY generation.id DESC LIMIT 1"""


@dataclass(frozen=True)
class Kind:
    """A slot of this kind in a Look: how it is answered, what is shown of it, what is kept."""

    look: str
    slot: str
    give: Callable[[Page], None]
    words: str
    kept: Any
    needs: Mapping[str, str] = field(default_factory=dict)


def _write(name: str, words: str) -> Callable[[Page], None]:
    return lambda page: answer(page, "fill", f"slot.{name}", words)


def _pick(name: str, *values: str) -> Callable[[Page], None]:
    def pick(page: Page) -> None:
        for value in values:
            answer(page, "pick", f"slot.{name}", value)

    return pick


def _attach(page: Page) -> None:
    """A picture, with both confirmations: they are said of this file."""
    page.locator("#reference").set_input_files(PICTURE)
    page.locator("#reference-consented").check()
    page.locator("#reference-adult").check()


DISH, BEAST = {"slot.dish": "lentil soup"}, {"slot.creature": "a hedgehog"}
JADE = {"name": "jade", "hex": ["#00a878"]}
THREE = ["torn bread", "lime", "spilt salt"]
KINDS = {
    "text": Kind("late-counter", "dish", _write("dish", "clams"), "Clams in", "clams"),
    "choice": Kind(
        *("late-counter", "vessel", _pick("vessel", "steel tray")),
        *("a scratched steel tray", "steel tray", DISH),
    ),
    "choice+": Kind(
        *("felt-friend", "wears", _pick("wears", "rain boots")),
        *("yellow rain boots", "rain boots", BEAST),
    ),
    "choice+, own words": Kind(
        *("felt-friend", "wears", _write("wears.other", "a paper crown")),
        *("a paper crown", {"other": "a paper crown"}, BEAST),
    ),
    "many": Kind(
        *("late-counter", "trace", _pick("trace", *THREE)),
        *("torn bread, a squeezed half of lime and a little spilt salt", THREE, DISH),
    ),
    "colour": Kind(
        *("late-counter", "glow", _pick("glow", "jade"), "one jade-green sign", JADE, DISH)
    ),
    "amount": Kind(
        *("late-counter", "steam", _pick("steam", "clouds of it")),
        *("clouds of steam", "clouds of it", DISH),
    ),
    "words": Kind(
        *("two-inks", "headline", _write("headline", "SWIM LATE"), "SWIM LATE", "SWIM LATE"),
        {"slot.subject": "a swimmer"},
    ),
    "reference": Kind(
        *("window-light", "reference", _attach),
        *("the same person as in the reference picture", True, {"slot.who": "a baker"}),
    ),
}


@pytest.fixture(scope="module", params=PLACES)
def somebody(
    request: pytest.FixtureRequest, house: Running, chromium: Browser
) -> Iterator[tuple[Person, bool]]:
    """Signed in at this place, once for all kinds; and whether there are scripts."""
    place = PLACES[request.param]
    with watched(chromium, house.url, **place) as (context, watch):
        yield Person(context, watch, house).sign_in(), place.get("java_script_enabled", True)


@pytest.mark.parametrize("name", KINDS)
def test_an_answer_is_in_the_text_the_picture_arrives_and_the_record_keeps_it(
    somebody: tuple[Person, bool], name: str
) -> None:
    (person, has_scripts), kind = somebody, KINDS[name]
    page = person.open(f"/studio?look={kind.look}")
    for needed, words in kind.needs.items():
        answer(page, "fill", needed, words)
    kind.give(page)
    if not has_scripts:
        page.get_by_role("button", name="Show the text").click()
    expect(sentence(page)).to_contain_text(kind.words)
    text = sentence(page).inner_text()
    if kind.give is _attach and not has_scripts:  # no page can give a file back
        _attach(page)
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    before = person.generations()
    page.locator("#generate").click()
    until(lambda: person.generations() == before + 1)
    ((public_id, prompt, *chosen, slots, had_reference),) = person.house.rows(NEWEST, person.email)
    assert (prompt, chosen) == (text, [kind.look, 1])
    assert json.loads(slots)[kind.slot] == kind.kept
    assert bool(had_reference) == (kind.give is _attach)
    shown = page.locator(f"#generation-{public_id} img" if has_scripts else "#lightbox-picture")
    expect(shown).to_be_visible()  # without scripts the page refreshes by itself until then
    expect(shown).not_to_have_js_property("naturalWidth", 0)
