"""`models`: what is on offer, and whether the provider still takes it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from fluxgen import catalogue
from fluxgen.catalogue import drift
from fluxgen.sandbox import Sandbox


def rows(app: Flask, command: str, *, exits: int = 0) -> list[dict[str, Any]]:
    result = app.test_cli_runner().invoke(args=["models", command, "--json"])
    assert result.exit_code == exits, result.output
    found: list[dict[str, Any]] = json.loads(result.output)
    return found


def test_list_shows_every_model_with_both_prices(app: Flask) -> None:
    listed = {row["model"]: row for row in rows(app, "list")}
    assert set(listed) == {*catalogue.load().models, catalogue.upscaler().slug}
    assert listed["flux-2-pro"]["credits"] == "draft 3, studio 4, print 10"
    assert listed["flux-schnell"]["usd"] == "draft 0.003"
    assert listed["flux-schnell"]["price"] == "published 2026-11-23"
    assert listed["recraft-v3"]["seed"] == "no"
    text = app.test_cli_runner().invoke(args=["models", "list"]).output
    assert len(text.splitlines()) == len(listed) + 1


def test_check_finds_nothing_where_data_and_schema_agree(app: Flask) -> None:
    found = rows(app, "check")
    assert {row["state"] for row in found} == {"ok"}  # no note: all its shapes are on offer
    models = [*catalogue.load().models.values(), catalogue.upscaler()]
    asked = {model.address(tier).partition(":")[0] for model in models for tier in model.offers}
    assert {row["provider"] for row in found if row["state"] == "ok"} == asked


def test_a_shape_that_the_provider_makes_and_we_do_not_offer_is_noted() -> None:
    schema = {"aspect_ratio": {"enum": ["match_input_image", "custom", "1:1", "4:1"]}}
    assert drift.unoffered(catalogue.model("flux-2-pro"), schema) == ["4:1"]
    assert drift.unoffered(catalogue.upscaler(), schema) == []


@pytest.mark.parametrize(
    ("switch", "line"),
    [
        ("schema_model_gone", "gone: the provider does not have it any more"),
        ("schema_field_gone", "num_inference_steps: not taken any more"),
        ("schema_field_new", "licence: required now, and we do not send it"),
        ("schema_narrowed", "aspect_ratio: 16:9 is not allowed any more"),
        ("schema_narrowed", "num_outputs: 4 is too much, the most is 1"),
    ],
)
def test_check_lists_drift_and_exits_with_1(
    app: Flask, sandbox: Sandbox, switch: str, line: str
) -> None:
    sandbox.replicate.faults.change({switch: 1})  # the first model asked about, only
    found = rows(app, "check", exits=1)
    drifted = [row for row in found if row["state"] == "drift"]
    assert {row["model"] for row in drifted} == {"flux-schnell"}
    assert line in [row["says"] for row in drifted]
    assert "ok" in {row["state"] for row in found if row["model"] == "flux-dev"}


def test_check_tells_silence_from_agreement(app: Flask, sandbox: Sandbox) -> None:
    sandbox.replicate.faults.down = 1.0
    assert {row["state"] for row in rows(app, "check", exits=1)} == {"unknown"}


def test_every_kind_of_refusal_has_a_line() -> None:
    pro = catalogue.model("flux-2-pro")
    fields: dict[str, dict[str, Any]] = {
        "prompt": {"type": "string", "maxLength": 900},
        "aspect_ratio": {"type": "string"},
        "input_images": {"type": "array", "maxItems": 0},
        "resolution": {"type": "number"},
        "safety_tolerance": {"type": "integer", "minimum": 3},
        "seed": {"type": "integer", "minimum": 1, "maximum": 100},
        "output_format": {"enum": ["png", "webp"]},
        "output_quality": {"type": "boolean"},
    }
    lines = drift.differences(pro, ["studio"], fields, ["prompt"], prompt_max=2000)
    assert sorted(lines) == [
        "input_images: 1 files are too many, the most is 0",
        "output_quality: must be boolean now",
        "prompt: 2,000 characters are too many, the most is 900",
        "resolution: must be number now",
        "safety_tolerance: 2 is less than 3",
        "seed: 0 is less than 1",
        "seed: 2,147,483,647 is too much, the most is 100",
    ]
