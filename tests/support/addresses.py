"""Every route with something in its gaps: all addresses that the house answers at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, current_app
from werkzeug.routing import Rule

from fluxgen import accounts, adapters, catalogue, clock, exports, purchases
from fluxgen.archive import collections
from fluxgen.generations import Filled, sheets
from fluxgen.models import Account, Import
from fluxgen.security import FRAGMENTS, Audience, declared
from tests.support import life
from tests.support.exporting import built
from tests.support.making import Visit, image, make
from tests.support.workers import Workers

QUIET = (FRAGMENTS, "/images/")
NO_PAGES = re.compile(
    r"/static/|/images/|/webhooks/|/planted/|\.(?:csv|xml|txt|ico|js)$|/google(?:/callback)?$|/<kind>$"
    r"|/imports/|/account/picture$|/certificate$|/healthz$|/readyz$|/metrics$"
)
"""Routes that answer GET with no HTML of ours: files, documents, the way to Google and back; what a test planted."""

STATES = (
    *(
        "/studio?look=small-sign&sample=1",
        "/studio?look=before-breakfast",
        "/studio?remix={generation}",
    ),
    *("/history?q=nothing+of+the+kind", "/history?favourite=yes", "/history?status=ended"),
    *("/pricing?need=400", "/account?saved=limit", "/account?saved=theme", "/credits?kind=hold"),
    *("/account/erasure?what=archive", "/signin?trouble=out"),
    "/history/compare?a={generation}&b={generation}",
    "/generations/sheets/new?from={of_a_look}&slot=tones",
    "/partials/history?after=99",
    "/partials/unfinished?ids={generation}&tries=1",
)
"""States of pages that have their own address, with the name of a finished generation, and of one from a Look."""


@dataclass(frozen=True)
class Route:
    """One address with one method, and what stands in its gaps."""

    rule: Rule
    method: str
    audience: Audience | None

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def is_quiet(self) -> bool:
        return str(self.rule.rule).startswith(QUIET)

    @property
    def is_page(self) -> bool:
        """Whether it answers with a page, or with a fragment of one."""
        return self.method == "GET" and not NO_PAGES.search(str(self.rule.rule))

    @property
    def is_for_visitors(self) -> bool:
        return self.audience is Audience.PUBLIC

    def address(self, things: dict[str, str]) -> str:
        """With alice's things in the gaps; each new kind of gap has to be named there."""
        room = str(self.rule.endpoint).partition(".")[0]
        values: dict[str, Any] = {}
        for gap in self.rule.arguments:
            values[gap] = things.get(f"{room}.{gap}", things.get(gap))
            assert values[gap], f"{self}: say in `things` what {room}.{gap} is"
        with current_app.test_request_context():
            return current_app.url_for(self.rule.endpoint, _method=self.method, **values)


def routes(app: Flask) -> list[Route]:
    """All routes, each of its methods alone."""
    with app.app_context():
        return [
            Route(rule, method, declared(rule.endpoint))
            for rule in app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]


def shown(app: Flask, things: dict[str, str]) -> dict[str, bool]:
    """Every address that answers with HTML, and whether it is for visitors, too."""
    found = {route.address(things): route.is_for_visitors for route in routes(app) if route.is_page}
    named = {"generation": things["generations.public_id"], "of_a_look": things["of_a_look"]}
    return found | {state.format(**named): False for state in STATES}


def _laid_out(account: Account) -> tuple[str, str]:
    """A contact sheet of a Look, and the name of its first generation."""
    sign = life.recipe(look=Filled("small-sign", 1, {"thing": "bell"}))
    sheet = sheets.lay_out(account, sheets.plan(sign, "turn"), "nonce")
    found = sheets.find(account, sheet)
    assert found is not None
    return sheet, str(found.frames[0][1].public_id)


@pytest.fixture
def things(visit: Visit, alice: Account, workers: Workers) -> dict[str, str]:
    """What of alice's can stand in an address, by room and gap."""
    generation = make(visit(alice), workers)
    sheet, of_a_look = _laid_out(alice)
    purchase = purchases.begin(alice, next(iter(catalogue.load().packs)), consented=True)
    export = built(alice, workers).public_id
    brought = Import.create(
        account=alice, sha256="0" * 64, origin="here", exported_at=clock.now(), records_bytes=2
    )
    adapters.current().storage.put(exports.records_key(brought), b"{}", "application/json")
    return {
        "exports.public_id": export,
        "exports.kind": "json",
        "export_partials.public_id": export,
        "imports.public_id": brought.public_id,
        "generations.public_id": generation.public_id,
        "generation_partials.public_id": generation.public_id,
        "sheets.sheet_id": sheet,
        "favourites.public_id": generation.public_id,
        "deletion.public_id": generation.public_id,
        "lightbox_partials.public_id": generation.public_id,
        "results.public_id": generation.public_id,
        "account.public_id": accounts.open_sessions(alice)[0].public_id,
        "collections.public_id": collections.create(alice, "winter").public_id,
        "collected.public_id": generation.public_id,
        "images.public_id": image(generation).public_id,
        "pictures.public_id": image(generation).public_id,
        "billing.public_id": purchase.public_id,
        "billing_partials.public_id": purchase.public_id,
        "webhooks.attempt_token": str(generation.attempt_token),
        "looks.slug": "window-light",
        "erasure.public_id": "A" * 22,
        "journal.slug": "what-a-look-is",
        "policies.version": "2026-11-23",
        "of_a_look": of_a_look,
        "variant": "320",
        "version": "000000000000",
        "filename": "icons/favicon.svg",
    }


@pytest.fixture
def pushed(app: Flask) -> Iterator[None]:
    """Addresses can be built."""
    with app.app_context():
        yield
