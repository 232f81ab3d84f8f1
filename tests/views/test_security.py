"""Writes come from our own pages only, and no page may load anything from elsewhere."""

from __future__ import annotations

import pytest

from fluxgen.models import Account, Generation
from fluxgen.settings import Settings
from tests.support import cast
from tests.support.cast import order
from tests.support.making import Visit, make
from tests.support.pages import parse
from tests.support.workers import Workers

FOREIGN = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": cast.ORIGIN},
    {"Origin": "https://evil.test"},
    {"Origin": "null"},
    {"Origin": f"{cast.ORIGIN}.evil.test"},
    {"Origin": f"{cast.ORIGIN}:81"},
    {"Origin": cast.ORIGIN.replace("http", "https")},
    {"Referer": f"{cast.ORIGIN}/studio"},
]
OURS = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": cast.ORIGIN},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
]
PAGES = ("/", "/signin", "/privacy", "/terms", "/studio", "/history", "/credits", "/nowhere")


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_write_from_elsewhere_is_refused(
    visit: Visit, alice: Account, headers: dict[str, str]
) -> None:
    answer = visit(alice).post("/generations", data=order(), headers=headers, bare=True)
    assert answer.status_code == 403
    assert "our own page" in answer.text
    assert Generation.select().count() == 0


@pytest.mark.parametrize("headers", OURS)
def test_a_write_from_our_own_page_is_taken(
    visit: Visit, alice: Account, headers: dict[str, str]
) -> None:
    answer = visit(alice).post("/generations", data=order(), headers=headers, bare=True)
    assert answer.status_code == 303


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_deletion_from_elsewhere_is_refused(
    visit: Visit, alice: Account, workers: Workers, headers: dict[str, str]
) -> None:
    client = visit(alice)
    address = f"/generations/{make(client, workers).public_id}"
    for method in ("DELETE", "POST"):
        target = address if method == "DELETE" else f"{address}/delete"
        answer = client.open(target, method=method, headers=headers, bare=True)
        assert answer.status_code == 403
    assert Generation.get().deleted_at is None


@pytest.mark.parametrize("address", ["/signout", "/signin/welcome"])
def test_public_writes_are_guarded_too(visit: Visit, alice: Account, address: str) -> None:
    client = visit(alice)
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(address, headers=headers, bare=True).status_code == 403
    assert client.get("/studio").status_code == 200


def test_looking_is_allowed_from_everywhere(visit: Visit, alice: Account) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert visit(alice).get("/studio", headers=headers, bare=True).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_a_strict_policy(visit: Visit, alice: Account, address: str) -> None:
    headers = visit(alice).get(address).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    for name in ("script-src", "style-src", "font-src", "connect-src"):
        assert policy[name] == "'self'"
    assert policy["img-src"] == "'self' blob:"  # blob: is a picture the visitor has just chosen
    assert policy["form-action"].split()[0] == "'self'"
    assert len(policy["form-action"].split()) <= 2  # the way to Checkout is a form's target
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_htmx_runs_without_eval_and_asks_only_us(visit: Visit, alice: Account) -> None:
    (config,) = [
        meta["content"]
        for meta in parse(visit(alice).get("/studio").text).all("meta")
        if meta.get("name") == "htmx-config"
    ]
    for setting in (
        '"allowEval":false',
        '"selfRequestsOnly":true',
        '"includeIndicatorStyles":false',
        '"historyCacheSize":0',
        '422|429","swap":true',
    ):
        assert setting in config


class TestWithABucket:
    """Pictures come from the bucket, and nothing else does."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        bucket = {"r2_bucket": "pictures", "r2_endpoint_url": "https://r2.example.test/x"}
        return settings.model_copy(update=bucket)

    def test_only_pictures_may_come_from_it(self, visit: Visit) -> None:
        policy = visit(None).get("/").headers["Content-Security-Policy"]
        assert "img-src 'self' blob: https://r2.example.test;" in policy
        assert policy.count("https://r2.example.test") == 1


def test_a_write_of_a_visitor_leads_to_the_door(visit: Visit) -> None:
    answer = visit(None).post("/account/limit", data={"daily_limit": "5"})
    assert (answer.status_code, answer.location) == (303, "/signin?trouble=out")
    assert "You were signed out" in visit(None).get(answer.location).text


def test_htmx_of_somebody_signed_out_leaves_the_page_and_its_words_alone(visit: Visit) -> None:
    answer = visit(None).post("/generations", data=order(), headers=cast.HTMX)
    assert answer.status_code == 401
    assert "HX-Redirect" not in answer.headers


@pytest.mark.parametrize("address", ["/partials/unfinished", "/images/x/320"])
def test_fragments_and_pictures_stay_quiet(visit: Visit, address: str) -> None:
    answer = visit(None).get(address)
    assert (answer.status_code, answer.data) == (401, b"")
