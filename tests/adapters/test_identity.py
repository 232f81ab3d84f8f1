"""Signing in: through Authlib to the Google sandbox and back, in a small app of its own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import httpx
import pytest
from flask import Flask, jsonify
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from fluxgen.adapters.identity import GoogleIdentity
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.google import ISSUER
from tests.support.sandboxes import SandboxServer
from tests.support.signing_in import ALMA, NOOR, TIMEOUT_S, asked, choose

STATE = "_state_google_"


def app_over(google_url: str) -> Flask:
    """Two routes: off to Google, and back with what we take or why not."""
    app = Flask("signing-in")
    app.secret_key = "test"
    identity = GoogleIdentity(
        client_id="sandbox",
        client_secret="secret",
        metadata_url=f"{google_url}/.well-known/openid-configuration",
    )
    identity.init_app(app)

    @app.get("/begin")
    def begin() -> ResponseReturnValue:
        try:
            return identity.begin("http://localhost/callback")
        except MayWorkLater:
            return {"later": True}

    @app.get("/callback")
    def callback() -> ResponseReturnValue:
        try:
            return jsonify(asdict(identity.finish()))
        except NeverWill as refusal:
            return {"refused": refusal.reason}
        except MayWorkLater:
            return {"later": True}

    return app


@pytest.fixture
def google_url(sandbox_server: SandboxServer, sandbox: Sandbox) -> str:
    return f"{sandbox_server.url}/google"


@pytest.fixture
def browser(google_url: str) -> Iterator[FlaskClient]:
    with app_over(google_url).test_client() as client:
        yield client


def begin(browser: FlaskClient) -> str:
    return str(browser.get("/begin").location)


def come_back(browser: FlaskClient, address: str) -> Any:
    return browser.get(address).json


def kept(browser: FlaskClient) -> dict[str, Any]:
    """What the app remembers of the sign-in under way."""
    with browser.session_transaction() as under_way:
        (name,) = [name for name in under_way if name.startswith(STATE)]
        return dict(under_way[name]["data"])


def test_the_redirect_carries_state_nonce_and_an_s256_challenge(browser: FlaskClient) -> None:
    parameters = asked(begin(browser))
    secrets_ = kept(browser)
    digest = hashlib.sha256(secrets_["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert parameters["code_challenge"] == challenge
    assert parameters["code_challenge_method"] == "S256"
    assert parameters["nonce"] == secrets_["nonce"]
    assert len(parameters["state"]) >= 20
    assert parameters["response_type"] == "code"
    assert parameters["scope"] == "openid email profile"
    assert secrets_["code_verifier"] not in str(parameters)


def test_every_departure_has_secrets_of_its_own(browser: FlaskClient) -> None:
    first, second = asked(begin(browser)), asked(begin(browser))
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


def test_who_comes_back_is_told_in_five_facts(browser: FlaskClient, google_url: str) -> None:
    claims = come_back(browser, choose(begin(browser), person=ALMA.sub))
    assert claims == {
        "issuer": ISSUER,
        "subject": ALMA.sub,
        "email": "alma.reyes@example.com",
        "name": "Alma Reyes",
        "picture_url": f"{google_url}/picture/{ALMA.sub}",
    }


def test_somebody_without_a_picture_has_none(browser: FlaskClient) -> None:
    assert come_back(browser, choose(begin(browser), person=NOOR.sub))["picture_url"] == ""


def test_no_token_is_kept(browser: FlaskClient) -> None:
    come_back(browser, choose(begin(browser), person=ALMA.sub))
    with browser.session_transaction() as left:
        assert "token" not in str(dict(left))


def test_an_unverified_address_is_not_let_in(browser: FlaskClient) -> None:
    back = choose(begin(browser), email="eve@example.test", name="Eve", unverified="1")
    assert come_back(browser, back) == {"refused": "unverified"}


def test_who_says_no_has_declined(browser: FlaskClient) -> None:
    assert come_back(browser, choose(begin(browser), decision="deny")) == {"refused": "declined"}


def test_an_answer_counts_once(browser: FlaskClient) -> None:
    back = choose(begin(browser), person=ALMA.sub)
    assert "subject" in come_back(browser, back)
    assert come_back(browser, back) == {"refused": "invalid"}


def test_an_answer_for_another_browser_is_invalid(browser: FlaskClient, google_url: str) -> None:
    back = choose(begin(browser), person=ALMA.sub)
    with app_over(google_url).test_client() as other:
        begin(other)
        assert come_back(other, back) == {"refused": "invalid"}


def test_a_changed_state_is_invalid(browser: FlaskClient) -> None:
    back = choose(begin(browser), person=ALMA.sub)
    assert come_back(browser, back.replace("state=", "state=x")) == {"refused": "invalid"}
    assert come_back(browser, "/callback?code=x&state=y") == {"refused": "invalid"}
    assert come_back(browser, "/callback") == {"refused": "invalid"}


def _spoil(browser: FlaskClient, name: str) -> None:
    with browser.session_transaction() as under_way:
        (key,) = [key for key in under_way if key.startswith(STATE)]
        record = under_way[key]
        under_way[key] = {**record, "data": {**record["data"], name: "x" * 48}}


def test_google_refuses_a_wrong_verifier(browser: FlaskClient) -> None:
    back = choose(begin(browser), person=ALMA.sub)
    _spoil(browser, "code_verifier")
    assert come_back(browser, back) == {"refused": "invalid"}


def test_we_refuse_a_wrong_nonce(browser: FlaskClient) -> None:
    back = choose(begin(browser), person=ALMA.sub)
    _spoil(browser, "nonce")
    assert come_back(browser, back) == {"refused": "invalid"}


def test_google_refuses_a_departure_without_a_challenge(browser: FlaskClient) -> None:
    address = begin(browser)
    bare = httpx.URL(address).copy_remove_param("code_challenge")
    assert httpx.post(bare, data={"person": ALMA.sub}, timeout=TIMEOUT_S).status_code == 400


def test_a_google_that_is_away_is_tried_later() -> None:
    with app_over("http://127.0.0.1:1/google").test_client() as browser:
        assert browser.get("/begin").json == {"later": True}


def test_a_google_that_answers_nonsense_is_tried_later(sandbox_server: SandboxServer) -> None:
    with app_over(f"{sandbox_server.url}/s3").test_client() as browser:
        assert browser.get("/begin").json == {"later": True}


def test_a_google_that_goes_away_meanwhile_is_tried_later(google_url: str) -> None:
    app = app_over(google_url)
    with app.test_client() as browser:
        back = choose(begin(browser), person=ALMA.sub)
        metadata = app.extensions["authlib.integrations.flask_client"].google.server_metadata
        metadata["token_endpoint"] = "http://127.0.0.1:1/token"
        assert come_back(browser, back) == {"later": True}
