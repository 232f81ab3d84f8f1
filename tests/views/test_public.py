"""What anybody may open: landing, policies, favicon, static files, health."""

from __future__ import annotations

import gzip
import json
import re
from urllib.parse import urljoin
from xml.etree import ElementTree

import brotli
import pytest
from flask import Flask

from fluxgen import assets, catalogue
from fluxgen.models import Account
from fluxgen.settings import Settings
from tests.support import cast
from tests.support.making import Visit
from tests.support.pages import parse

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def test_the_landing_page_tells_the_prices(visit: Visit) -> None:
    page = parse(visit(None).get("/").text)
    terms = [element.words for element in page.all("dt")]
    for term, tier in zip(terms, catalogue.load().tiers.values(), strict=True):
        assert term.startswith(tier.title)
    assert "1 credit a picture" in page.all("dd")[0].words


def test_the_landing_page_of_a_member_leads_to_the_studio(visit: Visit, alice: Account) -> None:
    page = parse(visit(alice).get("/").text)
    assert page.one("a", css="button--large").words == "Open the studio"


@pytest.mark.parametrize("address", ["/", "/privacy", "/studio"])
def test_what_is_pretended_is_said_on_every_page(
    visit: Visit, alice: Account, address: str
) -> None:
    mark = parse(visit(alice).get(address).text).one(css="sandbox").words
    assert "Google" in mark and "Replicate" in mark and "pretended" in mark


class TestWithKeys:
    """With keys of a provider its sandbox is not mentioned."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        keys = {"replicate_api_token": "r8_x", "google_client_id": "x.apps"}
        return settings.model_copy(update=keys)

    def test_the_mark_names_them_no_more(self, visit: Visit) -> None:
        marks = parse(visit(None).get("/").text).all(css="sandbox")
        assert not [mark for mark in marks if "Google" in mark.words or "Replicate" in mark.words]


@pytest.mark.parametrize(("address", "title"), [("/privacy", "Privacy"), ("/terms", "Terms")])
def test_policies_are_dated_and_readable(visit: Visit, address: str, title: str) -> None:
    page = parse(visit(None).get(address).text)
    assert page.one("h1").words == title
    assert len(page.one("article").words) > 500
    assert not [element for element in page.all("p") if element.words.startswith(("#", "*"))]


def test_the_favicon_is_there_whatever_the_page_says(visit: Visit) -> None:
    answer = visit(None).get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.data[:4] == b"\x00\x00\x01\x00"


def address_of(app: Flask, filename: str) -> str:
    with app.test_request_context():
        return assets.asset(filename)


def test_static_files_are_good_for_ever_at_their_versions_address(app: Flask, visit: Visit) -> None:
    for filename in ("css/tokens.css", "fonts/newsreader.woff2"):
        answer = visit(None).get(address_of(app, filename))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        stale = visit(None).get(f"/static/000000000000/{filename}")
        assert (stale.status_code, stale.headers["Cache-Control"]) == (200, "no-cache")


def test_one_changed_file_changes_no_other_address(app: Flask) -> None:
    first, second = (address_of(app, f"css/{name}.css").split("/")[2] for name in ("ask", "menu"))
    assert first != second


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_text_is_packed_as_the_browser_takes_it(app: Flask, visit: Visit, coding: str) -> None:
    address = address_of(app, "css/tokens+reset+base.css")
    plain = visit(None).get(address, headers={"Accept-Encoding": "identity"})
    packed = visit(None).get(address, headers={"Accept-Encoding": coding})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == coding
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}[coding]
    assert unpack(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers["Vary"] == "Accept-Encoding"
    again = visit(None).get(
        address, headers={"Accept-Encoding": coding, "If-None-Match": packed.headers["ETag"]}
    )
    assert again.status_code == 304


def test_comments_stay_here_and_nothing_else_does() -> None:
    for file in [*assets.STATIC.glob("css/*.css"), *assets.STATIC.glob("js/*.js")]:
        source = file.read_text()
        sent = assets.FOR_READERS.sub("", source)
        assert not [line for line in sent.splitlines() if line.startswith("/*")], file
        assert COMMENT.sub(" ", sent).split() == COMMENT.sub(" ", source).split(), file
    planted = "/* a */ p {}\n\n  q {\n  /* b\n  */\n}"
    assert assets.FOR_READERS.sub("", planted) == "/* a */ p {}\nq {\n}"


@pytest.mark.parametrize("filename", ["css/tokens.css", "fonts/newsreader.woff2", "img/arch.webp"])
def test_a_file_is_told_what_it_needs_and_its_error_page_what_a_page_needs(
    app: Flask, visit: Visit, filename: str
) -> None:
    headers = visit(None).get(address_of(app, filename)).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Permissions-Policy" not in headers
    missing = visit(None).get(f"/static/000000000000/{filename}x")
    assert missing.status_code == 404
    assert "style-src 'self'" in missing.headers["Content-Security-Policy"]
    assert missing.headers["Cache-Control"] == "no-store"


def test_joined_style_sheets_name_their_fonts_where_the_page_preloads_them(
    app: Flask, visit: Visit
) -> None:
    sheet = visit(None).get(address_of(app, "css/reset+tokens.css")).text
    assert address_of(app, "fonts/newsreader.woff2") in sheet
    assert "url(../" not in sheet


def test_joins_that_no_page_makes_are_neither_kept_nor_packed(visit: Visit) -> None:
    answer = visit(None).get(
        "/static/000000000000/css/reset+ask+menu.css", headers={"Accept-Encoding": "br"}
    )
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
    assert "css/reset+ask+menu.css" not in assets._texts


def test_pages_are_packed_too(app: Flask) -> None:
    page = app.test_client().get("/", headers={"Accept-Encoding": "br, gzip"})
    assert page.headers["Content-Encoding"] == "br"
    assert "<h1" in brotli.decompress(page.data).decode()


@pytest.mark.parametrize(
    "path",
    [
        "../setup.cfg",
        "..%2f..%2fsetup.cfg",
        "%2e%2e/wsgi.py",
        "css/",
        "css/tokens+nothing.css",
        "css/tokens+tokens.css",
        "css/tokens+..%2f..%2fsetup.css",
    ],
)
def test_nothing_but_static_files_is_static(visit: Visit, path: str) -> None:
    assert visit(None).get(f"/static/000000000000/{path}").status_code == 404


def test_every_file_a_page_names_is_there(visit: Visit, alice: Account) -> None:
    for address in ("/", "/signin", "/privacy", "/studio", "/history", "/credits", "/nowhere"):
        page = parse(visit(alice).get(address).text)
        named = {element.get("src") or element.get("href") for element in page.elements}
        for file in sorted(name for name in named if name.startswith("/static/")):
            assert visit(None).get(file).status_code == 200, file


def test_up_and_ready(visit: Visit) -> None:
    assert visit(None).get("/healthz").json == {"ok": True}
    ready = visit(None).get("/readyz")
    assert (ready.status_code, ready.json) == (200, {"database": True, "redis": True})


class TestWithoutRedis:
    """Nothing answers at Redis's address."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"redis_url": "redis://127.0.0.1:9/0"})

    def test_it_is_up_but_not_ready(self, visit: Visit) -> None:
        assert visit(None).get("/healthz").status_code == 200
        ready = visit(None).get("/readyz")
        assert (ready.status_code, ready.json) == (503, {"database": True, "redis": False})
        assert "fluxgen_redis_up 0\n" in visit(None).get("/metrics").text


class TestCrawlers:
    """What search engines and other pages' previews read."""

    def test_the_sitemap_names_pages_that_are_there_and_public(self, visit: Visit) -> None:
        sitemap = ElementTree.fromstring(visit(None).get("/sitemap.xml").text)
        addresses = [str(element.text) for element in sitemap.iter() if element.tag.endswith("loc")]
        assert f"{cast.ORIGIN}/looks/window-light" in addresses
        for address in addresses:
            assert visit(None).get(address.removeprefix(cast.ORIGIN)).status_code == 200, address

    def test_robots_are_told_where_it_is(self, visit: Visit) -> None:
        robots = visit(None).get("/robots.txt")
        assert robots.mimetype == "text/plain"
        assert f"Sitemap: {cast.ORIGIN}/sitemap.xml" in robots.text
        assert "Disallow: /history" in robots.text

    def test_the_sitemap_names_the_journal_and_the_pages_about_us(self, visit: Visit) -> None:
        sitemap = visit(None).get("/sitemap.xml").text
        for path in ("/journal", "/journal/what-a-look-is", "/promises", "/contact", "/privacy"):
            assert f"<loc>{cast.ORIGIN}{path}</loc>" in sitemap

    @pytest.mark.parametrize(
        "address",
        [
            *("/", "/looks", "/looks/window-light", "/pricing", "/journal", "/promises"),
            *("/journal/what-a-look-is", "/contact", "/privacy", "/terms"),
        ],
    )
    def test_public_pages_introduce_themselves(self, visit: Visit, address: str) -> None:
        page = parse(visit(None).get(address).text)
        said = {
            meta.get("name") or meta.get("property"): meta.get("content")
            for meta in page.all("meta")
        }
        assert said["description"] == said["og:description"] and len(said["description"]) > 40
        assert [meta.get("name") for meta in page.all("meta")].count("description") == 1
        assert said["og:url"] == f"{cast.ORIGIN}{address}"
        assert visit(None).get(said["og:image"].removeprefix(cast.ORIGIN)).status_code == 200

    def test_other_pages_are_not_for_search_engines(self, visit: Visit, alice: Account) -> None:
        for address in ("/studio", "/history", "/nowhere"):
            page = parse(visit(alice).get(address).text)
            assert [meta["content"] for meta in page.all("meta") if meta.get("name") == "robots"]

    def test_the_manifests_icons_are_there(self, app: Flask, visit: Visit) -> None:
        address = address_of(app, "icons/site.webmanifest")
        manifest = visit(None).get(address)
        assert manifest.mimetype == "application/manifest+json"
        for icon in json.loads(manifest.text)["icons"]:
            assert visit(None).get(urljoin(address, icon["src"])).status_code == 200
