"""The filters of the archive, over HTTP: all that is looked for is shown, and nothing is dropped."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from fluxgen.archive import collections
from fluxgen.models import Account
from fluxgen.partials import search
from tests.domain.test_archive_finding import of_look
from tests.support.life import done, failed
from tests.support.making import Visit
from tests.support.pages import Page, parse
from tests.views.test_history import words_of


def sent(page: Page, **changes: str) -> str:
    """The address that the filters' form leads to, with what is changed in them."""
    form = page.by_id("history-search")
    said = [
        (field["name"], field.get("value"))
        for field in page.all("input")
        if field.inside_of(form) and (field.get("type") != "checkbox" or field.has("checked"))
    ]
    for select in (field for field in page.all("select") if field.inside_of(form)):
        options = [option for option in page.all("option") if option.inside_of(select)]
        chosen = [option["value"] for option in options if option.has("selected")]
        said.append((select["name"], changes.get(select["id"], "".join(chosen))))
    return "/history" + search.query(search.read(MultiDict(pair for pair in said if pair[1])))


@pytest.mark.both_databases
def test_what_has_no_control_stays_when_another_filter_changes(
    visit: Visit, alice: Account
) -> None:
    tiled = {"other": "a wall of blue tiles"}
    of_look(alice, wall=tiled), of_look(alice, "studio", wall=tiled), of_look(alice)
    gone = collections.create(alice, "winter")
    collections.discard(gone)
    client = visit(alice)
    query = "look=window-light&slot=wall%3Aa+wall+of+blue+tiles"
    page = parse(client.get(f"/history?{query}").text)
    assert page.by_id("history-matches").words == "2 pictures"
    narrower = sent(page, **{"history-tier": "studio"})
    assert narrower == f"/history?{query}&tier=studio"
    assert parse(client.get(narrower).text).by_id("history-matches").words == "1 picture"
    several = (
        "look=window-light&slot=who%3Aa+night+nurse&slot=wall%3Aa&slot=wall%3Ab&slot=wall%3Ac"
        f"&model=real-esrgan&collection={gone.public_id}&reference=yes&status=blocked"
    )
    for asked in (
        several,
        "slot=nothing%3Aof+the+kind&model=gone&tier=gone",
        "look=gone&slot=a%3Ab",
    ):
        address = sent(parse(client.get(f"/history?{asked}").text))
        assert sorted(parse_qsl(urlsplit(address).query)) == sorted(parse_qsl(asked))


def test_every_answer_leads_to_all_that_have_it(visit: Visit, alice: Account) -> None:
    rows = [of_look(alice, hour="blue dusk", wall={"other": "bare plaster"}), of_look(alice)]
    client = visit(alice)
    page = parse(client.get(f"/generations/{rows[0].public_id}").text)
    links = {a.words: a["href"] for a in page.all("a") if "slot=" in a.get("href")}
    assert {"blue dusk", "bare plaster", "a night nurse"} <= set(links)
    for words, numbers in (("bare plaster", 1), ("a night nurse", 2)):
        found = parse(client.get(links[words]).text)
        assert len(words_of(found)) == numbers
        options = [option.words for option in found.all("option") if option.has("selected")]
        assert words in options


def test_the_upscaler_and_each_way_to_end_can_be_chosen(visit: Visit, alice: Account) -> None:
    done(alice), failed(alice, "blocked", prompt="a blocked one")
    failed(alice, prompt="a failed one")
    client = visit(alice)
    page = parse(client.get("/history?status=blocked").text)
    assert [words.words for words in page.all("a", css="generation-card__words")] == [
        "a blocked one"
    ]
    assert page.one("a", css="history__chip").words == "Blocked, leave this out"
    offered = {option["value"]: option.words for option in page.all("option")}
    assert {"real-esrgan", "ended", "blocked", "cancelled", "failed"} <= set(offered)
