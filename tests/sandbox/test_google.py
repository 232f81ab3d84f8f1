"""Signing in at the Google stand-in, by hand and through Authlib."""

import base64
import hashlib
import io
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from PIL import Image

from fluxgen.sandbox.google import ISSUER
from fluxgen.sandbox.google_people import PEOPLE
from tests.sandbox.conftest import Clock

VERIFIER = "v" * 50
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
REDIRECT = "http://localhost:8000/signin/google/callback"
ASKED = {
    "response_type": "code",
    "client_id": "app",
    "redirect_uri": REDIRECT,
    "scope": "openid email profile",
    "state": "st4te",
    "nonce": "n0nce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
    "prompt": "select_account",
}
AUTHORIZE = "/google/o/oauth2/v2/auth"


def decide(http: httpx.Client, form: dict[str, str], **asked: str) -> dict[str, str]:
    """Post the chooser's form; what the browser carries back to the app."""
    answer = http.post(AUTHORIZE, params=ASKED | asked, data=form)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(REDIRECT)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def trade(http: httpx.Client, code: str, /, **changed: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": "app",
        "client_secret": "secret",
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    return http.post("/google/token", data=form | changed)


def somebody(http: httpx.Client) -> str:
    """A fresh code for a typed person."""
    return decide(http, {"email": "zoe@example.net", "name": "Zoe Park"})["code"]


def test_the_metadata_names_this_address_and_an_issuer_of_every_address(
    http: httpx.Client,
) -> None:
    found = http.get("/google/.well-known/openid-configuration").json()
    assert found["issuer"] == ISSUER
    assert found["jwks_uri"] == "http://sandbox.test/google/jwks"
    assert found["code_challenge_methods_supported"] == ["S256"]


def test_the_chooser_is_honest_and_strict(http: httpx.Client) -> None:
    answer = http.get(AUTHORIZE, params=ASKED)
    assert "this is not Google" in answer.text
    assert all(person.email in answer.text for person in PEOPLE.values())
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://localhost:8000" in policy
    assert "style=" not in answer.text and "<script" not in answer.text
    stylesheet = re.search(r'href="([^"]+\.css)"', answer.text)
    assert stylesheet and http.get(stylesheet[1]).headers["content-type"].startswith("text/css")


def test_a_typed_person_gets_a_signed_id_token(http: httpx.Client, clock: Clock) -> None:
    back = decide(http, {"email": "zoe@example.net", "name": "Zoe Park"})
    assert back["state"] == "st4te"
    answer = trade(http, back["code"]).json()
    keys = KeySet.import_key_set(http.get("/google/jwks").json())
    claims = jwt.decode(answer["id_token"], keys, algorithms=["RS256"]).claims
    assert claims["iss"] == ISSUER
    assert (claims["aud"], claims["nonce"]) == ("app", "n0nce")
    assert (claims["email"], claims["email_verified"]) == ("zoe@example.net", True)
    assert (claims["name"], claims["given_name"]) == ("Zoe Park", "Zoe")
    assert claims["exp"] - claims["iat"] == 3599
    assert claims["iat"] == int(clock.at)
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    told = http.get("/google/userinfo", headers=bearer).json()
    assert told["sub"] == claims["sub"]
    assert http.get("/google/userinfo").status_code == 401


def test_the_same_address_is_the_same_person(http: httpx.Client) -> None:
    subs = {claims_of(trade(http, somebody(http)))["sub"] for _ in range(2)}
    assert len(subs) == 1


def test_an_unverified_address_says_so(http: httpx.Client) -> None:
    code = decide(http, {"email": "zoe@example.net", "unverified": "1"})["code"]
    assert claims_of(trade(http, code))["email_verified"] is False


def test_sample_people_have_portraits_or_none(http: httpx.Client) -> None:
    claims = [claims_of(trade(http, decide(http, {"person": sub})["code"])) for sub in PEOPLE]
    assert [claim.get("hd") for claim in claims] == [None, "studio.example", None]
    assert "picture" not in claims[2]
    answer = http.get(str(claims[0]["picture"]))
    portrait = Image.open(io.BytesIO(answer.content))
    assert (portrait.format, portrait.size) == ("JPEG", (512, 512))
    assert "Private note" in str(dict(portrait.getexif()))
    assert http.get(f"/google/picture/{claims[2]['sub']}").status_code == 404


def test_denying_and_silence(http: httpx.Client) -> None:
    assert decide(http, {"decision": "deny"}) == {"state": "st4te", "error": "access_denied"}
    silent = http.get(AUTHORIZE, params=ASKED | {"prompt": "none"})
    assert "error=interaction_required" in silent.headers["location"]


def test_a_form_without_anybody_shows_the_chooser_again(http: httpx.Client) -> None:
    answer = http.post(AUTHORIZE, params=ASKED, data={"email": "nobody"})
    assert (answer.status_code, "Choose an account" in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"redirect_uri": "http://app.example/callback"}, "redirect_uri_mismatch"),
        ({"redirect_uri": ""}, "redirect_uri_mismatch"),
        ({"client_id": ""}, "invalid_request"),
        ({"scope": "email"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_a_wrong_request_is_a_page_not_a_redirect(
    http: httpx.Client, changed: dict[str, str], error: str
) -> None:
    answer = http.get(AUTHORIZE, params=ASKED | changed)
    assert answer.status_code == 400
    assert error in answer.text


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"code_verifier": "w" * 50}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"redirect_uri": REDIRECT + "/"}, 400, "redirect_uri_mismatch"),
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": "made-up"}, 400, "invalid_grant"),
    ],
)
def test_a_wrong_trade_is_refused(
    http: httpx.Client, changed: dict[str, str], status: int, error: str
) -> None:
    answer = trade(http, somebody(http), **changed)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_code_works_once_and_not_for_long(http: httpx.Client, clock: Clock) -> None:
    code = somebody(http)
    assert trade(http, code).status_code == 200
    assert trade(http, code).json()["error"] == "invalid_grant"
    late = somebody(http)
    clock.at += 61
    assert trade(http, late).json()["error"] == "invalid_grant"


def test_basic_authorization_names_the_client_too(http: httpx.Client) -> None:
    code = somebody(http)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    assert http.post("/google/token", data=form, auth=("app", "secret")).status_code == 200


def claims_of(answer: httpx.Response) -> dict[str, object]:
    """The ID token's claims, unchecked."""
    body = answer.json()["id_token"].split(".")[1]
    text = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    claims: dict[str, object] = httpx.Response(200, content=text).json()
    return claims
