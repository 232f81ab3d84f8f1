"""The objects of the S3 stand-in, in memory, and the XML it answers with."""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape

MAX_KEPT_BYTES = 512 * 1024 * 1024
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


@dataclass(frozen=True)
class StoredObject:
    """One object and the headers it was put with; `at` is in unix seconds."""

    content: bytes
    headers: Mapping[str, str]
    at: float
    etag: str = field(default="")

    @classmethod
    def of(cls, content: bytes, headers: Mapping[str, str], at: float) -> "StoredObject":
        """An object as put now."""
        return cls(content, headers, at, f'"{hashlib.md5(content).hexdigest()}"')


class StoreFull(RuntimeError):
    """More than `MAX_KEPT_BYTES` would be in memory."""


class Objects:
    """All objects by (bucket, key); safe to use from threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], StoredObject] = {}

    def put(self, bucket: str, key: str, stored: StoredObject, *, only_new: bool) -> bool:
        """Keep it; False if it must be new and is not."""
        with self._lock:
            if only_new and (bucket, key) in self._kept:
                return False
            others = (one for name, one in self._kept.items() if name != (bucket, key))
            if sum(len(one.content) for one in others) + len(stored.content) > MAX_KEPT_BYTES:
                raise StoreFull
            self._kept[bucket, key] = stored
        return True

    def get(self, bucket: str, key: str) -> StoredObject | None:
        """By bucket and key."""
        with self._lock:
            return self._kept.get((bucket, key))

    def delete(self, bucket: str, key: str) -> None:
        """Remove it, if it is there."""
        with self._lock:
            self._kept.pop((bucket, key), None)

    def keys(self, bucket: str, prefix: str = "") -> list[tuple[str, StoredObject]]:
        """All of a bucket, sorted by key."""
        with self._lock:
            return sorted(
                (
                    (key, one)
                    for (b, key), one in self._kept.items()
                    if b == bucket and key.startswith(prefix)
                ),
                key=lambda pair: pair[0],
            )


def error_xml(code: str, message: str) -> str:
    """An S3 error."""
    return _document("Error", f"<Code>{code}</Code><Message>{escape(message)}</Message>", bare=True)


def deleted_xml(keys: Sequence[str], *, quiet: bool) -> str:
    """The answer to deleting many."""
    rows = "" if quiet else "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
    return _document("DeleteResult", rows)


def copied_xml(stored: StoredObject) -> str:
    """The answer to copying one."""
    facts = f"<LastModified>{iso(stored.at)}</LastModified><ETag>{escape(stored.etag)}</ETag>"
    return _document("CopyObjectResult", facts)


def listing_xml(
    bucket: str,
    prefix: str,
    page: Sequence[tuple[str, StoredObject]],
    prefixes: Sequence[str],
    next_token: str | None,
) -> str:
    """One page of `list-type=2`."""
    rows = "".join(
        f"<Contents><Key>{escape(key)}</Key><LastModified>{iso(one.at)}</LastModified>"
        f"<ETag>{escape(one.etag)}</ETag><Size>{len(one.content)}</Size>"
        "<StorageClass>STANDARD</StorageClass></Contents>"
        for key, one in page
    )
    rows += "".join(
        f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>" for one in prefixes
    )
    token = (
        f"<NextContinuationToken>{escape(next_token)}</NextContinuationToken>" if next_token else ""
    )
    return _document(
        "ListBucketResult",
        f"<Name>{escape(bucket)}</Name><Prefix>{escape(prefix)}</Prefix>"
        f"<KeyCount>{len(page) + len(prefixes)}</KeyCount>"
        f"<IsTruncated>{'true' if next_token else 'false'}</IsTruncated>{token}{rows}",
    )


def iso(at: float) -> str:
    """Unix seconds as S3 writes them."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _document(name: str, inside: str, *, bare: bool = False) -> str:
    namespace = "" if bare else f' xmlns="{_NAMESPACE}"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}{namespace}>{inside}</{name}>'
