"""Who carries our mail: a mail server by SMTP, or the sandbox's mailbox where none is set."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpx

from fluxgen import clock
from fluxgen.adapters.authorities import authorities
from fluxgen.errors import MayWorkLater, Misconfigured, NeverWill

PORTS = {"smtp": 587, "smtps": 465}
TIMEOUT_MAX_S = 20.0
STEPS = 6
"""Answers a mail waits for, at most; together they must not outlast a worker's lease."""
MARK = "mark@fluxgen"
"""The name under which the HTML twin shows the mark, which is part of the mail."""


@dataclass(frozen=True)
class Letter:
    """One mail, ready to go. `name` makes its Message-ID: the same letter has the same one.

    An answer to it goes to `answers_to`, or to the sender where that is empty.
    """

    name: str
    to: str
    subject: str
    text: str
    html: str
    mark_png: bytes
    answers_to: str = ""


class Post(Protocol):
    """An open connection to whoever carries the mail."""

    def send(self, letter: Letter) -> None:
        """Hand over one letter. Raises `MayWorkLater` and, of this address, `NeverWill`."""


class Mail(Protocol):
    """Anything that carries mail."""

    def opened(self) -> AbstractContextManager[Post]:
        """A connection for some letters. Raises `MayWorkLater` where nobody answers."""


def written(letter: Letter, sender: str) -> EmailMessage:
    """The letter as it travels: text, HTML twin, the mark inside. Nothing is loaded from afar."""
    name, address = parseaddr(sender)
    message = EmailMessage()
    message["From"] = Address(name, addr_spec=address)
    message["To"] = letter.to
    if letter.answers_to:
        message["Reply-To"] = letter.answers_to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{letter.name[:40]}@{address.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    twin = message.get_payload()[1]  # type: ignore[index]  # a multipart's payload is a list
    twin.add_related(letter.mark_png, "image", "png", cid=f"<{MARK}>")  # type: ignore[union-attr]
    return message


class SmtpMail:
    """A mail server: `smtps://` speaks TLS from the start, `smtp://` turns to it (STARTTLS).

    Without TLS nothing is sent, except to this very machine.
    """

    def __init__(self, url: str, sender: str, *, lease_s: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise Misconfigured("SMTP_URL must be smtp://… or smtps://… with a host")
        self._scheme, self._host = parts.scheme, parts.hostname
        self._port = parts.port or PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        self._timeout_s = min(TIMEOUT_MAX_S, lease_s / STEPS)

    @contextmanager
    def opened(self) -> Iterator[SmtpPost]:
        """A connection for some letters. Raises `MayWorkLater`."""
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble
        try:
            yield SmtpPost(server, self._sender)
        finally:
            _hang_up(server)

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout_s, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout_s)
        try:
            self._introduce(server, context)
        except BaseException:
            server.close()
            raise
        return server

    def _introduce(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        server.ehlo()
        if self._scheme == "smtp" and (server.has_extn("starttls") or not self._is_here):
            server.starttls(context=context)
            server.ehlo()
        if self._user:
            server.login(self._user, self._password)

    @property
    def _is_here(self) -> bool:
        return self._host in {"localhost", "127.0.0.1", "::1"}


class SmtpPost:
    """An open connection to a mail server."""

    def __init__(self, server: smtplib.SMTP, sender: str) -> None:
        self._server = server
        self._sender = sender

    def send(self, letter: Letter) -> None:
        """Hand over one letter: once this returns the server answers for it."""
        try:
            self._server.send_message(written(letter, self._sender))
        except smtplib.SMTPRecipientsRefused as refused:
            if not refused.recipients:  # there was no address to refuse
                raise NeverWill("address") from None
            code, _ = next(iter(refused.recipients.values()))
            raise _refusal(code) from None
        except smtplib.SMTPSenderRefused as refused:  # it is us that it will not have
            raise MayWorkLater(f"sender refused: {refused.smtp_code}") from None
        except smtplib.SMTPResponseException as refused:
            raise _refusal(refused.smtp_code) from None
        except (OSError, smtplib.SMTPException) as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble
        except ValueError:  # no address, or one that is none
            raise NeverWill("address") from None


def _refusal(code: int) -> MayWorkLater | NeverWill:
    """What a server's code means: 5xx is for good. Its words may repeat the address."""
    return NeverWill(str(code)) if 500 <= code < 600 else MayWorkLater(str(code))


def _hang_up(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


class SandboxMail:
    """The sandbox's mailbox: everything arrives there and nowhere else."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = f"{url}/mail/messages"
        self._sender = sender

    @contextmanager
    def opened(self) -> Iterator[SandboxMail]:
        """The mailbox itself; it is asked at each letter."""
        yield self

    def send(self, letter: Letter) -> None:
        """Put one letter into the mailbox."""
        try:
            content = written(letter, self._sender).as_bytes()
            answer = httpx.post(self._url, content=content, timeout=10, verify=authorities())
            answer.raise_for_status()
        except httpx.HTTPError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble
        except ValueError:
            raise NeverWill("address") from None
