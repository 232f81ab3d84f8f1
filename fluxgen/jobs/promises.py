"""Measuring what we promise, about once an hour, by looking at ourselves as a visitor would."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from fluxgen import adapters, announcements, measurements, outbox, privacy, settings
from fluxgen.adapters.own_pages import OwnPages, Page
from fluxgen.errors import MayWorkLater

PATHS = (
    *("/", "/looks", "/pricing", "/signin", "/privacy", "/terms", "/contact"),
    *("/journal", "/promises", "/nowhere-at-all"),
)
BEGIN_SIGN_IN = "/signin/google"
FILES_MAX = 40
LOADED_BY_LINK = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch"}
LOADED_BY_LINK |= {"manifest", "apple-touch-icon", "prefetch"}
IN_CSS = re.compile(r"""url\(\s*['"]?([^'")\s]+)|@import\s+['"]([^'"]+)""", re.IGNORECASE)
IN_SCRIPT = re.compile(
    r"""['"`]((?:https?:)?//[a-z0-9][\w.-]*\.[a-z]{2,}[^'"`\s]*)""", re.IGNORECASE
)
IN_POLICY = re.compile(
    r"^(?:https?:|wss?:)?(?://)?(?:\*\.)?[a-z0-9*][\w.-]*\.[a-z]{2,}", re.IGNORECASE
)
NAMESPACES = ("http://www.w3.org/",)

log = logging.getLogger(__name__)


def measure() -> None:
    """What is due every hour: our pages, the age of what waits, and what everybody was told."""
    measurements.note("changes_untold", len(announcements.untold()))
    measurements.note("mail_oldest", outbox.oldest_hours())
    measurements.note("erasure_oldest", privacy.oldest_days())
    measurements.note("erasure_hours", privacy.longest_hours())
    try:
        seen = look_at_pages(adapters.current().own_pages)
    except MayWorkLater as trouble:
        log.warning("own pages not read", extra={"reason": str(trouble)})
        return
    measurements.note("cookies_looking", len(seen.looking))
    measurements.note("cookies", len(seen.looking | seen.signing_in))
    measurements.note("foreign_origins", len(seen.origins))
    for origin in sorted(seen.origins):
        log.error("page names another origin", extra={"reason": origin})


@dataclass(frozen=True)
class Seen:
    """The names of cookies set for looking and for beginning to sign in; other origins named."""

    looking: set[str]
    signing_in: frozenset[str]
    origins: set[str]


def look_at_pages(pages: OwnPages) -> Seen:
    """Our public pages, their files, and a sign-in begun. Raises `MayWorkLater`."""
    cookies: set[str] = set()
    loaded: set[str] = set()
    origins: set[str] = set()
    for path in PATHS:
        page = pages.read(path)
        cookies |= page.cookies
        loaded |= {urljoin(pages.origin + path, address) for address in _loads(page.text)}
        origins |= set(_allowed(page))
    own = {address for address in loaded if address.startswith(pages.origin + "/")}
    texts = sorted(address for address in own if address.endswith((".css", ".js")))[:FILES_MAX]
    for address in texts:
        found = pages.read(address).text
        pattern = IN_CSS if address.endswith(".css") else IN_SCRIPT
        loaded |= {urljoin(address, one) for one in _matches(pattern, found)}
    origins |= {_origin(address) for address in loaded if _is_foreign(address, pages.origin)}
    return Seen(cookies, pages.read(BEGIN_SIGN_IN).cookies, origins)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for found in pattern.finditer(text):
        address = next(group for group in found.groups() if group)
        if not address.startswith(NAMESPACES):
            yield address


class _Loads(HTMLParser):
    """Collects every address that a browser fetches by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link":
            if LOADED_BY_LINK & set(given.get("rel", "").lower().split()):
                self.addresses.append(given.get("href", ""))
        elif tag not in {"a", "form"}:
            self.addresses += [given[name] for name in ("src", "poster", "data") if name in given]
            self.addresses += [
                part.split()[0] for part in given.get("srcset", "").split(",") if part.split()
            ]
            if tag in {"use", "image"}:
                self.addresses += [given[name] for name in ("href", "xlink:href") if name in given]
        self.addresses += list(_matches(IN_CSS, given.get("style", "")))


def _loads(html: str) -> list[str]:
    parser = _Loads()
    parser.feed(html)
    return [one for one in parser.addresses if one and not one.startswith(("#", "data:", "blob:"))]


def _allowed(page: Page) -> Iterator[str]:
    """Other origins from which the policy lets a page load. Without a policy: anything."""
    if "default-src" not in page.policy:
        yield "any: no policy"
    for rule in page.policy.split(";"):
        name, *sources = rule.split() or [""]
        if name == "form-action":  # where a form of ours may lead, not what a page loads
            continue
        for source in sources:
            if source in {"*", "http:", "https:"}:
                yield f"any: {name}"
            elif IN_POLICY.match(source) and source != settings.current().picture_origin:
                yield source


def _is_foreign(address: str, origin: str) -> bool:
    return address.startswith(("http://", "https://", "//")) and _origin(address) != origin


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
