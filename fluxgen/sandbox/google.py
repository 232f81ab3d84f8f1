"""A stand-in for Google's sign-in: a small OpenID provider with an honest account chooser.

For a direct form POST in tests, send to the authorization address, its query included:
`person=<sub of a sample person>`, or `email=…&name=…` (and `unverified=1`), or `decision=deny`.
"""

import base64
import time
from collections.abc import Callable
from urllib.parse import unquote, urlencode, urlsplit

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from fluxgen.sandbox.google_grants import (
    TOKEN_LIFETIME_S,
    Asked,
    GrantRefused,
    Grants,
    read_request,
    signing_key,
)
from fluxgen.sandbox.google_pages import STYLESHEET, chooser_page, error_page
from fluxgen.sandbox.google_people import PEOPLE, Person, portrait_jpeg, typed_person
from fluxgen.sandbox.pages import page_answer, stylesheet_answer
from fluxgen.sandbox.routed import Routed, json_answer, mount_url

ISSUER = "https://google.sandbox.invalid"
"""The same at every address and port, as Google's is: whoever comes back tomorrow is recognised."""


class GoogleSandbox(Routed):
    """The WSGI app."""

    rules = (
        ("GET", "/.well-known/openid-configuration", "metadata"),
        ("GET POST", "/o/oauth2/v2/auth", "authorize"),
        ("POST", "/token", "token"),
        ("GET POST", "/userinfo", "userinfo"),
        ("GET", "/jwks", "keys"),
        ("GET", "/picture/<sub>", "picture"),
        ("GET", "/style.css", "stylesheet"),
    )

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.grants = Grants(now)

    def metadata(self, request: Request) -> Response:
        """The discovery document."""
        base_url = mount_url(request)
        return json_answer(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{base_url}/o/oauth2/v2/auth",
                "token_endpoint": f"{base_url}/token",
                "userinfo_endpoint": f"{base_url}/userinfo",
                "jwks_uri": f"{base_url}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "email", "profile"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post",
                    "client_secret_basic",
                ],
                "code_challenge_methods_supported": ["S256"],
                "grant_types_supported": ["authorization_code"],
            }
        )

    def authorize(self, request: Request) -> Response:
        """GET shows the chooser, whatever `prompt` says but `none`; POST decides."""
        try:
            asked = read_request(request.args.to_dict())
        except GrantRefused as refused:
            return page_answer(
                error_page(refused.code, refused.description, mount_url(request)), status=400
            )
        if asked.is_silent:
            return _back(asked, error="interaction_required")
        if request.method == "GET":
            return self._chooser(request, asked)
        if request.form.get("decision") == "deny":
            return _back(asked, error="access_denied")
        person = _chosen(request)
        if person is None:
            return self._chooser(request, asked)
        return _back(asked, code=self.grants.give_code(asked, person), scope=asked.scope)

    def token(self, request: Request) -> Response:
        """Trade a code for an ID token. Any client id and secret will do, but not none."""
        client_id, secret = _client(request)
        form = request.form
        try:
            if not client_id or not secret:
                raise GrantRefused("invalid_client", "Client id and secret are required.")
            if form.get("grant_type") != "authorization_code":
                raise GrantRefused("unsupported_grant_type", "Only authorization_code is known.")
            granted = self.grants.redeem(
                form.get("code", ""),
                client_id,
                form.get("redirect_uri", ""),
                form.get("code_verifier", ""),
            )
        except GrantRefused as refused:
            status = 401 if refused.code == "invalid_client" else 400
            document = {"error": refused.code, "error_description": refused.description}
            return json_answer(document, status)
        answer = json_answer(
            {
                "access_token": self.grants.give_token(granted),
                "expires_in": TOKEN_LIFETIME_S,
                "scope": granted.asked.scope,
                "token_type": "Bearer",
                "id_token": self.grants.id_token(granted, ISSUER, mount_url(request)),
            }
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def userinfo(self, request: Request) -> Response:
        """The claims again, for a bearer of an access token."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        person = self.grants.bearer(token) if kind == "Bearer" else None
        if person is None:
            return json_answer({"error": "invalid_request"}, 401)
        return json_answer(person.claims(mount_url(request)))

    def keys(self, request: Request) -> Response:
        """The public key that ID tokens are signed with."""
        return json_answer({"keys": [signing_key().as_dict(private=False)]})

    def picture(self, request: Request, sub: str) -> Response:
        """A sample person's portrait."""
        if sub not in PEOPLE or not PEOPLE[sub].portrait:
            raise NotFound
        return Response(portrait_jpeg(sub), mimetype="image/jpeg")

    def stylesheet(self, request: Request) -> Response:
        """The pages' own stylesheet."""
        return stylesheet_answer(STYLESHEET)

    def refuse(self, request: Request, refusal: HTTPException) -> Response:
        """Refusals are pages."""
        page = error_page(str(refusal.code), refusal.description or "", mount_url(request))
        return page_answer(page, refusal.code or 500)

    def _chooser(self, request: Request, asked: Asked) -> Response:
        base_url = mount_url(request)
        page = chooser_page(
            action=request.root_path.rstrip("/") + request.full_path,
            app_name=urlsplit(asked.redirect_uri).netloc,
            people=list(PEOPLE.values()),
            hint=asked.login_hint,
            base_url=base_url,
        )
        return page_answer(page, returns_to=(asked.redirect_uri,))


def _chosen(request: Request) -> Person | None:
    form = request.form
    if "person" in form:
        return PEOPLE.get(form["person"])
    email = form.get("email", "").strip()
    if "@" not in email:
        return None
    return typed_person(email, form.get("name", "").strip(), is_verified="unverified" not in form)


def _client(request: Request) -> tuple[str, str]:
    """Client id and secret, from the form or from basic authorization."""
    kind, _, packed = request.headers.get("Authorization", "").partition(" ")
    if kind != "Basic":
        return request.form.get("client_id", ""), request.form.get("client_secret", "")
    try:
        user, _, password = base64.b64decode(packed, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote(user), unquote(password)


def _back(asked: Asked, **parameters: str) -> Response:
    """Send the browser back to the app."""
    query = urlencode({"state": asked.state, **parameters} if asked.state else parameters)
    joint = "&" if urlsplit(asked.redirect_uri).query else "?"
    answer = redirect(f"{asked.redirect_uri}{joint}{query}", 303)
    assert isinstance(answer, Response)
    return answer
