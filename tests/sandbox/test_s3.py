"""The object store through boto3, with signatures that are really checked."""

import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from werkzeug.serving import make_server

from fluxgen.sandbox.s3 import (
    SANDBOX_ACCESS_KEY_ID,
    SANDBOX_BUCKET,
    SANDBOX_SECRET_ACCESS_KEY,
    S3Sandbox,
)
from tests.sandbox.conftest import Clock

KEY = "gen/a b/ü+1.webp"
PLAIN_KEY = "gen/a b/1+1~.webp"


@pytest.fixture(scope="module")
def store() -> Iterator[tuple[S3Sandbox, str]]:
    """The stand-in on a socket, and its address."""
    sandbox = S3Sandbox()
    server = make_server("127.0.0.1", 0, sandbox, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield sandbox, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def client(url: str, checksums: str = "when_required", **changed: str) -> Any:
    """boto3 as FluxGen configures it."""
    checked: Any = {
        "request_checksum_calculation": checksums,
        "response_checksum_validation": checksums,
    }
    keys = {
        "aws_access_key_id": SANDBOX_ACCESS_KEY_ID,
        "aws_secret_access_key": SANDBOX_SECRET_ACCESS_KEY,
    }
    make: Any = boto3.client  # its stubs, where installed, want literals
    return make(
        "s3",
        endpoint_url=url,
        region_name="auto",
        **(keys | changed),
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            **checked,
            connect_timeout=30,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 1},
        ),
    )


@pytest.fixture
def s3(store: tuple[S3Sandbox, str]) -> Any:
    return client(store[1])


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_put_get_head_delete(s3: Any) -> None:
    s3.put_object(
        Bucket=SANDBOX_BUCKET,
        Key=KEY,
        Body=b"0123456789",
        ContentType="image/webp",
        CacheControl="private",
        Metadata={"generation": "7"},
    )
    got = s3.get_object(Bucket=SANDBOX_BUCKET, Key=KEY)
    assert got["Body"].read() == b"0123456789"
    assert (got["ContentType"], got["CacheControl"]) == ("image/webp", "private")
    assert got["Metadata"] == {"generation": "7"}
    assert s3.head_object(Bucket=SANDBOX_BUCKET, Key=KEY)["ContentLength"] == 10
    part = s3.get_object(Bucket=SANDBOX_BUCKET, Key=KEY, Range="bytes=2-4")
    assert (part["Body"].read(), part["ContentRange"]) == (b"234", "bytes 2-4/10")
    tail = s3.get_object(Bucket=SANDBOX_BUCKET, Key=KEY, Range="bytes=-3")
    assert tail["Body"].read() == b"789"
    s3.delete_object(Bucket=SANDBOX_BUCKET, Key=KEY)
    with pytest.raises(ClientError) as gone:
        s3.get_object(Bucket=SANDBOX_BUCKET, Key=KEY)
    assert code_of(gone) == "NoSuchKey"
    with pytest.raises(ClientError) as gone:
        s3.head_object(Bucket=SANDBOX_BUCKET, Key=KEY)
    assert code_of(gone) == "404"


def test_only_if_new(s3: Any) -> None:
    s3.put_object(Bucket=SANDBOX_BUCKET, Key="once", Body=b"1", IfNoneMatch="*")
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=SANDBOX_BUCKET, Key="once", Body=b"2", IfNoneMatch="*")
    assert code_of(refused) == "PreconditionFailed"


def test_the_other_checksum_mode_works_too(store: tuple[S3Sandbox, str]) -> None:
    careful = client(store[1], checksums="when_supported")
    careful.put_object(Bucket=SANDBOX_BUCKET, Key="summed", Body=b"summed")
    assert careful.get_object(Bucket=SANDBOX_BUCKET, Key="summed")["Body"].read() == b"summed"


def test_lists_in_pages_and_by_folder(s3: Any) -> None:
    for number in range(5):
        s3.put_object(Bucket=SANDBOX_BUCKET, Key=f"list/{number % 2}/{number}", Body=b"x")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=SANDBOX_BUCKET, Prefix="list/", PaginationConfig={"PageSize": 2}
    )
    keys = [one["Key"] for page in pages for one in page["Contents"]]
    assert keys == ["list/0/0", "list/0/2", "list/0/4", "list/1/1", "list/1/3"]
    folders = s3.list_objects_v2(Bucket=SANDBOX_BUCKET, Prefix="list/", Delimiter="/")
    assert [one["Prefix"] for one in folders["CommonPrefixes"]] == ["list/0/", "list/1/"]


def test_deleting_many(s3: Any) -> None:
    for name in ("many/1", "many/&2"):
        s3.put_object(Bucket=SANDBOX_BUCKET, Key=name, Body=b"x")
    objects = [{"Key": name} for name in ("many/1", "many/&2", "many/absent")]
    answer = s3.delete_objects(Bucket=SANDBOX_BUCKET, Delete={"Objects": objects})
    assert len(answer["Deleted"]) == 3
    assert "Contents" not in s3.list_objects_v2(Bucket=SANDBOX_BUCKET, Prefix="many/")
    with pytest.raises(ClientError) as refused:
        s3.delete_objects(
            Bucket=SANDBOX_BUCKET, Delete={"Objects": [{"Key": str(n)} for n in range(1001)]}
        )
    assert code_of(refused) == "MalformedXML"


def test_links_open_without_keys_until_changed_or_expired(clock: Clock) -> None:
    sandbox = S3Sandbox(now=clock)
    transport = httpx.WSGITransport(app=sandbox)
    with httpx.Client(transport=transport) as browser:
        clock.at = time.time()
        link = client("http://store.test").generate_presigned_url(
            "get_object",
            Params={
                "Bucket": SANDBOX_BUCKET,
                "Key": PLAIN_KEY,
                "ResponseContentDisposition": 'attachment; filename="fox one.webp"',
            },
            ExpiresIn=60,
        )
        put = client("http://store.test").generate_presigned_url(
            "put_object", Params={"Bucket": SANDBOX_BUCKET, "Key": PLAIN_KEY}, ExpiresIn=60
        )
        assert browser.put(put, content=b"pixels").status_code == 200
        answer = browser.get(link)
        assert (answer.status_code, answer.content) == (200, b"pixels")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="fox one.webp"'
        for tampered in (
            link.replace("X-Amz-Expires=60", "X-Amz-Expires=61"),
            link.replace("fox%20one", "fox%20two"),
            link.replace("gen/", "gen2/"),
            f"{link}&{urlencode({'response-content-type': 'text/html'})}",
        ):
            assert "SignatureDoesNotMatch" in browser.get(tampered).text
        clock.at += 61
        assert "Request has expired" in browser.get(link).text


def test_unsigned_forged_and_stale_requests_are_refused(
    store: tuple[S3Sandbox, str], clock: Clock
) -> None:
    assert httpx.get(f"{store[1]}/{SANDBOX_BUCKET}/x", timeout=30).status_code == 403
    with pytest.raises(ClientError) as refused:
        client(store[1], aws_secret_access_key="wrong").list_objects_v2(Bucket=SANDBOX_BUCKET)
    assert code_of(refused) == "SignatureDoesNotMatch"
    with pytest.raises(ClientError) as refused:
        client(store[1], aws_access_key_id="wrong").list_objects_v2(Bucket=SANDBOX_BUCKET)
    assert code_of(refused) == "InvalidAccessKeyId"
    with pytest.raises(ClientError) as refused:
        client(store[1]).list_objects_v2(Bucket="other")
    assert code_of(refused) == "NoSuchBucket"


def test_faults(store: tuple[S3Sandbox, str], s3: Any) -> None:
    sandbox, url = store
    sandbox.faults.down = 1
    with pytest.raises(ClientError) as refused:
        s3.list_objects_v2(Bucket=SANDBOX_BUCKET)
    assert code_of(refused) == "ServiceUnavailable"
    assert httpx.patch(f"{url}/_faults", json={"corrupt": 1}, timeout=30).json()["corrupt"] == 1
    s3.put_object(Bucket=SANDBOX_BUCKET, Key="spoilt", Body=b"pixels")
    assert s3.get_object(Bucket=SANDBOX_BUCKET, Key="spoilt")["Body"].read() != b"pixels"
    s3.put_object(Bucket=SANDBOX_BUCKET, Key="spoilt", Body=b"pixels")
    assert s3.get_object(Bucket=SANDBOX_BUCKET, Key="spoilt")["Body"].read() == b"pixels"
