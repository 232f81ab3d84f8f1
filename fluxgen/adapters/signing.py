"""Addresses signed for a short while (AWS Signature Version 4, in the query).

botocore signs with the moment it is asked, so that each address differs from the last and browsers
keep nothing; and it takes longer over sixty thumbnails than their page does. Ours are signed with
the beginning of a window: the same within it, and good to the end of the next.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit

from fluxgen import clock

WINDOW_S = 900
"""How long an address stays the same; it is good for as long again."""
ALGORITHM = "AWS4-HMAC-SHA256"
REGION = "auto"
USUAL_PORTS = {"http": 80, "https": 443}


class Signer:
    """Signs addresses of one private bucket."""

    def __init__(self, endpoint_url: str, bucket: str, key_id: str, secret: str) -> None:
        parts = urlsplit(endpoint_url)
        self._host = _host(parts.scheme, parts.hostname or "", parts.port)
        self._origin = f"{parts.scheme}://{self._host}"
        self._path = f"{parts.path.rstrip('/')}/{bucket}/"
        self._key_id, self._secret = key_id, secret
        self._window: tuple[str, str, bytes] = ("", "", b"")

    def address(self, key: str, filename: str | None = None) -> str:
        """Where a browser gets this object; under a name of its own if it is to be kept there."""
        moment, query, signing_key = self._of_window()
        if filename:
            named = f'attachment; filename="{filename}"'
            query += f"&response-content-disposition={quote(named, safe='~')}"
        path = quote(f"{self._path}{key}", safe="/~")
        asked = f"GET\n{path}\n{query}\nhost:{self._host}\n\nhost\nUNSIGNED-PAYLOAD"
        digest = hashlib.sha256(asked.encode()).hexdigest()
        to_sign = f"{ALGORITHM}\n{moment}\n{_scope(moment)}\n{digest}".encode()
        signature = hmac.new(signing_key, to_sign, hashlib.sha256).hexdigest()
        return f"{self._origin}{path}?{query}&X-Amz-Signature={signature}"

    def _of_window(self) -> tuple[str, str, bytes]:
        """The window's moment, what is the same in all its addresses, and the key that signs."""
        begun = int(clock.now().timestamp()) // WINDOW_S * WINDOW_S
        moment = f"{datetime.fromtimestamp(begun, UTC):%Y%m%dT%H%M%SZ}"
        if self._window[0] != moment:
            self._window = (moment, self._query(moment), self._signing_key(moment))
        return self._window

    def _query(self, moment: str) -> str:
        said = {
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": f"{self._key_id}/{_scope(moment)}",
            "X-Amz-Date": moment,
            "X-Amz-Expires": 2 * WINDOW_S,
            "X-Amz-SignedHeaders": "host",
        }
        return urlencode(said, safe="~")

    def _signing_key(self, moment: str) -> bytes:
        key = f"AWS4{self._secret}".encode()
        for part in _scope(moment).split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return key


def _scope(moment: str) -> str:
    return f"{moment[:8]}/{REGION}/s3/aws4_request"


def _host(scheme: str, name: str, port: int | None) -> str:
    """As a browser says it: without the usual port."""
    shown = f"[{name}]" if ":" in name else name
    return shown if port in (None, USUAL_PORTS.get(scheme)) else f"{shown}:{port}"
