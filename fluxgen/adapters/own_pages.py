"""Our own pages as a visitor gets them, over the network and whatever stands in front of us."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from fluxgen.adapters.authorities import authorities
from fluxgen.errors import MayWorkLater

TIMEOUT = httpx.Timeout(15, connect=5)
NOT_COUNTED = {"Sec-GPC": "1", "User-Agent": "FluxGen looking at itself"}
REDIRECTS_MAX = 3


@dataclass(frozen=True)
class Page:
    """One answer: its text, the policy it comes under, and the names of cookies it sets."""

    text: str
    policy: str
    cookies: frozenset[str]


class OwnPages:
    """Reads pages of our own origin, without a cookie of its own."""

    def __init__(self, origin: str, transport: httpx.BaseTransport | None = None) -> None:
        self.origin = origin
        self._transport = transport

    def read(self, path: str) -> Page:
        """One page; redirects are followed as long as they stay with us. Raises `MayWorkLater`."""
        cookies: set[str] = set()
        address = urljoin(self.origin, path)
        for _ in range(REDIRECTS_MAX):
            answer = self._ask(address)
            cookies |= {line.partition("=")[0] for line in answer.headers.get_list("set-cookie")}
            if not answer.is_redirect:
                break
            following = urljoin(address, answer.headers["location"])
            if _origin(following) != _origin(self.origin):
                break
            address = following
        if answer.status_code >= 500:
            raise MayWorkLater(f"{path} answered {answer.status_code}")
        policy = answer.headers.get("content-security-policy", "")
        return Page(answer.text, policy, frozenset(cookies))

    def _ask(self, address: str) -> httpx.Response:
        try:
            with httpx.Client(
                timeout=TIMEOUT, transport=self._transport, verify=authorities()
            ) as client:
                return client.get(address, headers=NOT_COUNTED)
        except httpx.HTTPError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc
