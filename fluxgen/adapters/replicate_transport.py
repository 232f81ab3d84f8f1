"""The seam between Replicate's client and the network.

The client (1.0.7) is used through its public doors only. What it cannot do is done here,
where it lets us: it creates predictions without any timeout, cannot send `Cancel-After`,
sleeps as long as a `Retry-After` says, and refuses whole answers that hold a status it does
not know (provider-facts 1.4).
"""

from __future__ import annotations

import json
from typing import Any

import httpx

from fluxgen.adapters.authorities import authorities

TIMEOUT = httpx.Timeout(20, connect=5)
CANCEL_AFTER = "10m"
KNOWN_STATUSES = frozenset({"starting", "processing", "succeeded", "failed", "canceled"})
BUSY_STATUSES = frozenset({429, 503, 504})
RETRY_AFTER_MAX_S = 120.0


class Busy(Exception):
    """The provider answered a question with "not now"."""

    def __init__(self, retry_after_s: float | None) -> None:
        super().__init__("busy")
        self.retry_after_s = retry_after_s


class ReplicateTransport(httpx.BaseTransport):
    """Timeouts, a deadline for every prediction, no sleeping, and answers made readable."""

    def __init__(self, inner: httpx.BaseTransport | None = None) -> None:
        self._inner = inner or httpx.HTTPTransport(verify=authorities())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["timeout"] = TIMEOUT.as_dict()
        if request.method == "POST" and request.url.path.endswith("/predictions"):
            request.headers["Cancel-After"] = CANCEL_AFTER
        response = self._inner.handle_request(request)
        response.read()
        self._raise_if_busy(request, response)
        if response.is_success:
            return _readable(response)
        return response

    def close(self) -> None:
        self._inner.close()

    def _raise_if_busy(self, request: httpx.Request, response: httpx.Response) -> None:
        """Stop the client from sleeping; an order is refused for sure only by a 429."""
        status = response.status_code
        if status == 429 or (request.method == "GET" and status in BUSY_STATUSES):
            response.close()
            raise Busy(_retry_after_s(response))


def _retry_after_s(response: httpx.Response) -> float | None:
    """How long the provider wants to be left alone, from the header or the body (seconds)."""
    said: Any = response.headers.get("retry-after")
    if said is None:
        try:
            said = response.json().get("retry_after")
        except (ValueError, AttributeError):  # no JSON, or JSON that is no object
            return None
    try:
        return min(float(said), RETRY_AFTER_MAX_S)
    except (TypeError, ValueError):  # a date, or nothing
        return None


def _readable(response: httpx.Response) -> httpx.Response:
    """The same answer with each prediction in it in words that the client knows."""
    try:
        body = response.json()
    except ValueError:
        raise httpx.RemoteProtocolError("the answer is not JSON") from None
    if not isinstance(body, dict):
        raise httpx.RemoteProtocolError("the answer is not an object")
    for found in body.get("results") or [body]:
        if "status" in found:
            _make_readable(found)
    content = json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    return httpx.Response(response.status_code, headers=headers, content=content)


def _make_readable(prediction: dict[str, Any]) -> None:
    status = prediction["status"]
    if status == "aborted":
        prediction["status"] = "canceled"
    elif status not in KNOWN_STATUSES:
        prediction["status"] = "processing"  # not an end that we know: our deadline bounds it
    prediction.setdefault("version", "hidden")
    prediction.setdefault("model", "")
    if (error := prediction.get("error")) is not None:
        prediction["error"] = str(error)
    if prediction.get("data_removed"):
        prediction["error"] = "data removed"
    if webhook := prediction.get("webhook"):
        prediction["urls"] = {**(prediction.get("urls") or {}), "webhook": webhook}
