"""Fetching a file: from known hosts only, without our token, and never too much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from fluxgen.adapters.download import Downloads
from fluxgen.adapters.images import ReplicateImages
from fluxgen.errors import MayWorkLater, NeverWill
from tests.adapters.wires import breaking, order
from tests.support.transports import Answers, Recorder

HOSTS = ("replicate.delivery", "*.replicate.delivery")
URL = "https://pbxt.replicate.delivery/a.webp"
MAX = 1000


def downloads(transport: httpx.BaseTransport, **changes: Any) -> Downloads:
    plain = {"plain_http": False, "max_bytes": MAX, **changes}
    return Downloads(plain.pop("hosts", HOSTS), transport=transport, **plain)


def serving(status: int = 200, content: Any = b"bytes", **headers: str) -> Answers:
    return Answers(lambda: httpx.Response(status, headers=headers, content=content))


def test_a_file_is_fetched_whole() -> None:
    assert downloads(serving(content=b"x" * MAX)).fetch(URL) == b"x" * MAX


@pytest.mark.parametrize(
    "url", ["https://replicate.delivery/a", URL, "https://a.b.replicate.delivery/a"]
)
def test_these_hosts_are_the_providers(url: str) -> None:
    assert downloads(serving()).allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://replicate.delivery/a",
        "https://replicate.delivery.evil.test/a",
        "https://evilreplicate.delivery/a",
        "https://evil.test/replicate.delivery",
        "https://replicate.delivery@evil.test/a",
        "https://evil.test#.replicate.delivery",
        "https://replicate.delivery:8443/a",
        "https://127.0.0.1/a",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "ftp://replicate.delivery/a",
        "//replicate.delivery/a",
        "replicate.delivery/a",
        "https://[",
        "https://replicate.delivery:port/a",
        "",
    ],
)
def test_no_other_address_is_ever_called(url: str) -> None:
    wire = serving()
    with pytest.raises(NeverWill, match="lost"):
        downloads(wire).fetch(url)
    assert wire.requests == []


def test_plain_http_is_for_the_sandbox_only() -> None:
    local = {"hosts": ("127.0.0.1:4000",), "plain_http": True}
    assert downloads(serving(), **local).allows("http://127.0.0.1:4000/a")
    assert not downloads(serving(), **local).allows("http://127.0.0.1:4001/a")
    assert not downloads(serving(), hosts=("127.0.0.1:4000",)).allows("http://127.0.0.1:4000/a")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    wire = serving(status, location="https://evil.test/")
    with pytest.raises(NeverWill, match="lost"):
        downloads(wire).fetch(URL)
    assert len(wire.requests) == 1


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410])
def test_a_file_that_is_not_there_is_lost(status: int) -> None:
    with pytest.raises(NeverWill, match="lost"):
        downloads(serving(status)).fetch(URL)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_host_in_trouble_is_asked_later(status: int) -> None:
    with pytest.raises(MayWorkLater):
        downloads(serving(status)).fetch(URL)


@pytest.mark.parametrize(
    "trouble", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError]
)
def test_a_broken_line_is_tried_later(trouble: type[httpx.TransportError]) -> None:
    with pytest.raises(MayWorkLater):
        downloads(breaking(trouble)).fetch(URL)


def test_a_file_that_says_it_is_too_large_is_not_begun() -> None:
    begun = []

    def body() -> Iterator[bytes]:
        begun.append(True)
        yield b"x"

    said = {"content-length": str(MAX + 1)}
    wire = Answers(lambda: httpx.Response(200, headers=said, content=body()))
    with pytest.raises(NeverWill, match="too_large"):
        downloads(wire).fetch(URL)
    assert not begun


def test_a_file_that_does_not_say_is_cut_off() -> None:
    given = []

    def body() -> Iterator[bytes]:
        for _ in range(100):
            given.append(1)
            yield b"x" * 65_536

    with pytest.raises(NeverWill, match="too_large"):
        downloads(serving(content=body())).fetch(URL)
    assert len(given) < 5


def test_a_slow_host_has_a_time_limit() -> None:
    limits = downloads(serving()).client.timeout.as_dict()
    assert all(limit and limit <= 20 for limit in limits.values())


def test_the_token_never_reaches_the_host_of_the_files(
    images: ReplicateImages, wire: Recorder
) -> None:
    found = images.check(images.start(order()))
    fetched = downloads(wire, hosts=("sandbox.test",), plain_http=True, max_bytes=10_000_000)
    assert fetched.fetch(found.output_urls[0])[:4] == b"RIFF"
    ours, delivery = wire.requests[0], wire.requests[-1]
    assert "authorization" in ours.headers
    assert delivery.url.path.startswith("/replicate/delivery/")
    assert not {"authorization", "cookie"} & set(delivery.headers)
