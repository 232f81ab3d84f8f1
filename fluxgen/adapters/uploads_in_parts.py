"""Putting what is larger than memory: in parts of one size, over hours if need be.

An upload has a name; each part has a number from 1 on and, once put, a mark that tells its
bytes. A part may be put again. The object appears when the marks that the caller remembers are
those of the parts that are there, and not before: whoever put a part with a stale idea of it is
found out then.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from fluxgen.errors import MayWorkLater, NeverWill

PART_BYTES = 8 * 1024 * 1024
"""Of every part but the last; S3 wants 5 MiB at least and 10,000 parts at most."""
MARK_BYTES = 32

Bytes = bytes | bytearray | memoryview


class InParts(Protocol):
    """What a store can do with objects larger than memory. All may raise `MayWorkLater`."""

    def begin(self, key: str, content_type: str, filename: str) -> str:
        """The name of a new upload to this key."""

    def add(self, key: str, upload: str, number: int, data: Bytes) -> str:
        """Put one part; its mark. Raises `NeverWill` (upload) when there is no such upload."""

    def complete(self, key: str, upload: str, marks: Sequence[str]) -> None:
        """Make the object of the parts with these marks. Raises `NeverWill` (upload)."""

    def size(self, key: str) -> int:
        """How many bytes the object has. Raises `NeverWill` (missing)."""

    def read(self, key: str, start: int, length: int) -> bytes:
        """Some bytes of an object, fewer at its end. Raises `NeverWill` (missing)."""

    def clear(self, prefix: str) -> None:
        """Remove every object below this prefix, and uploads that were not completed."""


class FolderInParts:
    """Parts in a draft beside the file: bytes in their place, marks in a list of their own."""

    def _path(self, key: str) -> Path:
        raise NotImplementedError

    def _prune(self, folder: Path) -> None:
        raise NotImplementedError

    def begin(self, key: str, content_type: str, filename: str) -> str:
        upload = secrets.token_hex(8)
        try:
            self._path(key).parent.mkdir(parents=True, exist_ok=True)
            for path in self._draft(key, upload):
                path.touch()
        except OSError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble
        return upload

    def add(self, key: str, upload: str, number: int, data: Bytes) -> str:
        mark = hashlib.sha256(data).digest()
        draft, marks = self._draft(key, upload)
        try:
            for path, at, what in (
                (draft, (number - 1) * PART_BYTES, data),
                (marks, (number - 1) * MARK_BYTES, mark),
            ):
                with path.open("r+b") as file:
                    file.seek(at)
                    file.write(what)
                    file.flush()
                    os.fsync(file.fileno())
        except FileNotFoundError:
            raise NeverWill("upload") from None
        except OSError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble
        return mark.hex()

    def complete(self, key: str, upload: str, marks: Sequence[str]) -> None:
        draft, marked = self._draft(key, upload)
        try:
            if marked.read_bytes().hex() != "".join(marks):
                raise NeverWill("upload")
            draft.replace(self._path(key))
            marked.unlink()
        except FileNotFoundError:
            raise NeverWill("upload") from None
        except OSError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble

    def size(self, key: str) -> int:
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError:
            raise NeverWill("missing") from None
        except OSError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble

    def read(self, key: str, start: int, length: int) -> bytes:
        try:
            with self._path(key).open("rb") as file:
                file.seek(start)
                return file.read(length)
        except FileNotFoundError:
            raise NeverWill("missing") from None
        except OSError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble

    def clear(self, prefix: str) -> None:
        folder = self._path(prefix.rstrip("/"))
        try:
            if folder.exists():
                shutil.rmtree(folder)
                self._prune(folder.parent)
        except OSError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble

    def _draft(self, key: str, upload: str) -> tuple[Path, Path]:
        path = self._path(key)
        draft = path.with_name(f".{path.name}.{upload}")
        return draft, draft.with_suffix(".marks")


class _Viewed(io.RawIOBase):
    """Part of a buffer, read as a file: boto3 takes no view, and a copy would double it."""

    def __init__(self, view: memoryview) -> None:
        self._view, self._at = view, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence, len(self._view))
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        piece = self._view[self._at : self._at + len(target)]
        target[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def body(data: Bytes) -> bytes | bytearray | io.BufferedReader:
    """Bytes as boto3 takes them."""
    return io.BufferedReader(_Viewed(data)) if isinstance(data, memoryview) else data


class R2InParts:
    """S3's own multipart upload."""

    def _ask(self, operation: str, **parameters: Any) -> Any:
        raise NotImplementedError

    def delete(self, keys: Sequence[str]) -> None:
        raise NotImplementedError

    def listed(self, prefix: str, after: str = "") -> list[Any]:
        raise NotImplementedError

    def begin(self, key: str, content_type: str, filename: str) -> str:
        answer = self._ask(
            "create_multipart_upload",
            Key=key,
            ContentType=content_type,
            ContentDisposition=f'attachment; filename="{filename}"',
        )
        return str(answer["UploadId"])

    def add(self, key: str, upload: str, number: int, data: Bytes) -> str:
        answer = self._ask(
            "upload_part", Key=key, UploadId=upload, PartNumber=number, Body=body(data)
        )
        return str(answer["ETag"])

    def complete(self, key: str, upload: str, marks: Sequence[str]) -> None:
        parts = [{"PartNumber": n, "ETag": mark} for n, mark in enumerate(marks, start=1)]
        self._ask(
            "complete_multipart_upload", Key=key, UploadId=upload, MultipartUpload={"Parts": parts}
        )

    def size(self, key: str) -> int:
        return int(self._ask("head_object", Key=key)["ContentLength"])

    def read(self, key: str, start: int, length: int) -> bytes:
        if length <= 0:
            return b""
        try:
            answer = self._ask("get_object", Key=key, Range=f"bytes={start}-{start + length - 1}")
        except NeverWill as gone:
            if gone.reason == "range":  # behind the end
                return b""
            raise
        try:
            return bytes(answer["Body"].read())
        except Exception as trouble:  # urllib3's and botocore's, of a connection that broke
            raise MayWorkLater(type(trouble).__name__) from trouble

    def clear(self, prefix: str) -> None:
        for upload in self._ask("list_multipart_uploads", Prefix=prefix).get("Uploads", []):
            self._ask("abort_multipart_upload", Key=upload["Key"], UploadId=upload["UploadId"])
        while found := self.listed(prefix):
            self.delete([one.key for one in found])
