"""The statement: every kind in its words, narrowed, paged, and led to what caused it."""

from __future__ import annotations

import logging

import pytest

from fluxgen import clock, credits
from fluxgen.jobs.purchases import check
from fluxgen.models import Account, Entry, Kind
from fluxgen.sandbox import Sandbox
from tests.support.buying import bought, eventful, main, payment, spend
from tests.support.cast import Browser
from tests.support.life import submitted
from tests.support.making import Visit, ask, make
from tests.support.pages import Element, parse
from tests.support.workers import Workers, pass_time


@pytest.fixture
def busy(sandbox: Sandbox, alice: Account) -> Account:
    """Somebody with a movement of every kind, the welcome among them."""
    return eventful(sandbox, alice)


def rows(browser: Browser, address: str = "/credits") -> list[Element]:
    """The lines of the statement."""
    return [row for row in parse(browser.get(address).text).all("tr") if row.inside("tbody")]


def cells(row: Element) -> list[str]:
    """What stands in the columns of a line."""
    return [piece.words for piece in row.pieces if isinstance(piece, Element)]


@pytest.mark.both_databases
def test_every_kind_has_its_words_and_numbers(visit: Visit, busy: Account) -> None:
    found = [row.words for row in rows(visit(busy))]
    for row, words in zip(
        found,
        [
            "Given back The dispute was won.",
            "Taken back The payment is disputed at the bank.",
            "Released from a picture since deleted The model stopped before it finished. Nothing",
            "Held for a picture since deleted",
            "Captured for a picture since deleted 300 credits",
            "Held for a picture since deleted",
            "Bought 1,000 credits",
            "Granted Welcome",
        ],
        strict=True,
    ):
        assert words in row
    assert "−500" in found[1] and "+500" in found[0]


@pytest.mark.parametrize("kind", list(Kind))
def test_it_can_be_narrowed_to_a_kind(visit: Visit, busy: Account, kind: Kind) -> None:
    expected = Entry.select().where(Entry.kind == kind).count()
    assert len(rows(visit(busy), f"/credits?kind={kind.value}")) == expected > 0


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "wrong",
    [
        *("kind=nonsense", "before=x", "before=-1", "kind=&before=", f"before={9**30}"),
        *("month=", "month=2026-13", "month=2026-1", "month=9999-12", "month=٢٠٢٦-١١"),
        *("cause=", "cause=%00", "cause=' or 1=1", f"cause={'x' * 500}"),
    ],
)
def test_a_senseless_filter_breaks_nothing(visit: Visit, busy: Account, wrong: str) -> None:
    assert visit(busy).get(f"/credits?{wrong}").status_code == 200


def test_a_debt_is_said_and_its_repayment_too(visit: Visit, sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob, "small")
    spend(bob, 200)
    sandbox.stripe.refund(payment(purchase))
    check(purchase.id)
    assert "200 credits owed" in main(visit(bob).get("/credits").text)
    bought(sandbox, bob, "small")
    words = main(visit(bob).get("/credits").text)
    assert "credits owed" not in words
    assert "Bought 250 credits" in words
    bought_again, taken, *_ = [row.words for row in rows(visit(bob))]
    assert "+50−200 owed" in bought_again
    assert "−50+200 owed" in taken and "0200 owed" in taken


def test_lines_lead_to_what_caused_them(
    visit: Visit, sandbox: Sandbox, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)
    generation, purchase = make(browser, workers), bought(sandbox, alice)
    hrefs = {link["href"] for link in parse(browser.get("/credits").text).all("a")}
    wanted = {f"/generations/{generation.public_id}", f"/purchases/{purchase.public_id}"}
    assert wanted <= hrefs
    for address in wanted:
        assert browser.get(address).status_code == 200


def test_what_is_held_stands_beside_the_balance_where_it_moves(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)
    make(browser, workers, count="2")
    ask(browser, count="3")
    assert [tuple(cells(row)[-2:]) for row in rows(browser)] == [
        ("−3+3 held", "953 held"),
        ("−2 held", "98"),
        ("−2+2 held", "982 held"),
        ("+100", "100"),
    ]


@pytest.mark.parametrize(
    ("charged", "words"),
    [
        (12, "12 credits for 3 pictures"),
        (8, "8 credits for 2 of 3 pictures. 4 credits came back."),
        (4, "4 credits for 1 of 3 pictures. 8 credits came back."),
    ],
)
def test_a_capture_says_how_many_pictures_came_of_how_many(
    visit: Visit, alice: Account, charged: int, words: str
) -> None:
    generation = submitted(alice, model="flux-dev", tier="studio", count=3)
    assert generation.cost_credits == 12
    credits.capture(generation, charged)
    assert words in rows(visit(alice))[0].words


def test_why_credits_came_back_is_said(visit: Visit, sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob)
    refund_id = sandbox.stripe.refund(payment(purchase), 450)
    check(purchase.id)
    dispute_id = sandbox.stripe.dispute(payment(purchase), 900)
    check(purchase.id)
    sandbox.stripe.close_dispute(dispute_id, won=True)
    check(purchase.id)
    sandbox.stripe.settle_refund(refund_id, "failed")
    check(purchase.id)
    found = [row.words for row in rows(visit(bob))]
    for words, expected in zip(
        found,
        [
            "Given back The refund did not go through.",
            "Given back The dispute was won.",
            "Taken back Part of the payment was refunded, and it is disputed at the bank.",
            "Taken back The payment was refunded.",
            "Bought 1,000 credits",
        ],
        strict=True,
    ):
        assert expected in words


def test_a_line_of_something_deleted_leads_nowhere_and_says_so(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)
    generation = make(browser, workers)
    browser.post(f"/generations/{generation.public_id}/delete")
    captured, held_, _ = rows(browser)
    assert "Captured for a picture since deleted" in captured.words
    assert "Held for a picture since deleted" in held_.words
    assert generation.public_id not in browser.get("/credits").text


def test_it_can_be_narrowed_to_a_month(visit: Visit, alice: Account) -> None:
    first = clock.now()
    pass_time(45 * 24 * 3600)
    credits.grant(alice, 5, "later", "Much later.")
    browser = visit(alice)
    page = parse(browser.get(f"/credits?month={clock.now():%Y-%m}").text)
    (shown,) = rows(browser, f"/credits?month={clock.now():%Y-%m}")
    assert "Much later." in shown.words
    (welcome,) = rows(browser, f"/credits?month={first:%Y-%m}")
    assert "Welcome" in welcome.words
    options = [one["value"] for one in page.all("option")]
    assert options[0] == "" and {f"{first:%Y-%m}", f"{clock.now():%Y-%m}"} <= set(options)
    (selected,) = [one["value"] for one in page.all("option") if one.has("selected")]
    assert selected == f"{clock.now():%Y-%m}"
    assert rows(browser, "/credits?month=2020-01") == []
    assert "Nothing moved here" in main(browser.get("/credits?month=2020-01").text)


@pytest.mark.both_databases
def test_it_can_be_narrowed_to_one_picture_or_purchase(
    visit: Visit, sandbox: Sandbox, alice: Account, mallory: Account, workers: Workers
) -> None:
    browser = visit(alice)
    generation, purchase = make(browser, workers), bought(sandbox, alice)
    make(browser, workers)
    of_picture = f"/credits?cause={generation.public_id}"
    captured, held_ = [row.words for row in rows(browser, of_picture)]
    assert "Captured for picture 1" in captured and "Held for picture 1" in held_
    assert [captured] == [row.words for row in rows(browser, f"{of_picture}&kind=capture")]
    (paid,) = rows(browser, f"/credits?cause={purchase.public_id}")
    assert "Bought 1,000 credits" in paid.words
    assert rows(visit(mallory), of_picture) == []


def test_what_is_chosen_stays_chosen_from_link_to_link(visit: Visit, alice: Account) -> None:
    for number in range(120):
        credits.grant(alice, 1, f"n{number}", f"Number {number}.")
    this_month, cause = f"{clock.now():%Y-%m}", "x" * 22
    page = parse(visit(alice).get(f"/credits?kind=grant&month={this_month}").text)
    links = [one["href"] for one in page.all("a") if one["href"].startswith("/credits?")]
    assert len(links) == len(Kind) + 2  # every kind, all kinds, older ones
    assert all(f"month={this_month}" in link for link in links)
    (older,) = [link for link in links if "before=" in link]
    assert "kind=grant" in older
    page = parse(visit(alice).get(f"/credits?kind=grant&cause={cause}").text)
    links = [one["href"] for one in page.all("a") if "kind=" in one["href"]]
    assert links and all(f"cause={cause}" in link for link in links[:-1])


def test_a_long_statement_takes_as_many_queries_as_a_short_one(
    visit: Visit, alice: Account, bob: Account, caplog: pytest.LogCaptureFixture
) -> None:
    credits.grant(bob, 10, "ten", "Ten.")
    for account, count in ((alice, 40), (bob, 1)):
        for _ in range(count):
            credits.capture(submitted(account), 1)
    asked = []
    for account in (alice, bob):
        browser = visit(account)
        with caplog.at_level(logging.DEBUG, "peewee"):
            caplog.clear()
            assert browser.get("/credits").status_code == 200
        asked.append([one for one in caplog.records if one.name == "peewee"])
    assert len(asked[0]) == len(asked[1]) <= 10  # one of them: is there an announcement to show


def test_older_pages_continue_without_a_gap(visit: Visit, alice: Account) -> None:
    for number in range(150):
        credits.grant(alice, 1, f"n{number}", f"Number {number}.")
    browser = visit(alice)
    first = rows(browser)
    (older,) = [
        one for one in parse(browser.get("/credits").text).all("a") if "before=" in one["href"]
    ]
    second = rows(browser, older["href"])
    assert (len(first), len(second)) == (100, 51)
    assert "Number 50." in first[-1].words and "Number 49." in second[0].words


def test_a_receipt_says_when_and_why(visit: Visit, alice: Account, workers: Workers) -> None:
    browser = visit(alice)
    good, bad, waiting = (
        make(browser, workers),
        make(browser, workers, prompt="[fail]"),
        ask(browser),
    )
    said = [
        main(browser.get(f"/generations/{one.public_id}").text).lower()
        for one in (good, bad, waiting)
    ]
    assert "captured" in said[0]
    assert "released" in said[1]
    assert "held" in said[2]
