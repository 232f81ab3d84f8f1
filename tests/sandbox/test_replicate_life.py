"""The life of a prediction over time: starting, running, cancelled, too late, forgotten."""

import httpx
import pytest

from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.replicate_workshop import MAX_LIVING
from tests.sandbox.conftest import Clock, browser

HEADERS = {"Authorization": "Bearer token"}
MODELS = "/replicate/v1/models/black-forest-labs"


def create(http: httpx.Client, prompt: str = "a fox", **headers: str) -> str:
    """Create with flux-dev; the path of the prediction."""
    answer = http.post(
        f"{MODELS}/flux-dev/predictions",
        json={"input": {"prompt": prompt}},
        headers=HEADERS | {name.replace("_", "-"): value for name, value in headers.items()},
    )
    assert answer.status_code == 201
    return f"/replicate/v1/predictions/{answer.json()['id']}"


def show(http: httpx.Client, path: str) -> dict[str, object]:
    shown: dict[str, object] = http.get(path, headers=HEADERS).json()
    return shown


def painted(sandbox: Sandbox) -> None:
    """Wait until every prediction's files exist."""
    for prediction in sandbox.replicate.predictions.newest_first():
        assert prediction.painted.wait(5)


def test_it_starts_runs_and_succeeds(slow_sandbox: Sandbox, clock: Clock) -> None:
    http = browser(slow_sandbox)
    path = create(http)
    painted(slow_sandbox)
    assert show(http, path)["status"] == "starting"
    clock.at += 3
    running = show(http, path)
    assert (running["status"], running["output"]) == ("processing", None)
    assert "%|" in str(running["logs"]) and "100%|" not in str(running["logs"])
    clock.at += 10
    done = show(http, path)
    assert done["status"] == "succeeded"
    assert "100%|" in str(done["logs"])


def test_cancelling_a_running_one_and_a_finished_one(slow_sandbox: Sandbox, clock: Clock) -> None:
    http = browser(slow_sandbox)
    running, finished = create(http), create(http)
    painted(slow_sandbox)
    clock.at += 2
    cancelled = http.post(f"{running}/cancel", headers=HEADERS).json()
    assert cancelled["status"] == "canceled"
    assert cancelled["metrics"]["predict_time"] > 0
    clock.at += 10
    assert http.post(f"{finished}/cancel", headers=HEADERS).json()["status"] == "succeeded"
    assert show(http, running)["status"] == "canceled"


def test_a_deadline_while_running_cancels(slow_sandbox: Sandbox, clock: Clock) -> None:
    http = browser(slow_sandbox)
    path = create(http, Cancel_After="3s")
    clock.at += 4
    assert show(http, path)["status"] == "canceled"


def test_a_deadline_before_the_start_aborts(slow_sandbox: Sandbox, clock: Clock) -> None:
    http = browser(slow_sandbox)
    path = create(http, Cancel_After="0s")
    clock.at += 4
    shown = show(http, path)
    assert (shown["status"], shown["started_at"]) == ("aborted", None)


def test_a_malformed_deadline_is_refused(slow_sandbox: Sandbox) -> None:
    answer = browser(slow_sandbox).post(
        f"{MODELS}/flux-dev/predictions",
        json={"input": {"prompt": "a"}},
        headers=HEADERS | {"Cancel-After": "soon"},
    )
    assert answer.status_code == 422


def test_everything_is_removed_an_hour_after_completion(
    sandbox: Sandbox, http: httpx.Client, clock: Clock
) -> None:
    path = create(http)
    output = show(http, path)["output"]
    assert isinstance(output, list)
    clock.at += 3599
    assert http.get(output[0]).status_code == 200
    clock.at += 1
    gone = show(http, path)
    assert (gone["status"], gone["data_removed"], gone["output"]) == ("succeeded", True, None)
    assert (gone["input"], gone["logs"]) == ({}, "")
    assert http.get(output[0]).status_code == 404


def test_a_forgotten_file_is_painted_again(sandbox: Sandbox, http: httpx.Client) -> None:
    output = show(http, create(http))["output"]
    assert isinstance(output, list)
    first = http.get(output[0]).content
    sandbox.replicate.workshop.studio.forget()
    assert http.get(output[0]).content == first


@pytest.mark.parametrize(
    ("word", "status", "error"),
    [
        ("[fail]", "failed", "interrupted"),
        ("[blocked]", "failed", "NSFW"),
        ("[nothing]", "succeeded", None),
        ("[expired]", "succeeded", None),
    ],
)
def test_words_in_the_prompt_choose_the_ending(
    http: httpx.Client, word: str, status: str, error: str | None
) -> None:
    shown = show(http, create(http, f"a fox {word}"))
    assert (shown["status"], shown["output"]) == (status, None)
    assert shown["error"] is None if error is None else error in str(shown["error"])
    assert shown["data_removed"] == (word == "[expired]")


def test_an_unknown_status_word_and_a_slow_one(slow_sandbox: Sandbox, clock: Clock) -> None:
    http = browser(slow_sandbox)
    unknown, slow = create(http, "a [unknown] fox"), create(http, "a [slow] fox")
    clock.at += 2
    assert show(http, unknown)["status"] == "warming"
    clock.at += 18
    painted(slow_sandbox)
    assert show(http, unknown)["status"] == "succeeded"
    assert show(http, slow)["status"] == "processing"


def test_more_than_it_can_hold_is_throttled(slow_sandbox: Sandbox) -> None:
    http = browser(slow_sandbox)
    body = {"input": {"prompt": "a [fail] fox"}}
    answers = [
        http.post(f"{MODELS}/flux-schnell/predictions", json=body, headers=HEADERS)
        for _ in range(MAX_LIVING + 1)
    ]
    assert {answer.status_code for answer in answers[:-1]} == {201}
    assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (429, "5")
