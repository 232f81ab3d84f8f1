"""Whose word counts when a server says who it is.

The list is read once a process: reading it takes longer than most of the requests it is for.
"""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def authorities() -> ssl.SSLContext:
    """The authorities known to httpx, for every client of ours to share."""
    return httpx.create_ssl_context()
