"""The file store, and predictions that use a reference image from it."""

import io

import pytest
from PIL import Image
from replicate.client import Client
from replicate.exceptions import ReplicateError

from fluxgen.sandbox import Sandbox
from tests.sandbox.conftest import Clock

DEV, PRO2 = "black-forest-labs/flux-dev", "black-forest-labs/flux-2-pro"


def picture(width: int = 900, height: int = 300) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "JPEG")
    file.seek(0)
    return file


def test_upload_list_show_delete(client: Client) -> None:
    made = client.files.create(
        picture(), filename="fox.jpg", content_type="image/jpeg", metadata={"generation": 1}
    )
    assert (made.name, made.content_type, made.metadata) == (
        "fox.jpg",
        "image/jpeg",
        {"generation": 1},
    )
    assert made.size == len(picture().getvalue())
    assert client.files.get(made.id).checksums == made.checksums
    assert [one.id for one in client.files.list()] == [made.id]
    client.files.delete(made.id)
    for ask in (client.files.get, client.files.delete):
        with pytest.raises(ReplicateError) as refused:
            ask(made.id)
        assert refused.value.status == 404


def test_a_file_expires_after_a_day(client: Client, clock: Clock) -> None:
    made = client.files.create(picture(), filename="fox.jpg")
    clock.at += 24 * 3600 + 1
    with pytest.raises(ReplicateError):
        client.files.get(made.id)


def test_an_overlong_name_is_refused(client: Client) -> None:
    with pytest.raises(ReplicateError) as refused:
        client.files.create(picture(), filename="x" * 300)
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("model", "given", "size"),
    [
        (DEV, {"image": 1}, (1776, 592)),
        (PRO2, {"input_images": 1, "aspect_ratio": "match_input_image"}, (1776, 592)),
        (
            PRO2,
            {
                "input_images": 1,
                "aspect_ratio": "match_input_image",
                "resolution": "match_input_image",
            },
            (896, 304),
        ),
    ],
)
def test_the_picture_follows_the_reference(
    client: Client,
    sandbox: Sandbox,
    model: str,
    given: dict[str, object],
    size: tuple[int, int],
) -> None:
    address = client.files.create(picture(), filename="fox.jpg").urls["get"]
    places = {"image": address, "input_images": [address]}
    chosen = {name: places.get(name, value) for name, value in given.items()}
    made = client.models.predictions.create(model, input={"prompt": "a fox", **chosen})
    found = sandbox.replicate.predictions.find(made.id)
    assert found is not None and found.size_px == size
    assert client.predictions.get(made.id).status == "succeeded"


def test_a_reference_deleted_too_early_fails_the_prediction(client: Client) -> None:
    made = client.files.create(picture(), filename="fox.jpg")
    client.files.delete(made.id)
    prediction = client.models.predictions.create(
        DEV, input={"prompt": "a fox", "image": made.urls["get"]}
    )
    ended = client.predictions.get(prediction.id)
    assert ended.status == "failed"
    assert "404 Client Error" in str(ended.error)


def test_a_reference_that_is_no_picture_fails_the_prediction(client: Client) -> None:
    made = client.files.create(io.BytesIO(b"not a picture"), filename="fox.jpg")
    prediction = client.models.predictions.create(
        DEV, input={"prompt": "a fox", "image": made.urls["get"]}
    )
    assert client.predictions.get(prediction.id).status == "failed"
