"""What axe-core has against a page as it stands: on a desk and on a phone, light and dark.

Everything is looked at once on either device. Between the themes nothing differs but colours, so of
the other theme only the rules about these are asked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
DESK, PHONE = 1440, 390
BOTH = (PHONE, DESK)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
RULES = {"target-size": {"enabled": True}}
"""Of WCAG 2.2, and not among what axe looks for unasked."""
COLOURS = ("color-contrast", "link-in-text-block")
SETTLED = """async (scheme) => {
  const drawn = () => new Promise(requestAnimationFrame);
  while (!matchMedia(`(prefers-color-scheme: ${scheme})`).matches) await drawn();
  await drawn();
  await Promise.race([new Promise((enough) => setTimeout(enough, 2000)),
    Promise.allSettled(document.getAnimations().filter((each) => each instanceof CSSTransition)
      .map((each) => each.finished))]);
}"""
"""Colours that have arrived: a link half-way between light and dark has no contrast. Some transitions
never end, such as those of a `<use>` that Chromium draws anew; ours take a quarter of a second."""
ASK = "(options) => axe.run(document, options).then((answer) => answer.violations)"


def violations(
    page: Page, widths: tuple[int, ...] = BOTH, rules: dict[str, Any] | None = None
) -> list[str]:
    """At each width and in both themes; nothing is loaded again."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return [said for width in widths for said in _at(page, width, RULES | (rules or {}))]


def own_width(page: Page) -> tuple[int]:
    """The width that the page has, for what is looked at on the way."""
    assert page.viewport_size
    return (page.viewport_size["width"],)


def _at(page: Page, width: int, rules: dict[str, Any]) -> Iterator[str]:
    if (width,) != own_width(page):
        page.set_viewport_size({"width": width, "height": 900})
    every: dict[str, Any] = {"rules": rules}
    for scheme, asked in zip(SCHEMES, (every, {"runOnly": COLOURS}), strict=True):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(SETTLED, scheme)
        for one in page.evaluate(ASK, {"resultTypes": ["violations"], "preload": False, **asked}):
            for node in one["nodes"]:
                yield f"{page.url}, {width} px, {scheme}: {one['id']}: {node['target']}"
