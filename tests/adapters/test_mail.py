"""The mail server's side of mail: TLS from the start or turned to, a login, and what it answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from fluxgen.adapters.mail import Letter, SmtpMail, SmtpPost
from fluxgen.errors import MayWorkLater, Misconfigured, NeverWill
from tests.support.certificates import Authority
from tests.support.smtp import MailServer, free_port

FAR = "127.0.0.2"
"""This machine as well, and not one of the names by which we know it: so TLS is a must."""
LOGIN = ("fluxgen@example.test", "p@ss word/:")
AUTHENTICATED = "fluxgen%40example.test:p%40ss%20word%2F%3A@"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="all of 127.0.0.0/8 is here")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The only authority that this process trusts."""
    found = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(found.file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    return found


def letter(to: str = "alice@example.test") -> Letter:
    return Letter(
        "n" * 64, to, "Your export is ready", "Zoë, it is ready.", "<p>Ready.</p>", b"PNG"
    )


@contextmanager
def connected(server: MailServer, scheme: str, user: str = AUTHENTICATED) -> Iterator[SmtpPost]:
    url = f"{scheme}://{user}{server.host}:{server.port}"
    with server.running(), SmtpMail(url, "FluxGen <a@fluxgen.test>", lease_s=30).opened() as post:
        yield post


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_it_turns_to_tls_or_begins_with_it_and_only_then_logs_in(
    authority: Authority, scheme: str
) -> None:
    is_smtps = scheme == "smtps"
    tls = authority.server(FAR)
    server = MailServer(
        host=FAR, port=free_port(), tls=tls, speaks_tls_at_once=is_smtps, login=LOGIN
    )
    with connected(server, scheme) as post:
        for to in ("alice@example.test", "bob@example.test"):
            post.send(letter(to))
    assert [mail["To"] for mail in server.received] == ["alice@example.test", "bob@example.test"]
    assert server.tried == [LOGIN]
    text = server.received[0].get_body(("plain",))
    assert text is not None and "Zoë" in text.get_content()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("wrong", ["authority", "address", "day"])
def test_a_wrong_certificate_gets_neither_the_password_nor_a_letter(
    authority: Authority, tmp_path: Path, scheme: str, wrong: str
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    tls = {
        "authority": lambda: Authority(other).server(FAR),
        "address": lambda: authority.server("127.0.0.3"),
        "day": lambda: authority.server(FAR, ends_in=-timedelta(days=1)),
    }[wrong]()
    server = MailServer(host=FAR, port=free_port(), tls=tls, login=LOGIN)
    server.speaks_tls_at_once = scheme == "smtps"
    with pytest.raises(MayWorkLater, match="SSLCertVerificationError"), connected(server, scheme):
        pass
    assert (server.tried, server.received) == ([], [])


@pytest.mark.parametrize("user", [AUTHENTICATED, ""])
def test_a_far_server_without_tls_gets_neither(authority: Authority, user: str) -> None:
    server = MailServer(host=FAR, port=free_port())
    with (
        pytest.raises(MayWorkLater, match="SMTPNotSupportedError"),
        connected(server, "smtp", user) as post,
    ):
        post.send(letter())
    assert (server.tried, server.received) == ([], [])


def test_this_very_machine_may_do_without_tls() -> None:
    server = MailServer(port=free_port())
    with connected(server, "smtp", user="") as post:
        post.send(letter())
    assert len(server.received) == 1


def test_a_password_that_is_refused_is_our_trouble_and_no_letters(authority: Authority) -> None:
    server = MailServer(
        host=FAR, port=free_port(), tls=authority.server(FAR), login=("other", "one")
    )
    with pytest.raises(MayWorkLater, match="SMTPAuthenticationError"), connected(server, "smtp"):
        pass
    assert server.tried == [LOGIN] * len(server.tried)
    assert server.received == []


@pytest.mark.parametrize(
    ("at", "answer", "error", "says"),
    [
        ("recipient", "550 5.1.1 no such person", NeverWill, "550"),
        ("recipient", "553 5.1.3 no address", NeverWill, "553"),
        ("recipient", "450 4.2.1 try later", MayWorkLater, "450"),
        ("letter", "554 5.7.1 looks like an advertisement", NeverWill, "554"),
        ("letter", "452 4.3.1 the disk is full", MayWorkLater, "452"),
        ("sender", "550 5.7.1 a quota", MayWorkLater, "sender refused"),
        ("sender", "451 4.7.0 later", MayWorkLater, "sender refused"),
    ],
)
def test_what_a_server_says_is_for_good_or_for_now_and_the_line_goes_on(
    at: str, answer: str, error: type[Exception], says: str
) -> None:
    server = MailServer(port=free_port())
    server.answers = {"alice@example.test": answer} if at == "recipient" else {}
    server.answers_all = answer if at == "letter" else ""
    server.answers_sender = answer if at == "sender" else ""
    with connected(server, "smtp", user="") as post:
        with pytest.raises(error, match=says) as refused:
            post.send(letter())
        assert "person" not in str(refused.value) and "@" not in str(refused.value)
        server.answers_all = server.answers_sender = ""
        post.send(letter("bob@example.test"))
    assert [mail["To"] for mail in server.received] == ["bob@example.test"]


def test_a_letter_to_nobody_is_given_up() -> None:
    server = MailServer(port=free_port())
    with connected(server, "smtp", user="") as post, pytest.raises(NeverWill, match="address"):
        post.send(letter(""))
    assert server.received == []


def test_a_server_that_is_down_or_vanishes_is_asked_later() -> None:
    server = MailServer(port=free_port())
    with pytest.raises(MayWorkLater), SmtpMail(server.url, "a@f.test", lease_s=30).opened():
        pass
    with connected(server, "smtp", user="") as post:
        post._server.close()
        with pytest.raises(MayWorkLater):
            post.send(letter())


@pytest.mark.parametrize("url", ["mail.example.test", "http://mail.example.test", "smtp://"])
def test_an_address_that_is_none_does_not_start(url: str) -> None:
    with pytest.raises(Misconfigured):
        SmtpMail(url, "a@fluxgen.test", lease_s=30)
