"""Privacy, terms, contact: every version readable, true to the data map and to the settings."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from fluxgen import announcements, policies, privacy, processors, production
from fluxgen import settings as house_settings
from fluxgen.models import Account
from fluxgen.settings import Settings
from tests.support.buying import main
from tests.support.cast import HTMX
from tests.support.making import Visit

VERSION = "2026-11-27"
PUT_AWAY = "/announcements/put-away"
ELSEWHERE = ("https://evil.test/", "//evil.test", "/\\evil.test", "/\t/evil.test", "/credits" * 30)

SAID_OF_A_RECIPIENT = {
    "Google, at sign-in": "tells us who you are when you sign in",
    "Replicate, who gets words, settings and references": "your words and settings, and a ref",
    "Stripe, who takes the payment": "takes payments, on its own page",
    "the object store": "stores finished pictures",
    "the mail server": "carries our mail to you",
    "the host": "runs our machines",
}


def words(visit: Visit) -> str:
    return main(visit(None).get("/privacy").text).replace("\u2019", "'")


@pytest.mark.parametrize(
    "promise",
    [
        *(
            "which it calls sub",
            "never stored by us",
            "exactly one is set",
            "not for people under 13",
        ),
        *("within 30 days", "Nothing is sold", "no advertisements", "To see.", "To correct."),
        *(
            "To delete everything.",
            "To take it with you.",
            "To restrict.",
            "To object.",
            "72 hours",
        ),
        "overwritten after 14 days",
        "a studio form that waits while you sign in, for an hour at most, or while you buy credits",
    ],
)
def test_the_privacy_page_keeps_to_the_charter(visit: Visit, promise: str) -> None:
    assert promise in words(visit)


class TestWhoReceivesSomething:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        chosen = {
            "r2_bucket": "pictures",
            "r2_account_id": "abc",
            "smtp_url": "smtps://mail.example.test",
            "google_client_id": "id",
            "replicate_api_token": "token",
            "stripe_secret_key": "key",
            "processors": "google, replicate,stripe,cloudflare,mail=Example Post,hosting=Example Host",
        }
        return settings.model_copy(update=chosen)

    def test_whom_we_speak_to_is_on_the_list_and_on_the_page(self, visit: Visit) -> None:
        page = words(visit)
        listed = {one.slug: one for one in processors.listed()}
        for who, hosts in house_settings.current().egress.items():
            for host in hosts.split(","):
                assert listed[who].has(host), host
        assert set(house_settings.current().egress) == {
            *("google", "replicate", "stripe", "cloudflare", "mail")
        }
        for one in listed.values():
            assert one.name in page and one.receives in page
        assert "Example Host" in page

    def test_the_page_names_every_recipient_of_the_record_of_processing(self, visit: Visit) -> None:
        page = words(visit)
        named = {who for act in privacy.record()["activities"] for who in act["recipients"]}
        assert named == set(SAID_OF_A_RECIPIENT)
        assert [said for said in SAID_OF_A_RECIPIENT.values() if said not in page] == []

    def test_the_record_says_who_is_outside_the_eu(self, app: Flask) -> None:
        text = app.test_cli_runner().invoke(args=["privacy", "record"]).output
        found = [line.split(": ")[1] for line in text.splitlines() if "outside the EU:" in line]
        assert found == [
            "Google (Ireland and USA); Example Post (look up where)",
            "Replicate (USA); Cloudflare R2 (USA, stored in the region we chose)",
            "Stripe (Ireland and USA)",
            "nobody",
            "Example Host (look up where)",
        ]


def test_production_names_whom_it_speaks_to(settings: Settings) -> None:
    chosen = settings.model_copy(
        update={"processors": "google,replicate", "smtp_url": "smtp://mail.example.test"}
    )
    missing = production.lacking(chosen)
    assert "stripe in PROCESSORS" in missing and "mail in PROCESSORS" in missing
    assert "google in PROCESSORS" not in missing
    assert {"MAIL_FROM", "SUPPORT_EMAIL"} <= set(missing)


@pytest.mark.parametrize("policy", policies.POLICIES)
def test_every_version_stays_readable_and_says_which_it_is(visit: Visit, policy: str) -> None:
    client = visit(None)
    for one in policies.versions(policy):
        text = client.get(f"/{policy}/{one.version}").text
        assert f"Version {one.version}" in text
        in_force = one == policies.current(policy)
        assert ("This is an older version." in text) is not in_force
        for other in policies.versions(policy):
            assert other == one or f'href="/{policy}/{other.version}"' in text
    assert client.get(f"/{policy}/2020-01-01").status_code == 404
    assert all(
        change in client.get(f"/{policy}").text for change in policies.current(policy).changes
    )


def test_every_heading_can_be_pointed_at(visit: Visit) -> None:
    text = visit(None).get("/privacy").text
    targets = re.findall(r'href="#([\w-]+)"', text)
    assert len(targets) > 10
    assert [one for one in targets if f'id="{one}"' not in text] == []


def test_what_our_own_texts_link_to_is_there(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    texts = [one.markdown for policy in policies.POLICIES for one in policies.versions(policy)[:1]]
    for address in set(re.findall(r"\]\((/[^)]*)\)", "".join(texts))):
        assert client.get(address).status_code == 200, address


def test_the_contact_page_has_the_address_and_every_right(visit: Visit, settings: Settings) -> None:
    house_settings.use(settings.model_copy(update={"support_email": "help@fluxgen.test"}))
    page = visit(None).get("/contact").text
    assert "mailto:help@fluxgen.test" in page and "is run by" not in page
    for right in (
        "access",
        "correction",
        "erasure",
        "restriction",
        "portability",
        "within 30 days",
    ):
        assert right in page


def test_who_runs_it_is_named_wherever_the_law_asks(
    app: Flask, visit: Visit, settings: Settings
) -> None:
    assert "is whoever runs it, whom you reach" in words(visit)
    who = "Example & Sons, 1 Example Street"
    house_settings.use(
        settings.model_copy(update={"controller": who, "support_email": "help@fluxgen.test"})
    )
    assert f"the controller of FluxGen is {who}, whom you reach" in html.unescape(words(visit))
    terms = html.unescape(main(visit(None).get("/terms").text))
    assert f"between you and {who}, whom" in terms
    assert f"FluxGen is run by {who}." in html.unescape(visit(None).get("/contact").text)
    record = app.test_cli_runner().invoke(args=["privacy", "record"]).output
    assert f"Controller: {who}; help@fluxgen.test\n" in record


class TestANotice:
    @pytest.fixture(autouse=True)
    def announced(self, alice: Account) -> None:
        announcements.announce(VERSION, "because", "A court has ordered it.")

    def test_is_on_every_page_of_who_is_signed_in_until_put_away(
        self, visit: Visit, alice: Account
    ) -> None:
        client = visit(alice)
        for address in ("/studio", "/credits", "/privacy"):
            text = client.get(address).text
            assert 'id="announcement"' in text
            assert "/journal/new-privacy-page-and-terms" in text
        answer = client.post(PUT_AWAY, data={"version": VERSION, "back": "/credits"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/credits")
        assert 'id="announcement"' not in client.get("/studio").text

    def test_goes_at_once_with_scripts(self, visit: Visit, alice: Account) -> None:
        client = visit(alice)
        assert f'hx-post="{PUT_AWAY}"' in client.get("/studio").text
        answer = client.post(PUT_AWAY, data={"version": VERSION}, headers=HTMX)
        assert (answer.status_code, answer.text) == (200, "")

    @pytest.mark.parametrize("back", [*ELSEWHERE, "/\n/evil.test", ""])
    def test_leads_nowhere_else(self, visit: Visit, alice: Account, back: str) -> None:
        client = visit(alice)
        assert client.post(PUT_AWAY, data={"back": back}).headers["Location"] == "/studio"

    def test_is_not_for_visitors(self, visit: Visit) -> None:
        assert "announcement" not in visit(None).get("/").text
