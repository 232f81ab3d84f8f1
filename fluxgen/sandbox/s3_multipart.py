"""Multipart uploads of the S3 stand-in: begun, put in parts, completed or aborted."""

import hashlib
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

MIN_PART_BYTES = 5 * 1024 * 1024
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


class UploadRefused(Exception):
    """An S3 error code of its own: NoSuchUpload, InvalidPart, EntityTooSmall, InvalidPartOrder."""


@dataclass
class Upload:
    """One upload that is not complete yet."""

    bucket: str
    key: str
    headers: Mapping[str, str]
    parts: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """All uploads under way; safe to use from threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun: dict[str, Upload] = {}

    def begin(self, bucket: str, key: str, headers: Mapping[str, str]) -> str:
        """CreateMultipartUpload: the new upload's id."""
        upload_id = secrets.token_hex(16)
        with self._lock:
            self._begun[upload_id] = Upload(bucket, key, headers)
        return upload_id

    def put(self, upload_id: str, bucket: str, key: str, number: int, content: bytes) -> str:
        """UploadPart: the part's ETag."""
        with self._lock:
            self._find(upload_id, bucket, key).parts[number] = content
        return etag(content)

    def complete(
        self, upload_id: str, bucket: str, key: str, wanted: Sequence[tuple[int, str]]
    ) -> tuple[bytes, Mapping[str, str], str]:
        """CompleteMultipartUpload: the object's bytes, headers and ETag."""
        with self._lock:
            upload = self._find(upload_id, bucket, key)
            if not wanted or [number for number, _ in wanted] != sorted({n for n, _ in wanted}):
                raise UploadRefused("InvalidPartOrder")
            for number, tag in wanted:
                if number not in upload.parts or etag(upload.parts[number]) != f'"{tag}"':
                    raise UploadRefused("InvalidPart")
            chosen = [upload.parts[number] for number, _ in wanted]
            if any(len(part) < MIN_PART_BYTES for part in chosen[:-1]):
                raise UploadRefused("EntityTooSmall")
            if len({len(part) for part in chosen[:-1]}) > 1:  # R2's own rule
                raise UploadRefused("InvalidPart")
            del self._begun[upload_id]
        digests = b"".join(hashlib.md5(part).digest() for part in chosen)
        whole = f'"{hashlib.md5(digests).hexdigest()}-{len(chosen)}"'
        return b"".join(chosen), upload.headers, whole

    def abort(self, upload_id: str, bucket: str, key: str) -> None:
        """AbortMultipartUpload."""
        with self._lock:
            self._find(upload_id, bucket, key)
            del self._begun[upload_id]

    def under_way(self, bucket: str, prefix: str) -> list[tuple[str, str]]:
        """(key, upload id) of those below a prefix."""
        with self._lock:
            return sorted(
                (upload.key, upload_id)
                for upload_id, upload in self._begun.items()
                if upload.bucket == bucket and upload.key.startswith(prefix)
            )

    def _find(self, upload_id: str, bucket: str, key: str) -> Upload:
        found = self._begun.get(upload_id)
        if found is None or (found.bucket, found.key) != (bucket, key):
            raise UploadRefused("NoSuchUpload")
        return found


def etag(content: bytes) -> str:
    """A part's, in quotes."""
    return f'"{hashlib.md5(content).hexdigest()}"'


def begun_xml(bucket: str, key: str, upload_id: str) -> str:
    """The answer to CreateMultipartUpload."""
    inside = f"<Bucket>{escape(bucket)}</Bucket><Key>{escape(key)}</Key>"
    return _document("InitiateMultipartUploadResult", f"{inside}<UploadId>{upload_id}</UploadId>")


def completed_xml(bucket: str, key: str, tag: str) -> str:
    """The answer to CompleteMultipartUpload."""
    inside = f"<Bucket>{escape(bucket)}</Bucket><Key>{escape(key)}</Key>"
    return _document("CompleteMultipartUploadResult", f"{inside}<ETag>{escape(tag)}</ETag>")


def under_way_xml(bucket: str, found: Sequence[tuple[str, str]]) -> str:
    """The answer to ListMultipartUploads."""
    rows = "".join(
        f"<Upload><Key>{escape(key)}</Key><UploadId>{upload_id}</UploadId></Upload>"
        for key, upload_id in found
    )
    return _document("ListMultipartUploadsResult", f"<Bucket>{escape(bucket)}</Bucket>{rows}")


def _document(name: str, inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{_NAMESPACE}">{inside}</{name}>'
