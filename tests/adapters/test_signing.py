"""Signed addresses: good for a while, the same within it, and nobody can change them."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import botocore.auth
import httpx
import pytest

from fluxgen import clock
from fluxgen.adapters.signing import WINDOW_S
from fluxgen.adapters.storage import R2Storage
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.s3 import SANDBOX_BUCKET, SANDBOX_SECRET_ACCESS_KEY
from tests.adapters.test_storage import KEY, WEBP, r2_at
from tests.support.sandboxes import SandboxServer
from tests.support.workers import pass_time

LINK_S = 2 * WINDOW_S


@pytest.fixture
def r2(sandbox_server: SandboxServer, sandbox: Sandbox) -> R2Storage:
    return r2_at(sandbox_server)


def _linked(r2: R2Storage, filename: str | None = None) -> str:
    r2.put(KEY, b"bytes", WEBP)
    link = r2.link(KEY, filename=filename)
    assert link is not None
    return link


def _status(url: str) -> int:
    return httpx.get(url, timeout=30).status_code


@pytest.mark.usefixtures("app")
def test_a_link_works_for_a_while_without_any_key_in_it(r2: R2Storage) -> None:
    link = _linked(r2)
    assert SANDBOX_SECRET_ACCESS_KEY not in link
    assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == [str(LINK_S)]
    answer = httpx.get(link, timeout=30)
    assert (answer.status_code, answer.content) == (200, b"bytes")
    assert answer.headers["content-type"] == WEBP
    pass_time(LINK_S + 5)
    assert _status(link) == 403


def test_a_link_may_name_the_file(r2: R2Storage) -> None:
    answer = httpx.get(_linked(r2, "fluxgen-7.webp"), timeout=30)
    assert answer.headers["content-disposition"] == 'attachment; filename="fluxgen-7.webp"'


def test_a_link_that_was_tampered_with_is_refused(r2: R2Storage) -> None:
    link = _linked(r2)
    r2.put("pictures/other/0/original", b"not for you", WEBP)
    assert _status(link.replace("aB-_9", "other")) == 403
    assert _status(link.replace(f"Expires={LINK_S}", "Expires=600000")) == 403
    assert _status(link.partition("?")[0]) == 403


def test_a_link_is_for_reading(r2: R2Storage) -> None:
    assert httpx.put(_linked(r2), content=b"other", timeout=30).status_code == 403
    assert r2.get(KEY) == b"bytes"


def test_an_address_is_the_same_within_its_window_and_good_for_the_next(
    r2: R2Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    r2.put(KEY, b"bytes", WEBP)
    begun = clock.now().replace(minute=15, second=0, microsecond=0) - clock.now()
    monkeypatch.setattr(clock, "offset", clock.offset + begun)
    first = r2.link(KEY)
    pass_time(WINDOW_S - 30)
    assert r2.link(KEY) == first
    pass_time(30)
    second = r2.link(KEY)
    assert second not in (None, first)


def test_an_address_is_what_the_official_client_would_sign(
    r2: R2Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.fromtimestamp(clock.now().timestamp() // WINDOW_S * WINDOW_S, UTC)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: moment)
    for key, filename in ((KEY, None), ("pictures/ä ~+'/0/320", 'ö "7".webp')):
        asked = {"Bucket": SANDBOX_BUCKET, "Key": key}
        if filename:
            asked["ResponseContentDisposition"] = f'attachment; filename="{filename}"'
        official = r2._client.generate_presigned_url("get_object", asked, LINK_S)
        ours = r2.link(key, filename=filename)
        assert _signature(ours) == _signature(official)


def _signature(url: str | None) -> list[str]:
    return parse_qs(urlsplit(url or "").query)["X-Amz-Signature"]


def test_a_browser_may_keep_what_comes_from_a_bucket(r2: R2Storage) -> None:
    answer = httpx.get(_linked(r2), timeout=30)
    assert answer.headers["cache-control"] == f"private, max-age={LINK_S}, immutable"
