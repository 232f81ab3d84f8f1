"""Who somebody is: Google's OpenID Connect, through Authlib.

Code flow with PKCE (S256), nonce and state. Of what Google says we pass on the identity,
the verified address, the name and the picture's address; its tokens are dropped here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from joserfc.errors import JoseError

from fluxgen.errors import MayWorkLater, NeverWill

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

TIMEOUT_S = 8


@dataclass(frozen=True)
class Claims:
    """What we take from Google."""

    issuer: str
    subject: str
    email: str
    name: str
    picture_url: str


class GoogleIdentity:
    """Google, or anything that speaks OpenID Connect at `metadata_url`."""

    def __init__(self, *, client_id: str, client_secret: str, metadata_url: str) -> None:
        self._oauth = OAuth()
        self._oauth.register(
            "google",
            client_id=client_id,
            client_secret=client_secret,
            server_metadata_url=metadata_url,
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT_S,
            },
        )

    def init_app(self, app: Flask) -> None:
        """Authlib keeps the sign-in under way in this app's session."""
        self._oauth.init_app(app)

    def begin(self, callback_url: str) -> Response:
        """The redirect that sends somebody to Google. Raises `MayWorkLater`."""
        try:
            answer: Response = self._oauth.google.authorize_redirect(
                callback_url, prompt="select_account"
            )
        except (requests.RequestException, ValueError) as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble
        return answer

    def finish(self) -> Claims:
        """Who has come back. Raises `NeverWill` (declined, invalid, unverified), `MayWorkLater`."""
        try:
            token = self._oauth.google.authorize_access_token()
        except AuthlibBaseError as error:
            declined = error.error == "access_denied"
            raise NeverWill("declined" if declined else "invalid") from error
        except (JoseError, KeyError, ValueError) as error:
            raise NeverWill("invalid") from error
        except requests.RequestException as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble
        return _claims(token.get("userinfo") or {})


def _claims(said: dict[str, Any]) -> Claims:
    email = str(said.get("email") or "")
    if not (said.get("sub") and email and said.get("email_verified") is True):
        raise NeverWill("unverified")
    return Claims(
        issuer=str(said["iss"]),
        subject=str(said["sub"]),
        email=email,
        name=str(said.get("name") or email.split("@")[0]),
        picture_url=str(said.get("picture") or ""),
    )
