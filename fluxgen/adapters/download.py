"""Fetching a file from a provider: a bare client, known hosts, and a size that ends it.

Bare, because the vendors' own clients would carry our token to whatever host serves the
file (provider-facts 1.4).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from fnmatch import fnmatchcase

import httpx

from fluxgen.adapters.authorities import authorities
from fluxgen.errors import MayWorkLater, NeverWill

TIMEOUT = httpx.Timeout(20, connect=5)
CHUNK_BYTES = 65_536
WHOLE_MAX_S = 60.0
"""The other timeouts bound each wait; this one bounds a file that comes in drops."""


class Downloads:
    """Downloads from `hosts` only, at most `max_bytes` bytes each, without redirects."""

    def __init__(
        self,
        hosts: Sequence[str],
        *,
        plain_http: bool,
        max_bytes: int,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.hosts = tuple(hosts)
        self.schemes = ("https", "http") if plain_http else ("https",)
        self.max_bytes = max_bytes
        self.client = httpx.Client(
            timeout=TIMEOUT, follow_redirects=False, transport=transport, verify=authorities()
        )

    def fetch(self, url: str) -> bytes:
        """The file's bytes. Raises `NeverWill` (lost, too_large) and `MayWorkLater`."""
        if not self.allows(url):
            raise NeverWill("lost")
        try:
            with self.client.stream("GET", url) as response:
                self._check(response)
                return self._read(response)
        except httpx.HTTPError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble

    def allows(self, url: str) -> bool:
        """Whether this address is one of ours to call."""
        try:
            parts = httpx.URL(url)
        except httpx.InvalidURL:
            return False
        netloc = parts.netloc.decode()
        return parts.scheme in self.schemes and any(
            fnmatchcase(netloc, pattern) for pattern in self.hosts
        )

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 429 or status >= 500:
            raise MayWorkLater(f"download answered {status}")
        if status != 200:
            raise NeverWill("lost")
        if int(response.headers.get("content-length") or 0) > self.max_bytes:
            raise NeverWill("too_large")

    def _read(self, response: httpx.Response) -> bytes:
        data, deadline = bytearray(), time.monotonic() + WHOLE_MAX_S
        for chunk in response.iter_bytes(CHUNK_BYTES):
            data += chunk
            if len(data) > self.max_bytes:
                raise NeverWill("too_large")
            if time.monotonic() > deadline:
                raise MayWorkLater("the file comes too slowly")
        return bytes(data)
