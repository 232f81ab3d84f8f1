"""How often a sign-in may be begun from one network address: each leaves a row for an hour.

Of an address there is a salted hash in this process's memory and nothing anywhere else. After an
hour the hashes are thrown away with their salt, so that nobody can tell whose they were.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import Counter
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, current_app, request

from fluxgen import clock, settings

BEGUN_MAX = 300
"""Within an hour: more than a school behind one address needs, far less than fills a disk."""
WINDOW_S = 3600
ADDRESSES_MAX = 50_000
"""Beyond these all is forgotten and counted anew: the counts never outgrow some megabytes."""
NETWORK_BITS = 64
"""What one household has of IPv6, and so may choose its address from."""


class Turnstile:
    """Counts by address, of this process, of the current hour."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._ends_at = clock.now() + timedelta(seconds=WINDOW_S)
        self._salt = secrets.token_bytes(32)
        self._counts: Counter[bytes] = Counter()

    def wait_s(self, network: bytes) -> int:
        """Count one more; 0, or how many seconds it is until this one may begin again."""
        with self._lock:
            if clock.now() >= self._ends_at or len(self._counts) >= ADDRESSES_MAX:
                self._begin()
            whose = hashlib.blake2b(network, key=self._salt, digest_size=16).digest()
            self._counts[whose] += 1
            if self._counts[whose] <= BEGUN_MAX:
                return 0
            return max(1, int((self._ends_at - clock.now()).total_seconds()))


def init_app(app: Flask) -> None:
    app.extensions["turnstile"] = Turnstile()


def wait_s() -> int:
    """How many seconds whoever asks has to wait before a sign-in; 0 for most of us."""
    network = _network()
    counted: Turnstile = current_app.extensions["turnstile"]
    return counted.wait_s(network) if network else 0


def _network() -> bytes | None:
    """Where the request came from. In production that is what the one proxy in front of us says
    last; what stands before it anybody can write. Where it says nothing, or the machine speaks to
    itself, nobody is counted: all would be taken for one."""
    said = request.remote_addr or ""
    if settings.current().is_production:
        said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        address = ip_address(said)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif not address.is_loopback:
            return ip_network((address, NETWORK_BITS), strict=False).network_address.packed
    return None if address.is_loopback else address.packed
