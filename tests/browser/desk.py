"""What people do in the studio and see there, by what is written on it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

TIMEOUT_MS = 75_000
expect.set_options(timeout=TIMEOUT_MS)


def choose(page: Page, name: str, value: str) -> None:
    """Pick the model, tier, shape or count of this value."""
    if name == "model" and page.locator("#compose-models:not([open])").count():
        page.locator("#compose-models > summary").click()
    chosen = page.locator(f"input[name={name}][value='{value}']")
    page.locator("label").filter(has=chosen).click()
    expect(chosen).to_be_checked()


def choose_model(page: Page, slug: str) -> None:
    """Pick a model; its own options come from the server."""
    with page.expect_response("**/partials/compose/options*"):
        choose(page, "model", slug)
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def order(page: Page, prompt: str) -> Locator:
    """Write the words and press Generate; the card that appears beside an empty form."""
    page.locator("#prompt").fill(prompt)
    page.locator("#generate").click()
    shown = card(page, prompt)
    expect(shown).to_be_visible()
    return shown


def card(page: Page, prompt: str) -> Locator:
    """The card with these words, or in the archive the tile whose picture is named by them."""
    every = page.locator("article.generation-card")
    named = page.locator(f'.generation-card__picture[aria-label*="{prompt}"]')
    return every.filter(has_text=prompt).or_(every.filter(has=named))


def expect_phase(shown: Locator, phase: str) -> None:
    """Wait until the card is waiting, developing, storing, done or ended."""
    expect(shown).to_contain_class(f"generation-card--{phase}")


def expect_balance(page: Page, credits: int) -> None:
    expect(page.locator("#balance .balance__amount")).to_have_text(str(credits))


def expect_rest(page: Page) -> None:
    """Nothing on this page asks the server any more."""
    expect(page.locator("#unfinished")).to_be_attached()
    expect(page.locator("#unfinished[hx-get]")).to_have_count(0)


def public_id(shown: Locator) -> str:
    """The generation's name in addresses, from its card."""
    return (shown.get_attribute("id") or "").removeprefix("generation-")


def sentence(page: Page) -> Locator:
    """Exactly what will be sent, as it is shown."""
    return page.locator("#compose-words")


def answer(page: Page, way: str, name: str, value: str) -> None:
    """Fill in a question, or choose one of its answers."""
    if way == "fill":
        page.locator(f"[name='{name}']").fill(value)
        return
    box = page.locator(f"[name='{name}'][value='{value}']")
    if not box.is_checked():
        page.locator("label").filter(has=box).click()
    expect(box).to_be_checked()
