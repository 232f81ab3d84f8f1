"""What opens on a page when somebody presses something, to be photographed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

Act = Callable[[Page], object]
NO_FAVOURITE = ".generation-card--done:not(:has(.star__button--on))"
expect.set_options(timeout=60_000)


def _pictures(page: Page) -> Locator:
    return page.locator(".generation-card__picture")


def _menu(page: Page) -> None:
    page.get_by_role("button", name="account menu").click()


def _filters(page: Page) -> None:
    for summary in page.locator(".history-search summary:visible").all():
        summary.click()


def _select(page: Page) -> None:
    for at in range(3):
        page.get_by_label("Select", exact=False).nth(at).check()
    expect(page.locator("#selection-count")).to_contain_text("3")


def _collect(page: Page) -> None:
    _select(page)
    page.locator("#selection-more > summary").click()


def _question(page: Page) -> None:
    page.get_by_label("Select", exact=False).nth(0).check()
    page.locator(".generation-card:has(.star__button--on) [name=id]").first.check()
    page.locator("#selection-delete").click()
    expect(page.locator("#selection-sure")).to_be_visible()


def _lightbox(page: Page) -> None:
    _pictures(page).nth(2).click()
    expect(page.locator("#lightbox h1")).to_be_attached()


def _download(page: Page) -> None:
    _lightbox(page)
    page.locator(".lightbox__download > summary").click()


def _describe(page: Page) -> None:
    _lightbox(page)
    page.locator("#lightbox-alt > summary").click()
    page.locator(".collections-of > summary").click()


def _undo(page: Page) -> None:
    page.locator(f"{NO_FAVOURITE} .generation-card__picture").last.focus()
    page.keyboard.press("Delete")
    expect(page.locator(".generation-card--deleted")).to_be_visible()


def _toast(page: Page) -> None:
    page.locator(f"{NO_FAVOURITE} [name=id]").last.check()
    page.locator("#selection-delete").click()
    expect(page.locator("#toasts")).to_contain_text("1 deleted.")


def _keyboard(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keyboard")).to_be_visible()


def _generate(page: Page) -> None:
    page.locator("#generate").click()
    expect(page.locator(".field__error").first).to_be_visible()


def _models(page: Page) -> None:
    for summary in page.locator(".compose-form summary:visible").all():
        summary.click()


def _somebody_new(page: Page) -> None:
    page.get_by_text("Be somebody else").click()
    page.get_by_label("E-mail", exact=False).first.fill("someone-new@example.test")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()


OPENED: dict[str, tuple[str, Act]] = {
    "menu": ("/history", _menu),
    "filters": ("/history?q=nothing+of+the+kind", _filters),
    "selection": ("/history", _select),
    "selection collected": ("/history", _collect),
    "selection question": ("/history", _question),
    "lightbox": ("/history", _lightbox),
    "lightbox download": ("/history", _download),
    "lightbox describing": ("/history", _describe),
    "keyboard": ("/history", _keyboard),
    "studio refused": ("/studio", _generate),
    "studio opened": ("/studio", _models),
    "look refused": ("/studio?look=late-counter", _generate),
    "deleted": ("/history", _undo),
    "deleted toast": ("/history", _toast),
}
"""Where it begins, and what is done there; the last ones take a picture away."""

WELCOME: tuple[str, Act] = ("/signin/google", _somebody_new)
