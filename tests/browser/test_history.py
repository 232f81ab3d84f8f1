"""The archive in a real browser: scrolling on and on, finding in place, the way back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import expect_phase, order, public_id

COPIES = 70
DAY_US = 24 * 3600 * 1_000_000


def fill(ada: Person) -> None:
    """One picture, and many rows like it, older and older: more than a page, on two days."""
    page = ada.open("/studio")
    made = order(page, "a copper kettle")
    expect_phase(made, "done")
    multiply(ada, public_id(made))


def multiply(person: Person, original: str) -> None:
    """Many rows like this one, on this day and the day before."""
    with closing(sqlite3.connect(person.house.instance / "fluxgen.db", timeout=20)) as database:
        _copy(database, original)
        database.commit()
    pictures = person.house.instance / "storage" / "pictures"
    for at in range(1, COPIES + 1):
        shutil.copytree(pictures / original, pictures / f"{original}-{at}")


def _copy(database: sqlite3.Connection, original: str) -> None:
    ((id_, account, number),) = database.execute(
        "SELECT id, account_id, number FROM generation WHERE public_id = ?", (original,)
    ).fetchall()
    names = [row[1] for row in database.execute("PRAGMA table_info(generation)")]
    unique = {"id", "public_id", "number", "nonce", "attempt_token", "prediction_id", "created_at"}
    same = ", ".join(name for name in names if name not in unique)
    database.execute("UPDATE generation SET number = ? WHERE id = ?", (number + COPIES, id_))
    database.execute(
        "UPDATE account SET generations_made = ? WHERE id = ?", (number + COPIES, account)
    )
    for at in range(1, COPIES + 1):
        made = database.execute(
            f"""INSERT INTO generation (public_id, number, nonce, created_at, {same})
            SELECT public_id || ?, ?, nonce || ?, created_at - ?, {same}
            FROM generation WHERE id = ?""",
            (f"-{at}", number + COPIES - at, f"-{at}", (at // 50) * DAY_US, id_),
        ).lastrowid
        database.execute(
            """INSERT INTO image (public_id, generation_id, position, width, height, format,
                size_bytes, sha256, placeholder)
            SELECT public_id || ?, ?, position, width, height, format, size_bytes, sha256,
                placeholder FROM image WHERE generation_id = ?""",
            (f"-{at}", made, id_),
        )


def numbers(page: Page) -> list[str]:
    return page.locator(".generation-card__edge b").all_inner_texts()


def test_scrolling_goes_on_through_all_pictures_without_repeats(ada: Person) -> None:
    fill(ada)
    page = ada.open("/history")
    expect(page.locator(".history .generation-card")).to_have_count(60)
    page.mouse.wheel(0, 50_000)
    expect(page.locator(".history .generation-card")).to_have_count(COPIES + 1)
    assert numbers(page) == [str(number) for number in range(COPIES + 1, 0, -1)]
    assert page.locator(".day h2").all_inner_texts() == ["Today", "Yesterday"]
    expect(page.locator("#older")).to_have_count(0)


SHIFTS = """() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
}"""


def test_nothing_shifts_while_pictures_come_and_the_page_grows(ada: Person) -> None:
    """And what arrives on top meanwhile brings neither repeats nor gaps further down."""
    fill(ada)
    page = ada.open("/history")
    page.evaluate(SHIFTS)
    expect(page.locator(".history .generation-card")).to_have_count(60)
    for words in ("a paper boat", "a tin robot"):
        beside = ada.context.new_page()
        beside.goto(f"{ada.house.url}/studio")
        expect_phase(order(beside, words), "done")
        beside.close()
    asked = False

    def heard(request: Request) -> None:
        nonlocal asked
        asked = asked or "/partials/history" in request.url

    page.on("request", heard)
    while not asked:  # as people scroll: the next page is asked for before its place is seen
        page.mouse.wheel(0, 300)
        page.evaluate("new Promise(requestAnimationFrame)")
    expect(page.locator(".history .generation-card")).to_have_count(COPIES + 1)
    page.mouse.wheel(0, 50_000)
    assert numbers(page) == [str(number) for number in range(COPIES + 1, 0, -1)]
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shifted") < 0.02
    page.goto(f"{ada.house.url}/history")
    page.evaluate(SHIFTS)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # whoever jumps to the end
    expect(page.locator(".history .generation-card")).to_have_count(COPIES + 3)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shifted") < 0.02


def test_finding_changes_the_address_and_back_returns(ada: Person) -> None:
    page = ada.open("/studio")
    for words in ("a copper kettle", "a paper boat"):
        expect_phase(order(page, words), "done")
    page.goto(f"{ada.house.url}/history")
    page.keyboard.press("/")
    page.keyboard.type("kettle")
    page.keyboard.press("Enter")
    expect(page.locator("#history-matches")).to_have_text("1 picture")
    assert page.url.endswith("/history?q=kettle")
    expect(page.locator("#live")).to_have_text("1 picture")
    page.locator(".generation-card__picture").click()
    expect(page.locator("#lightbox")).to_be_visible()
    page.go_back()
    expect(page.locator("#lightbox")).to_be_hidden()
    assert page.url.endswith("/history?q=kettle")
    page.go_back()
    expect(page.locator(".history .generation-card")).to_have_count(2)
    assert page.url.endswith("/history")


def test_a_star_is_marked_in_place_and_found(ada: Person) -> None:
    page = ada.open("/studio")
    for words in ("a copper kettle", "a paper boat"):
        expect_phase(order(page, words), "done")
    page.goto(f"{ada.house.url}/history")
    tile = page.locator(".generation-card").first
    tile.hover()
    tile.locator(".star__button").click()
    expect(tile.locator(".star__button")).to_have_attribute("aria-pressed", "true")
    page.locator("label", has_text="Favourites").click()
    expect(page.locator("#history-matches")).to_have_text("1 picture")
    assert page.url.endswith("/history?favourite=yes")


def test_finding_works_without_scripts(person: NewPerson) -> None:
    ada = person(java_script_enabled=False).sign_in()
    page = ada.open("/studio")
    page.locator("#prompt").fill("a paper boat")
    page.locator("#generate").click()
    page.wait_for_url("**/generations/*")
    expect(page.locator("img")).to_be_visible()
    page.goto(f"{ada.house.url}/history")
    page.locator("#history-q").fill("kettle")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.locator("#history-q").fill("boat")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".generation-card")).to_have_count(1)
