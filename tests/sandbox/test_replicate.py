"""Creating, reading and listing predictions through the official client."""

import io
import re

import httpx
import pytest
from PIL import Image
from replicate.client import Client
from replicate.exceptions import ReplicateError

from fluxgen.sandbox import Sandbox

SCHNELL, DEV = "black-forest-labs/flux-schnell", "black-forest-labs/flux-dev"
PRO, PRO2 = "black-forest-labs/flux-1.1-pro", "black-forest-labs/flux-2-pro"


def create(client: Client, model: str = SCHNELL, **given: object) -> str:
    """Create a prediction; its id."""
    prediction = client.models.predictions.create(model, input={"prompt": "a fox", **given})
    assert prediction.status == "starting"
    return str(prediction.id)


def test_a_prompt_becomes_pictures(client: Client, http: httpx.Client) -> None:
    done = client.predictions.get(create(client, num_outputs=2, output_format="png"))
    assert done.status == "succeeded"
    assert done.metrics is not None and "total_time" in done.metrics
    assert isinstance(done.output, list) and len(done.output) == 2
    files = [http.get(address) for address in done.output]
    assert {one.headers["content-type"] for one in files} == {"image/png"}
    assert files[0].content != files[1].content
    assert Image.open(io.BytesIO(files[0].content)).format == "PNG"


def test_the_same_seed_paints_the_same_picture(client: Client, http: httpx.Client) -> None:
    ids = [create(client, PRO, seed=seed) for seed in (5, 5, 6)]
    one, same, other = (http.get(str(client.predictions.get(i).output)).content for i in ids)
    assert one == same != other


@pytest.mark.parametrize("model", [PRO, PRO2])
def test_pro_models_answer_one_address(client: Client, model: str) -> None:
    output = client.predictions.get(create(client, model)).output
    assert isinstance(output, str) and output.endswith("/0.webp")


def test_open_models_log_progress_and_pro_models_do_not(client: Client) -> None:
    progress = client.predictions.get(create(client, DEV)).progress
    assert progress is not None and (progress.current, progress.total) == (28, 28)
    assert client.predictions.get(create(client, PRO)).progress is None


def test_a_version_may_name_the_model(client: Client) -> None:
    made = client.predictions.create(version=SCHNELL, input={"prompt": "a fox"})
    assert client.predictions.get(made.id).status == "succeeded"
    with pytest.raises(ReplicateError) as refused:
        client.predictions.create(version="f" * 64, input={"prompt": "a fox"})
    assert refused.value.status == 422


def test_waiting_answers_with_the_result(client: Client) -> None:
    made = client.models.predictions.create(SCHNELL, input={"prompt": "a fox"}, wait=5)
    assert made.status == "succeeded"


@pytest.mark.parametrize(
    ("model", "given", "words"),
    [
        (SCHNELL, {"promt": "a fox"}, "prompt is required"),
        (SCHNELL, {"prompt": "a", "negative_prompt": "b"}, "negative_prompt is not allowed"),
        (SCHNELL, {"prompt": "a", "num_outputs": 5}, "less than or equal to 4"),
        (SCHNELL, {"prompt": "a", "num_outputs": True}, "Invalid type"),
        (SCHNELL, {"prompt": "a", "aspect_ratio": "2:1"}, "one of the following"),
        (SCHNELL, {"prompt": "a", "megapixels": 1}, "Invalid type"),
        (DEV, {"prompt": "a", "image": "fox.png"}, "format 'uri'"),
        (PRO, {"prompt": "a", "aspect_ratio": "custom", "width": 512}, "height is required"),
        (PRO, {"prompt": "a", "aspect_ratio": "21:9"}, "one of the following"),
        (PRO2, {"prompt": "a", "input_images": ["https://x.test/1"] * 9}, "at most 8"),
        (PRO2, {"prompt": "a", "safety_tolerance": 6}, "less than or equal to 5"),
    ],
)
def test_inputs_outside_the_schema_are_refused(
    client: Client, model: str, given: dict[str, object], words: str
) -> None:
    with pytest.raises(ReplicateError) as refused:
        client.models.predictions.create(model, input=given)
    assert (refused.value.status, refused.value.title) == (422, "Input validation failed")
    assert words in str(refused.value.detail)


def test_an_unknown_model_or_prediction_is_not_found(client: Client) -> None:
    for ask in (lambda: create(client, "some/model"), lambda: client.predictions.get("nothing")):
        with pytest.raises(ReplicateError) as refused:
            ask()
        assert refused.value.status == 404


def test_without_a_token_nothing_is_answered(http: httpx.Client) -> None:
    answer = http.get("/replicate/v1/predictions")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("model", "given", "size"),
    [
        (SCHNELL, {"aspect_ratio": "16:9"}, (1344, 768)),
        (SCHNELL, {"aspect_ratio": "9:21", "megapixels": "0.25"}, (320, 768)),
        (PRO, {"aspect_ratio": "custom", "width": 700, "height": 500}, (704, 512)),
        (PRO2, {"aspect_ratio": "1:1", "resolution": "4 MP"}, (2048, 2048)),
        (PRO2, {"aspect_ratio": "16:9", "resolution": "4 MP"}, (2048, 1152)),
        (PRO2, {"aspect_ratio": "3:2"}, (1248, 832)),
    ],
)
def test_sizes_follow_the_model(
    client: Client,
    sandbox: Sandbox,
    model: str,
    given: dict[str, object],
    size: tuple[int, int],
) -> None:
    made = sandbox.replicate.predictions.find(create(client, model, **given))
    assert made is not None and made.size_px == size


def test_a_model_shows_its_schema(client: Client) -> None:
    version = client.models.get(PRO2).latest_version
    assert version is not None
    schemas = version.openapi_schema["components"]["schemas"]
    fields = schemas["Input"]["properties"]
    assert fields["resolution"]["allOf"] == [{"$ref": "#/components/schemas/resolution"}]
    assert schemas["resolution"]["enum"][-1] == "4 MP"
    assert fields["safety_tolerance"]["maximum"] == 5


def test_lists_are_newest_first_in_pages_and_by_time(client: Client, sandbox: Sandbox) -> None:
    clock = sandbox.replicate.now
    ids = []
    for _ in range(103):
        clock.at += 1  # type: ignore[attr-defined]
        ids.append(create(client))
    page = client.predictions.list()
    assert [one.id for one in page.results] == ids[:2:-1]
    assert page.next is not None
    assert [one.id for one in client.predictions.list(page.next)] == ids[2::-1]
    last = client.predictions.get(ids[100])
    found = client.predictions.list(f"/v1/predictions?created_after={last.created_at}")
    assert [one.id for one in found] == ids[:99:-1]


def test_a_list_does_not_show_webhooks_but_a_prediction_does(
    client: Client, http: httpx.Client
) -> None:
    hook = "https://app.test/hook?g=1"
    made = client.models.predictions.create(
        SCHNELL, input={"prompt": "a fox"}, webhook=hook, webhook_events_filter=["start"]
    )
    headers = {"Authorization": "Bearer token"}
    shown = http.get(f"/replicate/v1/predictions/{made.id}", headers=headers).json()
    listed = http.get("/replicate/v1/predictions", headers=headers).json()["results"][0]
    assert shown["webhook"] == hook
    assert "webhook" not in listed
    assert http.get("/replicate/_predictions").json()[0]["webhook"] == hook


def test_addresses_are_of_the_host_that_asked(client: Client, http: httpx.Client) -> None:
    made = create(client)
    headers = {"Authorization": "Bearer token", "Host": "elsewhere.test:81"}
    shown = http.get(f"/replicate/v1/predictions/{made}", headers=headers).json()
    assert re.match(r"http://elsewhere\.test:81/replicate/delivery/", shown["output"][0])
