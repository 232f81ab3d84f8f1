"""Switching faults on, over HTTP and in process."""

import io

import httpx
import pytest
from PIL import Image
from replicate.client import Client
from replicate.exceptions import ReplicateError

from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.fault_switches import UnknownFault
from fluxgen.sandbox.replicate_faults import Faults

SCHNELL = "/replicate/v1/models/black-forest-labs/flux-schnell/predictions"
HEADERS = {"Authorization": "Bearer token"}


def create(http: httpx.Client, **given: object) -> httpx.Response:
    return http.post(SCHNELL, json={"input": {"prompt": "a fox", **given}}, headers=HEADERS)


def finished(http: httpx.Client, **given: object) -> dict[str, object]:
    """Create, and show it: the sandbox finishes at once."""
    made = create(http, **given).json()
    path = f"/replicate/v1/predictions/{made['id']}"
    shown: dict[str, object] = http.get(path, headers=HEADERS).json()
    return shown


def test_chances_counts_and_always() -> None:
    faults = Faults()
    faults.change({"create_error": 2, "down": True, "predict_fail": 0.5, "seed": 1})
    assert [faults.strikes("create_error") for _ in range(3)] == [True, True, False]
    assert all(faults.strikes("down") for _ in range(5))
    drawn = [faults.strikes("predict_fail") for _ in range(200)]
    assert 60 < sum(drawn) < 140
    faults.change({"predict_fail": 0.5, "seed": 1}, replace=True)
    assert [faults.strikes("predict_fail") for _ in range(200)] == drawn
    assert not faults.strikes("down")


@pytest.mark.parametrize("bad", [{"nonsense": 1}, {"down": "yes"}, {"down": -1}, {"down": 1.5}])
def test_a_switch_that_cannot_be_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(UnknownFault):
        Faults().change(bad)


def test_switches_over_http(http: httpx.Client) -> None:
    assert http.patch("/replicate/_faults", json={"create_error": 1}).status_code == 200
    assert create(http).status_code == 500
    assert create(http).status_code == 201
    shown = http.get("/replicate/_faults").json()
    assert (shown["create_error"], shown["hits"]) == (0, {"create_error": 1})
    http.patch("/replicate/_faults", json={"down": True})
    assert create(http).status_code == 503
    http.put("/replicate/_faults", json={})
    assert create(http).status_code == 201
    assert http.patch("/replicate/_faults", json={"nonsense": 1}).status_code == 422
    assert http.patch("/replicate/_faults", content=b"[]").status_code == 400


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("create_refuse", 422),
        ("create_unauthorised", 401),
        ("create_no_credit", 402),
        ("create_error", 500),
        ("create_bad_gateway", 502),
    ],
)
def test_refusals_create_nothing(
    sandbox: Sandbox, http: httpx.Client, client: Client, fault: str, status: int
) -> None:
    setattr(sandbox.replicate.faults, fault, 1)
    with pytest.raises(ReplicateError) as refused:
        client.models.predictions.create(
            "black-forest-labs/flux-schnell", input={"prompt": "a fox"}
        )
    assert refused.value.status == status
    assert http.get("/replicate/_predictions").json() == []


def test_throttling_says_when_to_come_back(sandbox: Sandbox, http: httpx.Client) -> None:
    sandbox.replicate.faults.change({"create_throttle": 1, "retry_after": 7})
    answer = create(http)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["retry_after"] == 7


def test_a_lost_answer_leaves_a_prediction(sandbox: Sandbox, http: httpx.Client) -> None:
    sandbox.replicate.faults.create_lost = 1
    assert create(http).status_code == 500
    sandbox.replicate.faults.create_dropped = 1
    with pytest.raises(httpx.RemoteProtocolError):
        create(http)
    assert create(http, prompt="a fox [lost]").status_code == 500
    assert len(http.get("/replicate/_predictions").json()) == 3


@pytest.mark.parametrize(
    ("fault", "output"),
    [("output_null", None), ("output_empty", []), ("output_expired", None)],
)
def test_outputs_that_are_not_there(
    sandbox: Sandbox, http: httpx.Client, fault: str, output: object
) -> None:
    setattr(sandbox.replicate.faults, fault, 1)
    shown = finished(http)
    assert (shown["status"], shown["output"]) == ("succeeded", output)


def test_fewer_outputs_and_another_shape(sandbox: Sandbox, http: httpx.Client) -> None:
    sandbox.replicate.faults.output_fewer = 1
    fewer = finished(http, num_outputs=4)["output"]
    assert isinstance(fewer, list) and len(fewer) == 3
    sandbox.replicate.faults.output_swapped = 1
    assert isinstance(finished(http)["output"], str)


def test_files_that_are_no_pictures(sandbox: Sandbox, http: httpx.Client) -> None:
    def file(fault: str) -> bytes:
        setattr(sandbox.replicate.faults, fault, 1)
        output = finished(http)["output"]
        assert isinstance(output, list)
        return http.get(output[0]).content

    assert file("output_not_image").startswith(b"<!doctype html>")
    huge = file("output_huge")
    assert len(huge) < 10_000
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(huge))
    with pytest.raises(OSError), Image.open(io.BytesIO(file("output_truncated"))) as cut:
        cut.load()


def test_aborted_and_nsfw(sandbox: Sandbox, http: httpx.Client) -> None:
    sandbox.replicate.faults.predict_abort = 1
    assert finished(http)["status"] == "aborted"
    sandbox.replicate.faults.predict_nsfw = 1
    assert "NSFW" in str(finished(http)["error"])
