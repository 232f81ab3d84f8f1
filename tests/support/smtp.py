"""A real mail server on a free local port; it can refuse, hang up and vanish, and speak TLS."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

HOST = "127.0.0.1"


@dataclass
class MailServer:
    """What arrived, and what is to go wrong: an answer by address, or one to everything."""

    received: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    answers_all: str = ""
    answers_sender: str = ""
    port: int = 0
    host: str = HOST
    tls: ssl.SSLContext | None = None
    """What it shows to whoever asks for TLS; with `speaks_tls_at_once`, to everybody."""
    speaks_tls_at_once: bool = False
    login: tuple[str, str] | None = None
    """Without it nothing is taken."""
    tried: list[tuple[str, str]] = field(default_factory=list)
    """Every login that somebody has tried."""

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    def _knows(self, server: Any, session: Any, envelope: Any, how: str, data: Any) -> AuthResult:
        said = (data.login.decode(), data.password.decode())
        self.tried.append(said)
        return AuthResult(success=said == self.login, handled=False)

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.received if mail["To"] == address]

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.answers_sender:
            return self.answers_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if refusal := self.answers.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers_all:
            return self.answers_all
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    @contextmanager
    def running(self) -> Iterator[MailServer]:
        """Listen until the block ends; the second time on the same port."""
        self.port = self.port or free_port()
        at_once = self.speaks_tls_at_once
        controller = Controller(
            self,
            hostname=self.host,
            port=self.port,
            ssl_context=self.tls if at_once else None,
            tls_context=None if at_once else self.tls,
            require_starttls=self.tls is not None and not at_once,
            authenticator=self._knows,
            auth_required=self.login is not None and not at_once,  # else it warns
            auth_require_tls=not at_once,
        )
        controller.start()
        try:
            yield self
        finally:
            controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
