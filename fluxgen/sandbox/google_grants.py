"""Codes and tokens of the Google stand-in: single use, short lives, PKCE really checked."""

import base64
import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from fluxgen.sandbox.google_people import Person

CODE_LIFETIME_S = 60
TOKEN_LIFETIME_S = 3599
MAX_GRANTS = 1000
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class GrantRefused(Exception):
    """An OAuth error: its code and what to tell the developer."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass(frozen=True)
class Asked:
    """A valid authorization request."""

    client_id: str
    redirect_uri: str
    scope: str
    state: str
    nonce: str | None
    code_challenge: str
    login_hint: str
    is_silent: bool


@dataclass(frozen=True)
class Granted:
    """A person said yes to a request, at a time in unix seconds."""

    asked: Asked
    person: Person
    at: float


@cache
def signing_key() -> RSAKey:
    """One key per process, made when first needed."""
    return RSAKey.generate_key(2048, {"kid": "sandbox-1", "use": "sig", "alg": "RS256"})


class Grants:
    """Codes and access tokens that were given out, at most `MAX_GRANTS` of each."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._codes: OrderedDict[str, Granted] = OrderedDict()
        self._tokens: OrderedDict[str, Granted] = OrderedDict()

    def give_code(self, asked: Asked, person: Person) -> str:
        """A new code."""
        return self._keep(self._codes, "4/0A", Granted(asked, person, self._now()))

    def give_token(self, granted: Granted) -> str:
        """A new access token, for /userinfo only."""
        return self._keep(
            self._tokens, "ya29.a0", Granted(granted.asked, granted.person, self._now())
        )

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> Granted:
        """Trade a code in, once. Raises `GrantRefused`."""
        with self._lock:
            granted = self._codes.pop(code, None)
        if granted is None or granted.at + CODE_LIFETIME_S < self._now():
            raise GrantRefused("invalid_grant", "The code is unknown, used or too old.")
        if client_id != granted.asked.client_id:
            raise GrantRefused("invalid_client", "The code was given to another client.")
        if redirect_uri != granted.asked.redirect_uri:
            raise GrantRefused("redirect_uri_mismatch", "Not the address the code was sent to.")
        if not verifier or not hmac.compare_digest(_s256(verifier), granted.asked.code_challenge):
            raise GrantRefused("invalid_grant", "Invalid code verifier.")
        return granted

    def bearer(self, token: str) -> Person | None:
        """Whose access token this is, while it is valid."""
        with self._lock:
            granted = self._tokens.get(token)
        if granted is None or granted.at + TOKEN_LIFETIME_S < self._now():
            return None
        return granted.person

    def id_token(self, granted: Granted, issuer: str, base_url: str) -> str:
        """The signed ID token; `base_url` is where portraits are."""
        now = int(self._now())
        claims = {
            "iss": issuer,
            "aud": granted.asked.client_id,
            "azp": granted.asked.client_id,
            "iat": now,
            "exp": now + TOKEN_LIFETIME_S,
            **granted.person.claims(base_url),
        }
        if granted.asked.nonce:
            claims["nonce"] = granted.asked.nonce
        return jwt.encode({"alg": "RS256", "kid": "sandbox-1"}, claims, signing_key())

    def _keep(self, shelf: OrderedDict[str, Granted], prefix: str, granted: Granted) -> str:
        secret = prefix + secrets.token_urlsafe(32)
        with self._lock:
            shelf[secret] = granted
            if len(shelf) > MAX_GRANTS:
                shelf.popitem(last=False)
        return secret


def read_request(given: dict[str, str]) -> Asked:
    """Check an authorization request as Google would, and PKCE, which we require.

    Raises `GrantRefused` for a request that must not be answered by a redirect.
    """
    redirect_uri = given.get("redirect_uri", "")
    address = urlsplit(redirect_uri)
    plain_allowed = address.scheme == "http" and address.hostname in _LOOPBACK
    if not given.get("client_id"):
        raise GrantRefused("invalid_request", "Missing required parameter: client_id")
    if address.fragment or not address.netloc or not (address.scheme == "https" or plain_allowed):
        raise GrantRefused("redirect_uri_mismatch", "redirect_uri must be https, or loopback.")
    if given.get("response_type") != "code":
        raise GrantRefused("unsupported_response_type", "Only response_type=code is known here.")
    if "openid" not in given.get("scope", "").split():
        raise GrantRefused("invalid_scope", "The scope must contain openid.")
    if given.get("code_challenge_method") != "S256" or not given.get("code_challenge"):
        raise GrantRefused("invalid_request", "PKCE with S256 is required.")
    return Asked(
        client_id=given["client_id"],
        redirect_uri=redirect_uri,
        scope=given["scope"],
        state=given.get("state", ""),
        nonce=given.get("nonce") or None,
        code_challenge=given["code_challenge"],
        login_hint=given.get("login_hint", ""),
        is_silent="none" in given.get("prompt", "").split(),
    )


def _s256(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
