"""Keeping bytes: one contract for both stores, and what is each one's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fluxgen import clock
from fluxgen.adapters import storage
from fluxgen.adapters.storage import DELETE_MAX, FolderStorage, R2Storage, Storage
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.s3 import SANDBOX_ACCESS_KEY_ID, SANDBOX_BUCKET, SANDBOX_SECRET_ACCESS_KEY
from tests.support.sandboxes import SandboxServer

KEY = "pictures/aB-_9/0/original"
WEBP = "image/webp"


@dataclass
class Store:
    """A store under test: how to see what it really has, and how to take it away."""

    storage: Storage
    keys: Callable[[], set[str]]
    down: Callable[[], Any]


def r2_at(server: SandboxServer, **changes: str) -> R2Storage:
    plain = {
        "endpoint_url": f"{server.url}/s3",
        "access_key_id": SANDBOX_ACCESS_KEY_ID,
        "secret_access_key": SANDBOX_SECRET_ACCESS_KEY,
        "bucket": SANDBOX_BUCKET,
    }
    return R2Storage(**{**plain, **changes})


@pytest.fixture
def folder(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "storage")


@pytest.fixture
def r2(sandbox_server: SandboxServer, sandbox: Sandbox) -> R2Storage:
    return r2_at(sandbox_server)


@pytest.fixture(params=["folder", "r2"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "folder":
        root = tmp_path / "storage"
        storage: Storage = request.getfixturevalue("folder")
        yield Store(storage, lambda: _files(root), lambda: _replaced_by_a_file(root))
    else:
        sandbox: Sandbox = request.getfixturevalue("sandbox")
        storage = request.getfixturevalue("r2")
        objects = sandbox.s3.objects
        yield Store(
            storage,
            lambda: {key for key, _ in objects.keys(SANDBOX_BUCKET, "")},
            lambda: _switched_off(sandbox),
        )


def _files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@contextmanager
def _replaced_by_a_file(root: Path) -> Iterator[None]:
    """Trouble that root meets, too."""
    aside = root.with_name("aside")
    root.mkdir(exist_ok=True)
    root.rename(aside)
    root.touch()
    yield
    root.unlink()
    aside.rename(root)


@contextmanager
def _switched_off(sandbox: Sandbox) -> Iterator[None]:
    sandbox.s3.faults.down = True
    yield
    sandbox.s3.faults.down = 0


@pytest.mark.parametrize("data", [b"", b"bytes", bytes(range(256)) * 5000])
def test_what_was_put_comes_back(store: Store, data: bytes) -> None:
    store.storage.put(KEY, data, WEBP)
    assert store.storage.get(KEY) == data
    assert store.keys() == {KEY}


def test_putting_again_changes_nothing_and_something_else_replaces(store: Store) -> None:
    for data in (b"one", b"one", b"two"):
        store.storage.put(KEY, data, WEBP)
        assert store.storage.get(KEY) == data
    assert store.keys() == {KEY}


def test_what_is_not_there_is_missing(store: Store) -> None:
    with pytest.raises(NeverWill, match="missing"):
        store.storage.get(KEY)


def test_deleting_takes_what_is_named_and_nothing_else(store: Store) -> None:
    other = "pictures/other/0/original"
    for key in (KEY, f"{KEY}x", other):
        store.storage.put(key, b"bytes", WEBP)
    store.storage.delete([KEY, "pictures/never/0/320"])
    assert store.keys() == {f"{KEY}x", other}
    store.storage.delete([KEY])
    store.storage.delete([])


def test_more_than_one_request_can_delete_goes_all_the_same(store: Store) -> None:
    keys = [f"pictures/{n}" for n in (0, DELETE_MAX - 1, DELETE_MAX, DELETE_MAX + 4)]
    for key in keys:
        store.storage.put(key, b"x", WEBP)
    store.storage.delete([f"pictures/{n}" for n in range(DELETE_MAX + 5)])
    assert store.keys() == set()


def test_a_store_that_is_down_may_work_later(store: Store) -> None:
    store.storage.put(KEY, b"bytes", WEBP)
    acts: list[Callable[[], Any]] = [
        lambda: store.storage.put("pictures/new", b"bytes", WEBP),
        lambda: store.storage.get(KEY),
        lambda: store.storage.delete([KEY]),
    ]
    with store.down():
        for act in acts:
            with pytest.raises(MayWorkLater):
                act()
    assert store.storage.get(KEY) == b"bytes"
    assert store.keys() == {KEY}


@pytest.mark.parametrize("key", ["../outside", "pictures/../../outside", "/etc/fluxgen"])
def test_a_key_cannot_leave_the_folder(folder: FolderStorage, tmp_path: Path, key: str) -> None:
    for act in (lambda: folder.put(key, b"x", WEBP), lambda: folder.get(key)):
        with pytest.raises(ValueError, match="cannot leave"):
            act()
    with pytest.raises(ValueError, match="cannot leave"):
        folder.delete([key])
    assert _files(tmp_path) == set()


def test_a_link_out_of_the_folder_is_not_followed(folder: FolderStorage, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "storage").mkdir()
    (tmp_path / "storage" / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(ValueError, match="cannot leave"):
        folder.get("link")


def test_a_folder_leaves_no_drafts_and_no_empty_folders(
    folder: FolderStorage, tmp_path: Path
) -> None:
    folder.put(KEY, b"bytes", WEBP)
    folder.delete([KEY])
    assert list((tmp_path / "storage").iterdir()) == []


def test_a_folder_has_no_addresses(folder: FolderStorage) -> None:
    assert folder.link(KEY) is None


def test_a_bucket_keeps_the_kind_of_file(r2: R2Storage, sandbox: Sandbox) -> None:
    r2.put(KEY, b"bytes", WEBP)
    stored = sandbox.s3.objects.get(SANDBOX_BUCKET, KEY)
    assert stored is not None
    assert stored.headers["Content-Type"] == WEBP


def test_a_bucket_that_stumbles_once_is_asked_again(r2: R2Storage, sandbox: Sandbox) -> None:
    sandbox.s3.faults.down = 1
    r2.put(KEY, b"bytes", WEBP)
    assert r2.get(KEY) == b"bytes"


def test_a_bucket_that_garbles_gives_other_bytes_back(r2: R2Storage, sandbox: Sandbox) -> None:
    sandbox.s3.faults.corrupt = 1
    r2.put(KEY, b"bytes", WEBP)
    assert hashlib.sha256(r2.get(KEY)).digest() != hashlib.sha256(b"bytes").digest()


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint_url": "http://127.0.0.1:1"},
        {"secret_access_key": "wrong"},
        {"access_key_id": "wrong"},
        {"bucket": "another"},
    ],
)
def test_a_bucket_that_cannot_be_had_may_work_later(
    sandbox_server: SandboxServer, sandbox: Sandbox, changes: dict[str, str]
) -> None:
    with pytest.raises(MayWorkLater):
        r2_at(sandbox_server, **changes).put(KEY, b"bytes", WEBP)


def test_deleting_takes_along_what_a_killed_put_has_left(tmp_path: Path) -> None:
    folder = FolderStorage(tmp_path)
    folder.put(KEY, b"picture", WEBP)
    draft = (tmp_path / KEY).with_name(".original.0badc0de")
    draft.write_bytes(b"half a pict")
    folder.delete([KEY])
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_part_is_read_without_the_rest(store: Store) -> None:
    store.storage.put(KEY, b"a picture", WEBP)
    with store.storage.open(KEY) as file:
        assert (file.read(2), file.read()) == (b"a ", b"picture")
    with pytest.raises(NeverWill, match="missing"):
        store.storage.open("pictures/never/0/320")


def test_a_copy_is_the_same_under_another_key(store: Store) -> None:
    store.storage.put(KEY, b"bytes", WEBP)
    store.storage.copy(KEY, f"{KEY}-2")
    assert store.keys() == {KEY, f"{KEY}-2"}
    assert store.storage.get(f"{KEY}-2") == b"bytes"
    with pytest.raises(NeverWill, match="missing"):
        store.storage.copy("pictures/never/0/320", "pictures/other")


def test_a_listing_comes_in_pages_by_key(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a folder's name is the beginning of another's, and where they nest."""
    monkeypatch.setattr(storage, "LISTED_MAX", 2)
    keys = ["exports/a", "pictures/a.b/0", "pictures/a/0/320", "pictures/a/1/640", "pictures/a0/0"]
    for key in reversed(keys):
        store.storage.put(key, b"bytes", WEBP)
    listed: list[str] = []
    while page := store.storage.listed("pictures/", listed[-1] if listed else ""):
        assert len(page) <= 2
        assert {one.size_bytes for one in page} == {5}
        listed += [one.key for one in page]
    assert listed == keys[1:]
    assert [one.key for one in store.storage.listed("pictures/a/")] == keys[2:4]
    assert store.storage.listed("nothing/") == []


def test_a_listing_says_since_when(store: Store) -> None:
    store.storage.put(KEY, b"bytes", WEBP)
    (one,) = store.storage.listed("pictures/")
    assert abs((clock.now() - one.stored_at).total_seconds()) < 60
