"""The cast: people as rows, and browsers in which they are signed in."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fluxgen import accounts, clock, policies
from fluxgen.accounts import Newcomer
from fluxgen.models import Account, Session
from tests.support import pages

ORIGIN = "http://localhost"
HTMX = {"HX-Request": "true"}
OURS = {"Sec-Fetch-Site": "same-origin"}


def join(name: str) -> Account:
    """Somebody who has signed up; the sandbox welcomes them with 100 credits."""
    account = accounts.sign_up(_newcomer(name), age_confirmed=True, terms_accepted=True)
    return accounts.balance(account)


def penniless(name: str) -> Account:
    """Somebody without any credits, and without a movement of them."""
    newcomer = _newcomer(name)
    return Account.create(
        identity=newcomer.identity,
        email=newcomer.email,
        name=newcomer.name,
        age_confirmed_at=clock.now(),
        terms_accepted_at=clock.now(),
        terms_version=policies.current("terms").version,
    )


def _newcomer(name: str) -> Newcomer:
    return Newcomer(
        identity=accounts.identity_hash("https://issuer.test", name),
        email=f"{name}@example.test",
        name=name.capitalize(),
        picture_url="",
    )


class Browser(FlaskClient):
    """A client whose writes come from our own pages, as a browser's would; it reads what it gets."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if not kwargs.pop("bare", False):
            kwargs["headers"] = {**OURS, **(kwargs.get("headers") or {})}
        answer = super().open(*args, **{"buffered": True, **kwargs})
        if answer.mimetype == "text/html" and answer.status_code // 100 != 3:
            found = pages.faults(answer.text)
            assert not found, f"{answer.request.path}: {found}"
        return answer


def visit(app: Flask, account: Account | None) -> Browser:
    """A browser, signed in if there is an account."""
    app.test_client_class = Browser
    browser = app.test_client()
    assert isinstance(browser, Browser)
    if account is not None:
        token = secrets.token_urlsafe(32)
        Session.create(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            account=account,
            data={},
            created_at=clock.now(),
            expires_at=clock.after(3600 * 24 * 30),
        )
        browser.set_cookie("fluxgen", token, domain="localhost")
    return browser


def order(**changes: Any) -> dict[str, Any]:
    """The fields of a studio form, valid unless changed."""
    return {
        "prompt": "a red fox in snow",
        "model": "flux-schnell",
        "tier": "draft",
        "aspect_ratio": "1:1",
        "count": "1",
        "nonce": secrets.token_urlsafe(16),
        **changes,
    }
