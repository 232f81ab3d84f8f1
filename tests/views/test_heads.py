"""The head of every page: title, description, social picture, icons, manifest."""

from __future__ import annotations

import io
import json
from urllib.parse import urljoin

import pytest
from PIL import Image as Pillow

from fluxgen.models import Account
from tests.support import cast
from tests.support.making import Visit
from tests.support.pages import Page, parse

INTRODUCED = (
    *("/", "/looks", "/looks/window-light", "/looks/two-inks", "/pricing", "/promises", "/contact"),
    *("/journal", "/journal/what-a-look-is", "/journal/what-fluxgen-is", "/privacy", "/terms"),
)
OTHERS = ("/studio", "/history", "/collections", "/credits", "/account", "/account/erasure")
FOR_EVERYBODY_ELSE = ("/signin", "/nowhere", "/offline")
SOCIAL_SIZE = (1200, 630)
DESCRIPTION_MAX = 200
TITLE_MAX = 70


def titles(page: Page) -> str:
    return page.one("title").words


def links(page: Page, rel: str) -> list[str]:
    """Where the page's links of this kind lead."""
    return [str(each["href"]) for each in page.all("link") if each.get("rel") == rel]


def metas(page: Page) -> dict[str, str]:
    """What the page says of itself, by name."""
    found = {
        each.get("name") or each.get("property"): each.get("content") for each in page.all("meta")
    }
    return {str(name): str(content) for name, content in found.items() if name}


def test_every_public_page_is_introduced_in_its_own_words(visit: Visit) -> None:
    pages = {path: parse(visit(None).get(path).text) for path in INTRODUCED}
    assert len({titles(page) for page in pages.values()}) == len(pages)
    assert len({metas(page)["description"] for page in pages.values()}) == len(pages)
    for path, page in pages.items():
        said = metas(page)
        assert titles(page).endswith(" · FluxGen") and len(titles(page)) <= TITLE_MAX, path
        assert 40 < len(said["description"]) <= DESCRIPTION_MAX, path
        assert said["og:title"] and said["og:site_name"] == "FluxGen", path
        assert said["twitter:card"] == "summary_large_image", path
        assert links(page, "canonical") == [f"{cast.ORIGIN}{path}"], path
        assert "robots" not in said, path
        picture = visit(None).get(said["og:image"].removeprefix(cast.ORIGIN))
        assert Pillow.open(io.BytesIO(picture.data)).size == SOCIAL_SIZE, path


def test_every_page_has_a_title_and_only_public_ones_are_for_search_engines(
    visit: Visit, alice: Account
) -> None:
    for who, paths in ((alice, OTHERS), (None, FOR_EVERYBODY_ELSE)):
        for path in paths:
            page = parse(visit(who).get(path).text)
            assert titles(page).endswith(" · FluxGen"), path
            assert 40 < len(metas(page)["description"]) <= DESCRIPTION_MAX, path
            assert metas(page)["robots"] == "noindex", path
            assert not links(page, "canonical"), path


@pytest.mark.parametrize("path", ["/", "/signin", "/journal", "/nowhere"])
def test_icons_and_manifest_are_there(visit: Visit, path: str) -> None:
    page = parse(visit(None).get(path).text)
    assert "viewport-fit=cover" in metas(page)["viewport"]
    for address in (*links(page, "icon"), *links(page, "apple-touch-icon")):
        assert visit(None).get(address).status_code == 200, address
    assert {address.rpartition(".")[2] for address in links(page, "icon")} == {"ico", "svg"}
    (address,) = links(page, "manifest")
    manifest = json.loads(visit(None).get(address).text)
    sizes = {}
    for icon in manifest["icons"]:
        picture = Pillow.open(io.BytesIO(visit(None).get(urljoin(address, icon["src"])).data))
        assert icon["sizes"] == f"{picture.width}x{picture.height}"
        sizes[icon.get("purpose", "any")] = picture.width
    assert sizes == {"any": 512, "maskable": 512}
    assert manifest["start_url"] and manifest["name"] == "FluxGen"
