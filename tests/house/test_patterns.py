"""The patterns page shows every component, so that it cannot rot, and nobody meets it outside."""

from __future__ import annotations

import re
from pathlib import Path

import fluxgen
from fluxgen import create_app
from fluxgen.assets import STATIC
from fluxgen.partials import patterns
from fluxgen.settings import Settings
from tests.support.making import Visit
from tests.support.pages import parse

TEMPLATES = Path(fluxgen.__file__).parent / "templates"
FRAGMENTS = {path.stem for path in (TEMPLATES / "partials").glob("*.html")}
OF_EVERY_PAGE = {"tokens", "reset", "base", "layout", "utilities", "feedback"}
STYLED = re.compile(r'set styles = \[(.*?)\]|joined\("css", \[(.*?)\]')


def test_every_component_is_on_it_in_each_of_its_states(visit: Visit) -> None:
    page = parse(visit(None).get("/-/patterns").text)
    shown = {
        element["id"].removeprefix("pattern-")
        for element in page.all(css="pattern")
        if element.has("id")
    }
    left_out = {**patterns.ANSWERS, **patterns.UNSEEN}
    assert shown | set(left_out) == FRAGMENTS
    assert not shown & set(left_out)
    assert all(left_out.values())
    empty = [one.parent for one in page.all(css="pattern__box") if not one.pieces]
    assert empty == []


def test_every_style_sheet_dresses_something_on_it_or_a_page(visit: Visit) -> None:
    """A sheet whose block no component has is a page's own, and that page names it."""
    page = parse(visit(None).get("/-/patterns").text)
    seen = {name.partition("__")[0] for element in page.elements for name in element.classes}
    blocks = {name.partition("--")[0] for name in seen}
    sheets = {file.stem for file in STATIC.glob("css/*.css")}
    sources = {path.stem: path.read_text() for path in (TEMPLATES / "pages").glob("*.html")}
    sources.pop("patterns")
    of_pages = {
        name
        for source in sources.values()
        for listed in STYLED.findall(source)
        for name in re.findall(r'"([\w-]+)"', "".join(listed))
    }
    assert sheets - blocks - of_pages - OF_EVERY_PAGE == set()


def test_samples_are_not_stored_and_ask_for_nothing(visit: Visit) -> None:
    page = parse(visit(None).get("/-/patterns").text)
    assert page.all("script") == []
    assert [element for element in page.elements if element.has("autofocus")] == []


def test_it_is_not_there_in_production(settings: Settings) -> None:
    outside = settings.model_copy(
        update={"fluxgen_env": "production", "public_url": "https://a.test"}
    )
    app = create_app(outside)
    assert "/-/patterns" not in {str(rule) for rule in app.url_map.iter_rules()}
