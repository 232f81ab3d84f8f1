"""Every model of the stand-in: what it answers, how large, and what it does with a reference."""

import io
from collections.abc import Callable

import httpx
import numpy as np
import pytest
from PIL import Image
from replicate.client import Client
from replicate.exceptions import ReplicateError

from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.replicate_models import MODELS
from fluxgen.sandbox.replicate_others import ESRGAN_VERSION

DRAWING = [path for path, model in MODELS.items() if not model.enlarges]
LISTS = {"flux-schnell", "flux-dev", "flux-2-klein-4b", "seedream-4", "qwen-image"}
KONTEXT = "black-forest-labs/flux-kontext-pro"
ESRGAN = "nightmareai/real-esrgan"


def upload(client: Client, colour: str = "teal", size: tuple[int, int] = (90, 30)) -> str:
    """The address of a picture in the file store."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    file.seek(0)
    return str(client.files.create(file, filename="picture.png").urls["get"])


def drawn(client: Client, http: httpx.Client, path: str, **given: object) -> Image.Image:
    """The first picture of a prediction."""
    made = client.models.predictions.create(path, input={"prompt": "a fox", "seed": 5, **given})
    output = client.predictions.get(made.id).output
    address = output[0] if isinstance(output, list) else output
    return Image.open(io.BytesIO(http.get(str(address)).content)).convert("RGB")


@pytest.mark.parametrize("path", DRAWING)
def test_each_answers_one_address_or_a_list_as_it_does(client: Client, path: str) -> None:
    made = client.models.predictions.create(path, input={"prompt": "a fox"})
    output = client.predictions.get(made.id).output
    assert isinstance(output, list) == (path.partition("/")[2] in LISTS)


@pytest.mark.parametrize("path", MODELS)
def test_unknown_fields_and_impossible_values_are_refused(path: str) -> None:
    model = MODELS[path]
    given = {"image": "https://x.test/1"} if model.enlarges else {"prompt": "a fox"}
    assert model.complaints(given) == []
    assert model.complaints({}) != []
    assert model.complaints({**given, "surprise": 1}) != []
    for name, field in model.fields.items():
        if field.choices:
            assert model.complaints({**given, name: "another"}) != [], name
        if field.maximum is not None:
            assert model.complaints({**given, name: field.maximum + 1}) != [], name
        if field.most_items is not None:
            many = ["https://x.test/1"] * (field.most_items + 1)
            assert model.complaints({**given, name: many}) != [], name


@pytest.mark.parametrize(
    ("path", "given", "size"),
    [
        ("black-forest-labs/flux-1.1-pro-ultra", {"aspect_ratio": "16:9"}, (2736, 1536)),
        ("black-forest-labs/flux-1.1-pro-ultra", {"aspect_ratio": "1:1"}, (2048, 2048)),
        (KONTEXT, {"aspect_ratio": "3:2"}, (1248, 832)),
        ("black-forest-labs/flux-2-max", {"resolution": "4 MP"}, (2048, 2048)),
        ("black-forest-labs/flux-2-klein-4b", {"output_megapixels": "0.25"}, (512, 512)),
        ("ideogram-ai/ideogram-v3-turbo", {"aspect_ratio": "1:1"}, (1024, 1024)),
        ("recraft-ai/recraft-v3", {"size": "1365x1024"}, (1365, 1024)),
        ("recraft-ai/recraft-v3", {"aspect_ratio": "1:1"}, (1024, 1024)),
        ("bytedance/seedream-4", {"size": "4K", "aspect_ratio": "1:1"}, (4096, 4096)),
        ("bytedance/seedream-4", {"size": "4K", "aspect_ratio": "16:9"}, (4096, 2304)),
        ("bytedance/seedream-4", {}, (2048, 2048)),
        ("qwen/qwen-image", {}, (1664, 928)),
        (
            "qwen/qwen-image",
            {"image_size": "optimize_for_speed", "aspect_ratio": "1:1"},
            (1024, 1024),
        ),
    ],
)
def test_pictures_have_the_models_own_size(
    client: Client, sandbox: Sandbox, path: str, given: dict[str, object], size: tuple[int, int]
) -> None:
    made = client.models.predictions.create(path, input={"prompt": "[fail] a fox", **given})
    found = sandbox.replicate.predictions.find(made.id)
    assert found is not None and found.size_px == size


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("black-forest-labs/flux-dev", lambda url: {"image": url}),
        ("black-forest-labs/flux-1.1-pro", lambda url: {"image_prompt": url}),
        (KONTEXT, lambda url: {"input_image": url}),
        ("black-forest-labs/flux-2-pro", lambda url: {"input_images": [url]}),
        ("ideogram-ai/ideogram-v3-turbo", lambda url: {"style_reference_images": [url]}),
    ],
)
def test_another_reference_makes_another_picture(
    client: Client, http: httpx.Client, path: str, given: Callable[[str], dict[str, object]]
) -> None:
    teal, again, red = (
        np.asarray(drawn(client, http, path, **given(upload(client, colour))))
        for colour in ("teal", "teal", "red")
    )
    assert (teal == again).all()
    assert (teal != red).any()


def test_a_reference_elsewhere_is_not_fetched(client: Client, http: httpx.Client) -> None:
    plain = np.asarray(drawn(client, http, KONTEXT, aspect_ratio="1:1"))
    elsewhere = "https://example.test/picture.png"
    given = drawn(client, http, KONTEXT, aspect_ratio="1:1", input_image=elsewhere)
    assert (np.asarray(given) == plain).all()


def test_an_edit_keeps_the_picture_and_changes_its_light(
    client: Client, http: httpx.Client
) -> None:
    half = Image.new("RGB", (120, 80), "white")
    half.paste("black", (0, 0, 60, 80))
    file = io.BytesIO()
    half.save(file, "PNG")
    file.seek(0)
    url = client.files.create(file, filename="half.png").urls["get"]
    shown = drawn(client, http, KONTEXT, input_image=url)
    assert shown.width / shown.height == pytest.approx(1.5, abs=0.05)
    left, right = (
        np.asarray(shown.crop((x, 0, x + shown.width // 3, shown.height)), np.float64).mean()
        for x in (0, shown.width * 2 // 3)
    )
    assert right - left > 40


def test_more_tolerance_is_refused_with_an_input_image(client: Client) -> None:
    asked = {"prompt": "a fox", "safety_tolerance": 3}
    assert client.models.predictions.create(KONTEXT, input=asked).status == "starting"
    with pytest.raises(ReplicateError) as refused:
        client.models.predictions.create(KONTEXT, input={**asked, "input_image": upload(client)})
    assert refused.value.status == 422


def test_the_upscaler_enlarges_the_picture_it_is_given(client: Client, http: httpx.Client) -> None:
    asked = {"image": upload(client, "teal", (90, 30)), "scale": 2}
    made = client.predictions.create(version=f"{ESRGAN}:{ESRGAN_VERSION}", input=asked)
    ended = client.predictions.get(made.id)
    assert ended.version == ESRGAN_VERSION
    shown = Image.open(io.BytesIO(http.get(str(ended.output)).content))
    assert (shown.format, shown.size) == ("PNG", (180, 60))
    assert np.abs(np.asarray(shown.convert("RGB"), int) - (0, 128, 128)).max() <= 2


def test_the_upscaler_fails_without_a_picture_of_ours(client: Client) -> None:
    asked = {"image": "https://example.test/picture.png"}
    made = client.predictions.create(version=ESRGAN_VERSION, input=asked)
    assert client.predictions.get(made.id).status == "failed"


def test_a_community_model_is_called_by_its_version_only(client: Client) -> None:
    asked = {"image": upload(client)}
    with pytest.raises(ReplicateError) as missing:
        client.models.predictions.create(ESRGAN, input=asked)
    assert missing.value.status == 404
    with pytest.raises(ReplicateError) as refused:
        client.predictions.create(version=ESRGAN, input=asked)
    assert refused.value.status == 422
