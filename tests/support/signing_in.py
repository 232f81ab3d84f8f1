"""Signing in as a person does: to Google's sandbox and back, every step over HTTP."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
from werkzeug.test import TestResponse

from fluxgen.adapters.authorities import authorities
from fluxgen.sandbox.google_people import PEOPLE, Person
from tests.support.cast import Browser

ALMA, JONAS, NOOR = PEOPLE.values()
TIMEOUT_S = 60.0
BOTH = {"age13": "yes", "terms": "yes"}


def leave(client: Browser, onward: str = "") -> str:
    """Press the button; the address at Google that it leads to."""
    answer = client.get("/signin/google", query_string={"next": onward} if onward else None)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def choose(address: str, **form: str) -> str:
    """Decide on Google's page; our own address that it sends the browser back to."""
    answer = httpx.post(address, data=form, timeout=TIMEOUT_S, verify=authorities())
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["location"])
    return f"{parts.path}?{parts.query}"


def come_back(client: Browser, person: Person = ALMA, onward: str = "") -> TestResponse:
    """Sign in with Google as this person; our answer to the callback."""
    return client.get(choose(leave(client, onward), person=person.sub))


def sign_up(client: Browser, person: Person = ALMA, onward: str = "") -> TestResponse:
    """The first time: with both questions answered."""
    assert come_back(client, person, onward).location == "/signin/welcome"
    return client.post("/signin/welcome", data=BOTH)


def asked(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def token(client: Browser, name: str = "fluxgen", domain: str = "localhost") -> str | None:
    """The cookie this browser holds, if there is one."""
    cookie = client.get_cookie(name, domain=domain)
    return cookie.value if cookie else None
