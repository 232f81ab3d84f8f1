"""What a first visit weighs on the wire, headers and all, as Chromium receives it from the server
of `make run`. It speaks HTTP/1.1; behind a proxy with HTTP/2 the headers weigh less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from fluxgen.assets import STATIC
from tests.browser.conftest import NewPerson
from tests.browser.desk import expect_phase, order
from tests.support.metering import metered

pytestmark = pytest.mark.xdist_group("browser")

KB = 1000
LANDING = 90 * KB
SIGNED_IN = 110 * KB
CSS = 20 * KB
OWN_SCRIPTS = 12 * KB
KEEPS_ITS_FILES = """async () => {
  const names = await caches.keys();
  return names.length > 0 && (await (await caches.open(names[0])).keys()).length > 3;
}"""
VENDORED = tuple(path.name for path in STATIC.glob("js/*.min.js"))
SIGNED_OUT_PAGES = (
    *("/", "/looks", "/looks/two-inks", "/pricing", "/signin", "/promises", "/contact"),
    *("/journal", "/journal/what-a-look-is", "/privacy", "/terms"),
)
SIGNED_IN_PAGES = (
    *("/studio", "/studio?look=small-sign&sample=1", "/history", "/collections", "/credits"),
    *("/account", "/account/erasure", "/pricing", "/"),
)


class Scale:
    """Weighs what a page receives, by kind."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.files: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()
        self._answers: dict[str, dict[str, Any]] = {}
        self.line = page.context.new_cdp_session(page)
        self.line.on("Network.responseReceived", self._answered)
        self.line.on("Network.loadingFinished", self._finished)
        self.line.send("Network.enable")

    def first_visit(self, address: str) -> Mapping[str, int]:
        """What comes with nothing kept from before; pictures come under "Image"."""
        self.line.send("Network.clearBrowserCache")
        self.files.clear()
        self.bytes.clear()
        self.page.goto(address, wait_until="networkidle")
        return self.bytes

    @property
    def seen(self) -> int:
        """All but pictures, as the page itself knows of it."""
        return sum(self.bytes.values()) - self.bytes["Image"]

    def _answered(self, event: dict[str, Any]) -> None:
        self._answers[event["requestId"]] = event

    def _finished(self, event: dict[str, Any]) -> None:
        answer = self._answers[event["requestId"]]
        path = urlsplit(answer["response"]["url"]).path
        kind = "Vendored" if path.endswith(VENDORED) else answer["type"]
        self.bytes[kind] += int(event["encodedDataLength"])
        if kind == "Script":
            self.files.update(path.rpartition("/")[2].removesuffix(".js").split("+"))


def test_a_first_visit_stays_within_its_budget(person: NewPerson) -> None:
    visitor, member = person(), person().sign_in()
    expect_phase(order(member.open("/studio"), "for the archive"), "done")
    shown = f"/generations/{_picture_of(member.house.rows, member.email)}"
    pages = [(visitor, path) for path in SIGNED_OUT_PAGES]
    pages += [(member, path) for path in (*SIGNED_IN_PAGES, shown)]
    scales = {someone: Scale(someone.page) for someone in (visitor, member)}
    for someone, path in pages:
        weighed = scales[someone].first_visit(someone.house.url + path)
        whole = scales[someone].seen
        assert weighed["Font"] > 0 and weighed["Stylesheet"] > 0, path
        assert whole <= (LANDING if someone is visitor else SIGNED_IN), (path, weighed)
        assert weighed["Stylesheet"] <= CSS, (path, weighed)
        assert weighed["Script"] <= OWN_SCRIPTS, (path, weighed)
        assert max(scales[someone].files.values(), default=0) <= 1, scales[someone].files


def test_the_worker_too_is_within_the_budget_of_a_first_visit(person: NewPerson) -> None:
    """What it fetches for later comes on the same day: the wire itself is measured."""
    member = person(service_workers="allow")
    with metered(member.house.url) as meter:
        member.watch.permit(f"elsewhere: {meter.url}/")
        page, scale = member.sign_in().page, Scale(member.page)
        meter.bytes = 0
        pictures = scale.first_visit(f"{meter.url}/studio")["Image"]
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.wait_for_function(KEEPS_ITS_FILES)
        whole = meter.bytes - pictures
        assert scale.seen < whole <= SIGNED_IN, (scale.bytes, meter.bytes)


def _picture_of(rows: Any, email: str) -> str:
    question = """SELECT generation.public_id FROM generation
        JOIN account ON account.id = generation.account_id WHERE account.email = ?"""
    return str(rows(question, email)[0][0])
