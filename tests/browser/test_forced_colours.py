"""In the reader's own colours, what is chosen still differs from what is not, and focus is seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPerson
from tests.browser.desk import expect_phase, order

pytestmark = pytest.mark.xdist_group("browser")

LOOKS = """(selector) => {
  const element = document.querySelector(selector), style = getComputedStyle(element);
  return [style.outlineStyle, style.outlineWidth, style.textDecorationLine, style.textDecorationThickness,
    style.borderStyle, style.borderWidth, style.backgroundColor].join(" ");
}"""
CHOSEN_AND_NOT = {
    "/studio?look=before-breakfast": [
        (".masthead__nav [aria-current]", ".masthead__nav a:not([aria-current])"),
        (".slot__pill:has(:checked)", ".slot__pill:not(:has(:checked))"),
        (".compose-form__shape:has(:checked)", ".compose-form__shape:not(:has(:checked))"),
    ],
    "/account": [(".segmented__cell:has(:checked)", ".segmented__cell:not(:has(:checked))")],
    "/credits": [
        (".statement__kinds [aria-current]", ".statement__kinds a:not([aria-current])"),
    ],
    "/history?favourite=yes": [(".toggle:has(:checked)", ".button--line")],
}


def looks(page: Page, selector: str) -> str:
    """The lines and the ground of the first such element."""
    return str(page.evaluate(LOOKS, selector))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_chosen_and_what_has_the_focus_is_seen(person: NewPerson, scheme: str) -> None:
    ada = person(forced_colors="active", color_scheme=scheme).sign_in()
    expect_phase(order(ada.open("/studio"), "in other colours"), "done")
    for path, pairs in CHOSEN_AND_NOT.items():
        page = ada.open(path)
        for chosen, other in pairs:
            assert looks(page, chosen) != looks(page, other), chosen
    page = ada.open("/studio")
    before = looks(page, "#prompt")
    page.locator("#prompt").focus()
    assert looks(page, "#prompt") != before
    assert "solid" in looks(page, "#generate")
