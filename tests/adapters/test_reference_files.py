"""The file store for reference images, in every way it may answer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from fluxgen import adapters
from fluxgen.adapters.reference_files import OURS, ReferenceFiles
from fluxgen.errors import MayWorkLater
from fluxgen.sandbox import Sandbox
from tests.adapters.wires import BASE_URL, TOKEN, breaking, saying

CREATED = "2026-11-23T10:00:00Z"


def files_over(transport: httpx.BaseTransport) -> ReferenceFiles:
    return ReferenceFiles(token=TOKEN, base_url=BASE_URL, transport=transport)


def document(name: str, **changes: Any) -> dict[str, Any]:
    """A file as Replicate writes it."""
    urls = {"get": f"{BASE_URL}/v1/files/{name}"}
    return {"id": name, "urls": urls, "created_at": CREATED, "metadata": OURS, **changes}


def page(*documents: dict[str, Any], more: str | None = None) -> httpx.Response:
    return httpx.Response(200, json={"results": list(documents), "next": more})


@pytest.mark.usefixtures("app")
def test_what_is_handed_over_lies_there_until_it_is_deleted(sandbox: Sandbox) -> None:
    files = adapters.current().reference_files
    stored = files.upload(b"bytes of a picture", "image/jpeg")
    kept = sandbox.replicate.files.find(stored.id)
    assert kept is not None
    assert (kept.content, kept.content_type) == (b"bytes of a picture", "image/jpeg")
    assert [file.id for file in files.listed()] == [stored.id]
    files.delete(stored.id)
    assert list(files.listed()) == []
    files.delete(stored.id)  # gone is gone


@pytest.mark.parametrize("trouble", [httpx.ConnectError, httpx.ReadTimeout, httpx.WriteTimeout])
def test_a_broken_line_may_work_later(trouble: type[httpx.TransportError]) -> None:
    files = files_over(breaking(trouble))
    with pytest.raises(MayWorkLater):
        files.upload(b"x", "image/jpeg")
    with pytest.raises(MayWorkLater):
        files.delete("f")
    with pytest.raises(MayWorkLater):
        list(files.listed())


@pytest.mark.parametrize("status", [401, 402, 403, 413, 422, 429, 500, 502, 503])
def test_a_refusal_may_work_later(status: int) -> None:
    with pytest.raises(MayWorkLater, match=f"answered {status}"):
        files_over(saying(status, b"<html>")).upload(b"x", "image/jpeg")
    with pytest.raises(MayWorkLater):
        files_over(saying(status)).delete("f")


@pytest.mark.parametrize("body", [b"<html>", {}, {"id": "f"}, [], document("f", created_at="now")])
def test_an_answer_that_cannot_be_read_may_work_later(body: Any) -> None:
    with pytest.raises(MayWorkLater):
        files_over(saying(201, body)).upload(b"x", "image/jpeg")


def test_every_page_is_read_and_only_our_own_files() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        if "cursor" in str(request.url):
            return page(document("b"))
        theirs = document("x", metadata={})
        return page(document("a"), theirs, more=f"{BASE_URL}/v1/files?cursor=2")

    files = files_over(httpx.MockTransport(answer))
    assert [file.id for file in files.listed()] == ["a", "b"]
    assert len(asked) == 2


def test_our_token_follows_no_page_elsewhere() -> None:
    elsewhere = "https://elsewhere.test/v1/files?cursor=2"
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return page(document("a"), more=elsewhere)

    assert len(list(files_over(httpx.MockTransport(answer)).listed())) == 1
    assert "elsewhere.test" not in asked


def test_every_request_has_a_timeout() -> None:
    seen: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return httpx.Response(201, json=document("f"))

    files_over(httpx.MockTransport(answer)).upload(b"x", "image/jpeg")
    assert all(value for value in seen[0].values())
