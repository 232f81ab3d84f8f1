"""What the provider publishes about a model, in every way it is written."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from fluxgen.adapters.image_models import InputSchema, ReplicateModels
from fluxgen.errors import MayWorkLater
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.replicate_others import ESRGAN_VERSION
from tests.adapters.wires import BASE_URL, TOKEN, breaking, saying

SCHNELL, ESRGAN = "black-forest-labs/flux-schnell", "nightmareai/real-esrgan"


def models_over(transport: httpx.BaseTransport) -> ReplicateModels:
    return ReplicateModels(token=TOKEN, base_url=BASE_URL, transport=transport)


def document(**schemas: Any) -> dict[str, Any]:
    """A model with this schema, as Replicate writes one."""
    model: dict[str, Any] = dict.fromkeys(
        ("description", "github_url", "paper_url", "license_url", "cover_image_url"), None
    )
    version = {
        "id": "v",
        "created_at": "2026-11-23T10:00:00Z",
        "cog_version": "1",
        "openapi_schema": {"components": {"schemas": schemas}},
    }
    return {
        **model,
        "url": "u",
        "owner": "o",
        "name": "n",
        "visibility": "public",
        "run_count": 0,
        "default_example": None,
        "latest_version": version,
    }


def test_choices_described_apart_are_read_with_their_field(sandbox: Sandbox) -> None:
    schema = models_over(httpx.WSGITransport(app=sandbox)).schema(SCHNELL)
    assert schema is not None and schema.required == ("prompt",)
    assert schema.fields["megapixels"]["enum"] == ["1", "0.25"]
    assert schema.fields["megapixels"]["default"] == "1"
    assert schema.fields["num_outputs"]["maximum"] == 4


def test_a_pinned_version_is_asked_for_by_its_id(sandbox: Sandbox) -> None:
    models = models_over(httpx.WSGITransport(app=sandbox))
    schema = models.schema(f"{ESRGAN}:{ESRGAN_VERSION}")
    assert schema is not None and schema.required == ("image",)
    assert models.schema(f"{ESRGAN}:{'0' * 64}") is None
    assert models.schema("black-forest-labs/flux-3") is None


def test_alternatives_with_nothing_are_read_as_the_value() -> None:
    seed = {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}
    size = {"anyOf": [{"$ref": "#/components/schemas/size"}, {"type": "null"}]}
    published = document(
        Input={"properties": {"seed": seed, "size": size}}, size={"type": "string", "enum": ["1K"]}
    )
    assert models_over(saying(200, published)).schema("o/n") == InputSchema(
        {"seed": {"type": "integer", "default": None}, "size": {"type": "string", "enum": ["1K"]}},
        (),
    )


@pytest.mark.parametrize(
    "transport",
    [
        saying(200, document()),
        saying(200, {"surprise": 1}),
        saying(200, {**document(), "latest_version": None}),
        saying(200, b"<html>"),
        saying(401, {"detail": "no"}),
        saying(429, {"detail": "busy"}),
        saying(503, b"down"),
        breaking(httpx.ConnectError),
        breaking(httpx.ReadTimeout),
    ],
)
def test_what_cannot_be_read_is_not_taken_for_gone(transport: httpx.BaseTransport) -> None:
    with pytest.raises(MayWorkLater):
        models_over(transport).schema("o/n")
