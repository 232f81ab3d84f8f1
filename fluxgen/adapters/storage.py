"""Where pictures are kept: a folder, or Cloudflare R2. Both are real choices."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from fluxgen.errors import MayWorkLater, NeverWill

LINK_S = 300
DELETE_MAX = 1000


class Storage(Protocol):
    """Anything that keeps bytes under a key. All methods may raise `MayWorkLater`."""

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Keep these bytes under this key; putting the same again changes nothing."""

    def get(self, key: str) -> bytes:
        """The bytes. Raises `NeverWill` (missing)."""

    def delete(self, keys: Sequence[str]) -> None:
        """Remove these, as far as they are there."""

    def link(self, key: str, *, content_type: str, filename: str | None) -> str | None:
        """A short-lived address to send a browser to, or None: then serve the bytes."""


class FolderStorage:
    """A folder on this machine. A file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def put(self, key: str, data: bytes, content_type: str) -> None:
        path = self._path(key)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
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
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise NeverWill("missing") from None
        except OSError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble

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

    def link(self, key: str, *, content_type: str, filename: str | None) -> str | None:
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


class R2Storage:
    """A private bucket of Cloudflare R2, through boto3 (S3 API, path style, SigV4)."""

    def __init__(
        self, *, endpoint_url: str, access_key_id: str, secret_access_key: str, bucket: str
    ) -> None:
        self._endpoint_url = endpoint_url
        self._keys = (access_key_id, secret_access_key)
        self._bucket = bucket

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

    def put(self, key: str, data: bytes, content_type: str) -> None:
        self._ask("put_object", Key=key, Body=data, ContentType=content_type)

    def get(self, key: str) -> bytes:
        answer = self._ask("get_object", Key=key)
        try:
            return bytes(answer["Body"].read())
        except (BotoCoreError, OSError) as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble

    def delete(self, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), DELETE_MAX):
            batch = [{"Key": key} for key in keys[start : start + DELETE_MAX]]
            answer = self._ask("delete_objects", Delete={"Objects": batch, "Quiet": True})
            if answer.get("Errors"):
                raise MayWorkLater("some objects are still there")

    def link(self, key: str, *, content_type: str, filename: str | None) -> str | None:
        shown = {"ResponseContentType": content_type}
        if filename:
            shown["ResponseContentDisposition"] = f'attachment; filename="{filename}"'
        return str(
            self._client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self._bucket, "Key": key, **shown},
                ExpiresIn=LINK_S,
            )
        )

    def _ask(self, operation: str, **parameters: Any) -> Any:
        try:
            return getattr(self._client, operation)(Bucket=self._bucket, **parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                raise NeverWill("missing") from error
            raise MayWorkLater(error.response["Error"]["Code"]) from error
        except BotoCoreError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble
