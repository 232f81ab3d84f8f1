"""The mail stand-in: a mailbox in memory. Nothing leaves it; every page says so."""

import threading
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from fluxgen.sandbox.pages import STYLESHEET, page, page_answer, stylesheet_answer
from fluxgen.sandbox.routed import Routed, json_answer, mount_url

KEPT_MAX = 500
WIDER = """
main { inline-size: min(100%, 44rem); }
article { margin-block-start: 1.5rem; padding-block-start: 1rem; border-block-start: 1px solid var(--rule); }
h2 { font-size: 1.125rem; }
pre { margin-block-start: 0.75rem; white-space: pre-wrap; overflow-wrap: anywhere;
  font: 0.875rem/1.5 ui-monospace, monospace; }
"""
TWIN_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'none'"


@dataclass(frozen=True)
class Received:
    """A mail that was put into the mailbox."""

    number: int
    message: EmailMessage

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body is not None else ""

    @property
    def mark(self) -> bytes:
        """The picture that the HTML twin carries."""
        for part in self.message.walk():
            if part.get_content_type() == "image/png":
                return bytes(part.get_content())
        raise NotFound


class MailSandbox(Routed):
    """Takes mails and shows them, newest first."""

    rules = (
        ("POST", "/messages", "receive"),
        ("GET", "/", "listing"),
        ("GET", "/style.css", "stylesheet"),
        ("GET", "/messages/<int:number>", "twin"),
        ("GET", "/messages/<int:number>/mark.png", "mark"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._count = 0
        self.received: deque[Received] = deque(maxlen=KEPT_MAX)

    def receive(self, request: Request) -> Response:
        """Take a mail as it travels (RFC 5322)."""
        message = message_from_bytes(request.get_data(), policy=policy.default)
        with self._lock:
            self._count += 1
            self.received.append(Received(self._count, message))
        return json_answer({"number": self._count}, 201)

    def listing(self, request: Request) -> Response:
        """Every mail, newest first, as text."""
        with self._lock:
            mails = list(reversed(self.received))
        base_url = mount_url(request)
        body = "".join(_entry(mail, base_url) for mail in mails) or "<p>Nothing yet.</p>"
        words = (
            "<h1>Mailbox</h1><p>Mail that FluxGen would have sent. None of it has left this "
            "machine, and it is forgotten when the sandbox stops.</p>"
        )
        return page_answer(page("Mailbox", "no mail is sent", words + body, base_url))

    def twin(self, request: Request, number: int) -> Response:
        """One mail's HTML, as a mail program would show it."""
        found = self._find(number)
        html = found.html.replace("cid:mark@fluxgen", f"{number}/mark.png")
        answer = Response(html, mimetype="text/html")
        answer.headers["Content-Security-Policy"] = TWIN_POLICY
        return answer

    def mark(self, request: Request, number: int) -> Response:
        """The picture inside a mail."""
        return Response(self._find(number).mark, mimetype="image/png")

    def stylesheet(self, request: Request) -> Response:
        """The pages' own stylesheet."""
        return stylesheet_answer(STYLESHEET + WIDER)

    def _find(self, number: int) -> Received:
        for mail in self.received:
            if mail.number == number:
                return mail
        raise NotFound


def _entry(mail: Received, base_url: str) -> str:
    to, subject = escape(str(mail.message["To"])), escape(str(mail.message["Subject"]))
    return (
        f"<article><h2>{subject}</h2><p>To {to} · {escape(str(mail.message['Date']))} · "
        f'<a href="{escape(base_url)}/messages/{mail.number}">as HTML</a></p>'
        f"<pre>{escape(mail.text)}</pre></article>"
    )
