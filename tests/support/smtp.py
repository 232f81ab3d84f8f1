"""A real mail server on a free local port; it can refuse, hang up and vanish."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


@dataclass
class MailServer:
    """What arrived, and what is to go wrong: an answer by address, or one to everything."""

    received: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    answers_all: str = ""
    answers_sender: str = ""
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"

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
        self.port = self.port or _free_port()
        controller = Controller(self, hostname=HOST, port=self.port)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
