"""Mail over a real mail server: once each, whatever the server does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from html import unescape

import pytest
from flask import Flask

from fluxgen import adapters, catalogue, clock, db, outbox, purchases
from fluxgen.adapters.mail import Mail as Carrier
from fluxgen.adapters.mail import SandboxMail, SmtpMail
from fluxgen.jobs import letters
from fluxgen.jobs import mail as jobs
from fluxgen.jobs.sweep import sweep, tidy
from fluxgen.models import Account, Mail, MailStatus, Purchase, Standing
from fluxgen.sandbox import Sandbox
from fluxgen.settings import Settings
from tests.support.making import Visit
from tests.support.smtp import MailServer
from tests.support.workers import pass_time

DAY_S = 24 * 3600
FACTS = {
    "policies": ["privacy", "terms"],
    "day": "2026-11-27",
    "is_coming": False,
    "changes": [{"title": "Terms <draft>", "items": ["First", "Second"]}],
    "slug": "new-terms",
}


@pytest.fixture
def settings(settings: Settings, server: MailServer) -> Settings:
    chosen = {
        "smtp_url": server.url,
        "mail_from": "FluxGen <hello@fluxgen.test>",
        "support_email": "help@fluxgen.test",
    }
    return settings.model_copy(update=chosen)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer().running() as server:
        yield server


def carry_by(carrier: Carrier) -> None:
    adapters.use(replace(adapters.current(), mail=carrier))


def write(*people: Account) -> None:
    with db.transaction():
        for account in people:
            outbox.queue("policy", account, key=f"v1:{account.id}", facts=FACTS)


def test_a_mail_arrives_once_as_text_and_as_its_twin(alice: Account, server: MailServer) -> None:
    write(alice)
    for _ in range(3):
        sweep(inline=True)
    (mail,) = server.to(alice.email)
    assert mail["Subject"] == "What changes in our privacy page and terms"
    assert str(mail["From"]) == "FluxGen <hello@fluxgen.test>"
    assert str(mail["Reply-To"]) == "help@fluxgen.test"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and html is not None
    for words in ("27 November 2026", "First", "Second", "help@fluxgen.test"):
        assert words in text.get_content() and words in html.get_content()
    assert "Terms &lt;draft&gt;" in html.get_content()
    assert "https://" not in html.get_content() and 'src="cid:' in html.get_content()


def test_a_repeat_has_the_same_message_id(alice: Account, server: MailServer) -> None:
    write(alice)
    posting = outbox.claim()
    assert posting is not None
    letter = letters.written(posting)
    with adapters.current().mail.opened() as post:
        post.send(letter)  # and the worker dies before it can say so
    pass_time(121)
    sweep(inline=True)
    first, second = server.to(alice.email)
    assert first["Message-ID"] == second["Message-ID"]
    assert Mail.get().status is MailStatus.SENT


def test_an_outage_loses_nothing_and_nobody_is_asked_without_a_pause(
    alice: Account, bob: Account
) -> None:
    server = MailServer()
    with server.running():
        pass
    carry_by(SmtpMail(server.url, "a@fluxgen.test", lease_s=120))
    write(alice, bob)
    sweep(inline=True)
    assert outbox.due() == []
    pass_time(31)
    assert len(outbox.due()) == 2
    with server.running():
        sweep(inline=True)
    assert len(server.received) == 2


def test_an_address_that_is_refused_stops_nobody_else(
    alice: Account, bob: Account, server: MailServer
) -> None:
    server.answers[alice.email] = "550 no such person"
    write(alice, bob)
    sweep(inline=True)
    assert len(server.to(bob.email)) == 1
    mail = Mail.get(Mail.account == alice)
    assert (mail.status, mail.failure) == (MailStatus.UNDELIVERABLE, "550")


def test_a_sender_that_is_refused_holds_everything_up_and_loses_nothing(
    alice: Account, bob: Account, server: MailServer
) -> None:
    server.answers_sender = "550 5.7.1 daily quota exceeded"
    write(alice, bob)
    sweep(inline=True)
    assert {mail.status for mail in Mail.select()} == {MailStatus.WAITING}
    assert outbox.due() == []
    server.answers_sender = ""
    pass_time(61)
    sweep(inline=True)
    assert {mail["To"] for mail in server.received} == {alice.email, bob.email}


def test_after_the_last_letter_of_a_job_none_is_claimed(
    alice: Account, bob: Account, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.jobs.mail.LETTERS_MAX", 1)
    write(alice, bob)
    (first, second) = outbox.due()
    jobs.deliver(first)
    assert outbox.due() == [second]


def test_one_that_is_put_off_is_sent_later(
    alice: Account, bob: Account, server: MailServer
) -> None:
    server.answers[alice.email] = "450 later"
    write(alice, bob)
    sweep(inline=True)
    assert [mail["To"] for mail in server.received] == [bob.email]
    server.answers.clear()
    pass_time(61)
    sweep(inline=True)
    assert len(server.to(alice.email)) == 1


def test_one_that_is_put_off_for_five_days_is_given_up_and_its_words_forgotten(
    alice: Account, bob: Account, server: MailServer
) -> None:
    server.answers[alice.email] = "450 later"
    write(alice, bob)
    for _ in range(3):
        sweep(inline=True)
        pass_time(outbox.GIVEN_UP_AFTER_S / 2)
    assert len(server.to(bob.email)) == 1
    mail = Mail.get(Mail.account == alice)
    assert (mail.status, mail.failure, mail.facts) == (MailStatus.UNDELIVERABLE, "450", {})


@pytest.mark.both_databases
def test_without_a_mail_server_too_it_is_forgotten_after_five_days(
    visit: Visit, alice: Account, bob: Account, server: MailServer
) -> None:
    """But what waits because data is restricted has its five days after that."""
    visit(bob).post("/account/restriction", data={"restricted": "yes"})
    write(alice, bob)
    carry_by(SmtpMail("smtp://127.0.0.1:9", "a@fluxgen.test", lease_s=120))  # nobody is there
    for _ in range(6):
        pass_time(DAY_S - 60)
        sweep(inline=True)
        pass_time(60)
        tidy()
    mail, held = Mail.get(Mail.account == alice), Mail.get(Mail.account == bob)
    assert (mail.status, mail.facts, mail.due_at) == (MailStatus.UNDELIVERABLE, {}, None)
    assert held.status is MailStatus.WAITING and held.facts
    visit(bob).post("/account/restriction", data={"restricted": "no"})
    tidy()
    assert (Mail.get_by_id(held.id).status, outbox.oldest_hours()) == (MailStatus.WAITING, 0)


def test_an_address_that_is_none_is_given_up(alice: Account, server: MailServer) -> None:
    Account.update(email="not an address\r\nBcc: x@example.test").execute()
    write(alice)
    sweep(inline=True)
    assert Mail.get().status is MailStatus.UNDELIVERABLE
    assert server.received == []


def test_without_a_mail_server_mail_lies_in_the_sandbox(
    settings: Settings, alice: Account, sandbox: Sandbox
) -> None:
    carry_by(SandboxMail(settings.sandbox_url, "a@fluxgen.test"))
    write(alice)
    sweep(inline=True)
    (received,) = sandbox.mail.received
    assert received.message["To"] == alice.email
    assert "Second" in received.text and "Second" in received.html
    assert received.mark.startswith(b"\x89PNG")


def test_a_paid_purchase_brings_its_receipt_once(alice: Account, server: MailServer) -> None:
    purchase = purchases.begin(alice, next(iter(catalogue.load().packs)), consented=True)
    Purchase.update(session_id="cs_1").where(Purchase.id == purchase.id).execute()
    purchase = Purchase.get_by_id(purchase.id)
    for _ in range(2):
        purchases.paid(
            purchase,
            session_id="cs_1",
            payment_id="pi_1",
            amount_minor=purchase.amount_minor,
            currency=purchase.currency,
        )
        sweep(inline=True)
    (mail,) = server.to(alice.email)
    text = mail.get_body(("plain",))
    assert text is not None
    assert f"{purchase.credits:,} credits" in text.get_content()
    assert f"/purchases/{purchase.public_id}" in text.get_content()


def bodies(mail: EmailMessage) -> list[str]:
    """What it says: as text and as its twin, in one line each."""
    parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
    return [" ".join(unescape(part.get_content()).split()) for part in parts if part is not None]


def test_whoever_is_suspended_is_told_why_and_later_that_it_is_over(
    app: Flask, alice: Account, server: MailServer
) -> None:
    """The operator's own reason is not what the person is told; what changes nothing is not said;
    and whoever has their data restricted is told, too."""
    Account.update(restricted_at=clock.now()).execute()
    because = ("--reason", "internal-7f3a")
    tell = ("--tell", "Pictures of a real person that deceive.")
    runner = app.test_cli_runner()
    for command in (("suspend", *tell), ("suspend",), ("restore",), ("restore",), ("suspend",)):
        assert runner.invoke(args=["accounts", *command, alice.email, *because]).exit_code == 0
        sweep(inline=True)
    first, opened, again = server.to(alice.email)
    assert first["Subject"] == again["Subject"] == "Your account at FluxGen is suspended"
    assert opened["Subject"] == "Your account at FluxGen is open again"
    told = [bodies(mail) for mail in (first, opened, again)]
    assert all(len(both) == 2 for both in told)
    for text in told[0]:
        assert "Why: Pictures of a real person that deceive." in text
    for text in told[2]:
        assert "Why: something was done with it that our terms do not allow." in text
    for text in (*told[0], *told[2]):
        assert "you may take them with you" in text and "/contact" in text
        assert "help@fluxgen.test" in text
    assert "internal" not in str(told)


def test_what_a_suspended_person_is_told_has_an_end(app: Flask, alice: Account) -> None:
    args = ["accounts", "suspend", alice.email, "--reason", "x", "--tell", "x" * 501]
    answer = app.test_cli_runner().invoke(args=args)
    assert (answer.exit_code, "500 characters" in answer.output) == (1, True)
    assert Account.get().standing is Standing.ACTIVE
    assert Mail.select().count() == 0
