"""Where a reference image waits for its generation: Replicate's file store (provider-facts 1.6).

Not through Replicate's client: that takes files from a disk, and has no timeout for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from fluxgen.adapters.authorities import authorities
from fluxgen.errors import MayWorkLater, Silent

TIMEOUT = httpx.Timeout(20, connect=5)
PAGES_MAX = 100
"""Of 100 files each. What is older than these is gone by itself: files live for a day."""
OURS = {"what": "fluxgen reference"}
"""Marks our files among others of the same Replicate account."""


@dataclass(frozen=True)
class StoredFile:
    """A file at the provider: its name there, where a model reads it, since when."""

    id: str
    url: str
    created_at: datetime


class ReferenceFiles:
    """Replicate's file store."""

    def __init__(
        self, *, token: str, base_url: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._token = token
        self._base_url = base_url.rstrip("/")
        self._transport = transport

    def upload(self, content: bytes, content_type: str) -> StoredFile:
        """Hand a picture over. Raises `MayWorkLater`; then it may be there all the same."""
        parts: dict[str, Any] = {
            "content": ("reference", content, content_type),
            "metadata": (None, json.dumps(OURS), "application/json"),
        }
        return _read(_page(self._ask("POST", "/v1/files", files=parts)))

    def delete(self, file_id: str) -> None:
        """Have a file deleted; one that is not there is deleted. Raises `MayWorkLater`, and
        `Silent` where nobody answered."""
        self._ask("DELETE", f"/v1/files/{file_id}")

    def listed(self) -> Iterator[StoredFile]:
        """Our files that are there, newest first, of `PAGES_MAX` pages. Raises `MayWorkLater`."""
        address = "/v1/files"
        for _ in range(PAGES_MAX):
            page = _page(self._ask("GET", address))
            try:
                yield from [_read(one) for one in page["results"] if one.get("metadata") == OURS]
                address = page.get("next") or ""
            except (KeyError, TypeError, AttributeError) as wrong:
                raise MayWorkLater("its answer cannot be read") from wrong
            if not address.startswith(f"{self._base_url}/"):  # our token goes nowhere else
                return

    def _ask(self, method: str, address: str, **asked: Any) -> httpx.Response:
        url = address if "://" in address else f"{self._base_url}{address}"
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            with httpx.Client(
                timeout=TIMEOUT, transport=self._transport, verify=authorities()
            ) as client:
                answer = client.request(method, url, headers=headers, **asked)
        except httpx.HTTPError as trouble:
            raise Silent(type(trouble).__name__) from trouble
        if answer.is_success or (method == "DELETE" and answer.status_code == 404):
            return answer
        raise MayWorkLater(f"answered {answer.status_code}")


def _page(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError as wrong:
        raise MayWorkLater("its answer is not JSON") from wrong


def _read(document: Any) -> StoredFile:
    try:
        return StoredFile(
            id=document["id"],
            url=document["urls"]["get"],
            created_at=datetime.fromisoformat(document["created_at"]),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise MayWorkLater("its answer cannot be read") from wrong
