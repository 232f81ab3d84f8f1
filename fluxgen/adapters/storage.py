"""Where pictures are kept: a folder, or Cloudflare R2. Both are real choices."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from fluxgen.adapters.signing import WINDOW_S, Signer
from fluxgen.adapters.uploads_in_parts import Bytes, FolderInParts, InParts, R2InParts, body
from fluxgen.errors import MayWorkLater, NeverWill

DELETE_MAX = 1000
LISTED_MAX = 1000
BROWSERS_KEEP_S = 2 * WINDOW_S
"""How long a browser may keep a picture from a bucket: as long as an address of it is good for."""


@dataclass(frozen=True)
class Stored:
    """One object as a listing shows it."""

    key: str
    size_bytes: int
    stored_at: datetime


class Storage(InParts, Protocol):
    """Anything that keeps bytes under a key. All methods may raise `MayWorkLater`."""

    has_links: bool
    """Whether browsers fetch pictures by signed addresses, which nobody can call back."""

    def put(self, key: str, data: Bytes, content_type: str) -> None:
        """Keep these bytes under this key; putting the same again changes nothing."""

    def get(self, key: str) -> bytes:
        """The bytes. Raises `NeverWill` (missing)."""

    def open(self, key: str) -> BinaryIO:
        """The bytes to be read in parts, as far as they are wanted; close it. Raises `NeverWill`."""

    def copy(self, key: str, to: str) -> None:
        """The same bytes under another key, too. Raises `NeverWill` (missing)."""

    def listed(self, prefix: str, after: str = "") -> list[Stored]:
        """A page of what is kept under keys that begin so, by key; the next begins after the last."""

    def delete(self, keys: Sequence[str]) -> None:
        """Remove these, as far as they are there."""

    def link(self, key: str, *, filename: str | None = None) -> str | None:
        """A short-lived address to send a browser to, or None: then serve the bytes."""


class FolderStorage(FolderInParts):
    """A folder on this machine. A file appears whole or not at all."""

    has_links = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def put(self, key: str, data: Bytes, content_type: str) -> None:
        path = self._path(key)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            _sync(path.parent)
        except OSError as trouble:
            with suppress(OSError):  # where nothing can be written, often nothing can be removed
                draft.unlink()
            raise MayWorkLater(type(trouble).__name__) from trouble

    def get(self, key: str) -> bytes:
        with self.open(key) as file:
            try:
                return file.read()
            except OSError as trouble:
                raise MayWorkLater(type(trouble).__name__) from trouble

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except FileNotFoundError:
            raise NeverWill("missing") from None
        except OSError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble

    def copy(self, key: str, to: str) -> None:
        self.put(to, self.get(key), "")

    def listed(self, prefix: str, after: str = "") -> list[Stored]:
        try:
            above = prefix[: prefix.rfind("/") + 1]
            walked = self._walked(self._path(above), above, prefix, after)
            return list(islice(walked, LISTED_MAX))
        except OSError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble

    def _walked(self, folder: Path, above: str, prefix: str, after: str) -> Iterator[Stored]:
        """Files in the order of their keys; a folder's whole name ends with a slash."""
        if not folder.exists():
            return
        with os.scandir(folder) as scanned:
            entries = {
                f"{above}{one.name}{'/' if one.is_dir(follow_symlinks=False) else ''}": one
                for one in scanned
            }
        for name in sorted(entries):
            if name.endswith("/"):
                is_before = name <= after and not after.startswith(name)
                if not is_before and (name.startswith(prefix) or prefix.startswith(name)):
                    yield from self._walked(Path(entries[name]), name, prefix, after)
            elif name > after and name.startswith(prefix):
                with suppress(FileNotFoundError):  # deleted meanwhile
                    facts = entries[name].stat()
                    yield Stored(name, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))

    def delete(self, keys: Sequence[str]) -> None:
        try:
            for key in keys:
                path = self._path(key)
                path.unlink(missing_ok=True)
                for draft in path.parent.glob(f".{path.name}.*"):  # of a put that was killed
                    draft.unlink(missing_ok=True)
            for folder in {self._path(key).parent for key in keys}:
                self._prune(folder)
        except OSError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble

    def link(self, key: str, *, filename: str | None = None) -> str | None:
        return None

    def _path(self, key: str) -> Path:
        path = (self._folder / key).resolve()
        if not path.is_relative_to(self._folder):
            raise ValueError("a key cannot leave the folder")
        return path

    def _prune(self, folder: Path) -> None:
        """Remove folders that a deletion has left empty, up to the root of the store."""
        while folder != self._folder and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def _sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut, as the files' bytes do."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class R2Storage(R2InParts):
    """A private bucket of Cloudflare R2, through boto3 (S3 API, path style, SigV4)."""

    has_links = True

    def __init__(
        self, *, endpoint_url: str, access_key_id: str, secret_access_key: str, bucket: str
    ) -> None:
        self._endpoint_url = endpoint_url
        self._keys = (access_key_id, secret_access_key)
        self._bucket = bucket
        self._signer = Signer(endpoint_url, bucket, access_key_id, secret_access_key)

    @cached_property
    def _client(self) -> Any:
        """One client a process: making it costs 190 ms (libraries, section 1)."""
        return boto3.client(
            "s3",
            endpoint_url=self._endpoint_url,
            aws_access_key_id=self._keys[0],
            aws_secret_access_key=self._keys[1],
            region_name="auto",
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=20,
                retries={"total_max_attempts": 2},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, key: str, data: Bytes, content_type: str) -> None:
        kept = f"private, max-age={BROWSERS_KEEP_S}, immutable"  # what a key holds never changes
        facts = {"ContentType": content_type, "CacheControl": kept}
        self._ask("put_object", Key=key, Body=body(data), **facts)

    def get(self, key: str) -> bytes:
        with self.open(key) as body:
            try:
                return bytes(body.read())
            except (BotoCoreError, OSError) as trouble:
                raise MayWorkLater(type(trouble).__name__) from trouble

    def open(self, key: str) -> BinaryIO:
        body: BinaryIO = self._ask("get_object", Key=key)["Body"]
        return body

    def copy(self, key: str, to: str) -> None:
        self._ask("copy_object", Key=to, CopySource={"Bucket": self._bucket, "Key": key})

    def listed(self, prefix: str, after: str = "") -> list[Stored]:
        answer = self._ask("list_objects_v2", Prefix=prefix, StartAfter=after, MaxKeys=LISTED_MAX)
        return [
            Stored(one["Key"], one["Size"], one["LastModified"])
            for one in answer.get("Contents", [])
        ]

    def delete(self, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), DELETE_MAX):
            batch = [{"Key": key} for key in keys[start : start + DELETE_MAX]]
            answer = self._ask("delete_objects", Delete={"Objects": batch, "Quiet": True})
            if answer.get("Errors"):
                raise MayWorkLater("some objects are still there")

    def link(self, key: str, *, filename: str | None = None) -> str | None:
        return self._signer.address(key, filename)

    def _ask(self, operation: str, **parameters: Any) -> Any:
        try:
            return getattr(self._client, operation)(Bucket=self._bucket, **parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                raise NeverWill("missing") from error
            if error.response["Error"]["Code"] in {"NoSuchUpload", "InvalidPart"}:
                raise NeverWill("upload") from error
            if error.response["Error"]["Code"] == "InvalidRange":
                raise NeverWill("range") from error
            raise MayWorkLater(error.response["Error"]["Code"]) from error
        except BotoCoreError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble
