"""The whole sign-in as the app does it: Authlib's Flask client against a served stand-in."""

import threading
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from werkzeug.serving import make_server

from fluxgen.sandbox import create_sandbox
from fluxgen.sandbox.google import ISSUER


@pytest.fixture(scope="module")
def google_url() -> Iterator[str]:
    """The stand-in on a socket: Authlib speaks `requests`, which needs one."""
    server = make_server(
        "127.0.0.1", 0, create_sandbox({"SANDBOX_PAINTER": "quick"}), threaded=True
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/google"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def app(google_url: str) -> Flask:
    """The smallest app that signs in with Google."""
    app = Flask("app")
    app.secret_key = "for this test"
    oauth = OAuth(app)
    oauth.register(
        "google",
        client_id="app",
        client_secret="secret",
        server_metadata_url=f"{google_url}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": 5,
        },
    )

    @app.get("/signin")
    def signin() -> ResponseReturnValue:
        answer: ResponseReturnValue = oauth.google.authorize_redirect("http://localhost/callback")
        return answer

    @app.get("/callback")
    def callback() -> ResponseReturnValue:
        try:
            token = oauth.google.authorize_access_token()
        except OAuthError as refused:
            return jsonify(error=refused.error), 401
        return jsonify(token["userinfo"])

    return app


def returned(app: Flask, form: dict[str, str]) -> dict[str, object]:
    """Sign in, choosing by `form`; what the callback answers."""
    browser = app.test_client()
    chooser = browser.get("/signin").headers["Location"]
    assert dict(parse_qsl(urlsplit(chooser).query))["code_challenge_method"] == "S256"
    back = httpx.post(chooser, data=form, timeout=30).headers["Location"]
    answer = browser.get(back)
    assert isinstance(answer.json, dict)
    return answer.json


def test_signing_in(app: Flask) -> None:
    claims = returned(app, {"email": "zoe@example.net", "name": "Zoe Park"})
    assert (claims["email"], claims["name"], claims["iss"]) == (
        "zoe@example.net",
        "Zoe Park",
        ISSUER,
    )


def test_declining(app: Flask) -> None:
    assert returned(app, {"decision": "deny"}) == {"error": "access_denied"}
