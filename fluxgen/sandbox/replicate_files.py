"""The file store reference images are handed to, kept in memory."""

import hashlib
import io
import json
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from werkzeug.wrappers import Request

from fluxgen.sandbox.replicate_predictions import iso

LIFETIME_S = 24 * 3600.0
MAX_KEPT_BYTES = 256 * 1024 * 1024
MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_NAME_BYTES = 255
_ADDRESS = re.compile(r"/v1/files/([^/]+)$")


class FileRefused(ValueError):
    """An upload the store does not take, in words."""


class FileMissing(LookupError):
    """A prediction names a file that is not, or no longer, in the store."""


@dataclass(frozen=True)
class StoredFile:
    """One uploaded file; times are unix seconds."""

    name: str
    content_type: str
    content: bytes
    metadata: dict[str, Any]
    created_at: float
    id: str = field(default_factory=lambda: secrets.token_urlsafe(30).replace("-", "a"))

    def document(self, base_url: str) -> dict[str, object]:
        """The file as JSON."""
        digest = hashlib.sha256(self.content).hexdigest()
        return {
            "id": self.id,
            "name": self.name,
            "content_type": self.content_type,
            "size": len(self.content),
            "etag": digest[:32],
            "checksums": {"sha256": digest},
            "metadata": self.metadata,
            "created_at": iso(self.created_at),
            "expires_at": iso(self.created_at + LIFETIME_S),
            "urls": {"get": f"{base_url}/v1/files/{self.id}"},
        }


class Files:
    """All files that have not expired; the oldest go above `MAX_KEPT_BYTES`.

    `stuck` names those that cannot be deleted, as a fault.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self.stuck: set[str] = set()
        self._by_id: OrderedDict[str, StoredFile] = OrderedDict()

    def upload(self, request: Request) -> StoredFile:
        """Store the part `content` of a multipart request, with optional `metadata`."""
        part = request.files.get("content")
        if part is None:
            raise FileRefused("Missing content")
        name = part.filename or "file"
        if len(name.encode()) > MAX_NAME_BYTES:
            raise FileRefused("filename must be at most 255 bytes")
        content = part.read(MAX_FILE_BYTES + 1)
        if not content or len(content) > MAX_FILE_BYTES:
            raise FileRefused("content must have between 1 byte and 100 MB")
        kind = part.content_type or "application/octet-stream"
        stored = StoredFile(name, kind, content, _metadata(request), self._now())
        with self._lock:
            self._by_id[stored.id] = stored
            while sum(len(one.content) for one in self._by_id.values()) > MAX_KEPT_BYTES:
                self._by_id.popitem(last=False)
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """By id, unless it has expired."""
        with self._lock:
            found = self._by_id.get(file_id)
        return found if found and found.created_at + LIFETIME_S > self._now() else None

    def delete(self, file_id: str) -> bool:
        """Remove it; say whether it was there."""
        with self._lock:
            return self._by_id.pop(file_id, None) is not None

    def newest_first(self) -> list[StoredFile]:
        """All files."""
        with self._lock:
            return list(reversed(self._by_id.values()))

    def picture(self, address: str) -> Image.Image | None:
        """The picture behind an address given to a model; None if it lies elsewhere.

        Only our own files are opened: the stand-in never goes to the network for a picture.
        """
        found = _ADDRESS.search(urlsplit(address).path)
        if found is None:
            return None
        stored = self.find(found[1])
        if stored is None:
            raise FileMissing(f"404 Client Error: Not Found for url: {address}")
        with Image.open(io.BytesIO(stored.content)) as opened:
            return opened.convert("RGB")


def _metadata(request: Request) -> dict[str, Any]:
    part = request.files.get("metadata")
    written = part.read(64 * 1024) if part else request.form.get("metadata", "{}")
    try:
        metadata = json.loads(written)
    except ValueError as error:
        raise FileRefused("metadata must be JSON") from error
    if not isinstance(metadata, dict):
        raise FileRefused("metadata must be a JSON object")
    return metadata
