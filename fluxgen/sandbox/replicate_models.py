"""The four models of the stand-in: their inputs, picture sizes and usual seconds.

Fields, ranges and defaults are those of the published model schemas in 2026. Unknown fields
are refused, which the real service may not do: it finds our own typing mistakes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from fluxgen.sandbox.replicate_schema import (
    Field,
    boolean,
    choice,
    images,
    number,
    openapi_schema,
    text,
    uri,
    whole,
)

Size = tuple[int, int]

OPEN_RATIOS = ["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"]
PRO_RATIOS = ["1:1", "16:9", "3:2", "2:3", "4:5", "5:4", "9:16", "3:4", "4:3"]
FORMATS = ["webp", "jpg", "png"]
RESOLUTIONS = ["match_input_image", "0.5 MP", "1 MP", "2 MP", "4 MP"]
MEGAPIXEL = 1024 * 1024
LONGEST_SIDE_PX = 2048

_SIZES_1MP: dict[str, Size] = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "21:9": (1536, 640),
    "3:2": (1216, 832),
    "2:3": (832, 1216),
    "4:5": (896, 1088),
    "5:4": (1088, 896),
    "3:4": (896, 1152),
    "4:3": (1152, 896),
    "9:16": (768, 1344),
    "9:21": (640, 1536),
}

_FILE_FIELDS = {
    "seed": whole(),
    "output_format": choice(FORMATS, "webp"),
    "output_quality": whole(0, 100, 80),
}
_OPEN_FIELDS = {
    "prompt": text(required=True),
    "aspect_ratio": choice(OPEN_RATIOS, "1:1"),
    "num_outputs": whole(1, 4, 1),
    **_FILE_FIELDS,
    "megapixels": choice(["1", "0.25"], "1"),
    "go_fast": boolean(True),
    "disable_safety_checker": boolean(False),
}


@dataclass(frozen=True)
class Model:
    """One model. `seconds` is how long it usually runs for one picture."""

    name: str
    fields: Mapping[str, Field]
    seconds: float
    is_open: bool = False
    image_field: str | None = None

    @property
    def path(self) -> str:
        """Owner and name, as in its address."""
        return f"black-forest-labs/{self.name}"

    def steps(self, given: Mapping[str, Any]) -> int:
        """Denoising steps, as many as the progress lines count."""
        return int(given.get("num_inference_steps", self.fields["num_inference_steps"].default))

    def images(self, given: Mapping[str, Any]) -> list[str]:
        """Addresses of the reference images given."""
        found = given.get(self.image_field) if self.image_field else None
        return list(found) if isinstance(found, list) else [found] if found else []

    def document(self, base_url: str) -> dict[str, object]:
        """The model as JSON, with its schema in `latest_version`."""
        owner, _, name = self.path.partition("/")
        return {
            "url": f"{base_url}/{self.path}",
            "owner": owner,
            "name": name,
            "description": "A stand-in that paints; nothing here is the real model.",
            "visibility": "public",
            "github_url": None,
            "paper_url": None,
            "license_url": None,
            "run_count": 0,
            "cover_image_url": None,
            "default_example": None,
            "latest_version": {
                "id": "hidden",
                "created_at": "2026-01-01T00:00:00.000000Z",
                "cog_version": "0.16.0",
                "openapi_schema": openapi_schema(self.fields, output_is_list=self.is_open),
            },
        }

    def size_px(self, given: Mapping[str, Any], reference: Size | None) -> Size:
        """Width and height of the picture, given the size of the first reference image."""
        ratio = str(given.get("aspect_ratio", "1:1"))
        if ratio == "custom":
            return _rounded(
                given["width"], given["height"], 16 if "resolution" in self.fields else 32
            )
        if "resolution" in self.fields:
            return _by_resolution(str(given.get("resolution", "1 MP")), ratio, reference)
        if self.is_open and reference is not None:
            return _by_area(MEGAPIXEL, reference[0] / reference[1])
        width, height = _SIZES_1MP[ratio]
        return (width // 2, height // 2) if given.get("megapixels") == "0.25" else (width, height)


def _rounded(width: float, height: float, step: int) -> Size:
    return max(step, round(width / step) * step), max(step, round(height / step) * step)


def _by_area(area_px: float, ratio: float) -> Size:
    """The size of that area and ratio, in steps of 16 and within the longest side."""
    width, height = sqrt(area_px * ratio), sqrt(area_px / ratio)
    shrink = min(1.0, LONGEST_SIDE_PX / max(width, height))
    return _rounded(width * shrink, height * shrink, 16)


def _by_resolution(resolution: str, ratio: str, reference: Size | None) -> Size:
    width, height = reference or (1024, 1024)
    if ratio != "match_input_image":
        shares = ratio.split(":")
        shape = int(shares[0]) / int(shares[1])
    else:
        shape = width / height
    if resolution == "match_input_image":
        return _by_area(min(width * height, 4 * MEGAPIXEL), shape)
    return _by_area(float(resolution.removesuffix(" MP")) * MEGAPIXEL, shape)


_ALL = (
    Model(
        "flux-schnell",
        {**_OPEN_FIELDS, "num_inference_steps": whole(1, 4, 4)},
        seconds=2.0,
        is_open=True,
    ),
    Model(
        "flux-dev",
        {
            **_OPEN_FIELDS,
            "num_inference_steps": whole(1, 50, 28),
            "guidance": number(0, 10, 3),
            "image": uri(),
            "prompt_strength": number(0, 1, 0.8),
        },
        seconds=6.0,
        is_open=True,
        image_field="image",
    ),
    Model(
        "flux-1.1-pro",
        {
            "prompt": text(required=True),
            "aspect_ratio": choice(["custom", *PRO_RATIOS], "1:1"),
            "width": whole(256, 1440),
            "height": whole(256, 1440),
            "image_prompt": uri(),
            "safety_tolerance": whole(1, 6, 2),
            "prompt_upsampling": boolean(False),
            **_FILE_FIELDS,
        },
        seconds=6.0,
        image_field="image_prompt",
    ),
    Model(
        "flux-2-pro",
        {
            "prompt": text(required=True),
            "input_images": images(8),
            "aspect_ratio": choice(["match_input_image", "custom", *PRO_RATIOS], "1:1"),
            "resolution": choice(RESOLUTIONS, "1 MP"),
            "width": whole(256, 2048),
            "height": whole(256, 2048),
            "safety_tolerance": whole(1, 5, 2),
            **_FILE_FIELDS,
        },
        seconds=9.0,
        image_field="input_images",
    ),
)

MODELS: dict[str, Model] = {model.path: model for model in _ALL}
"""By owner and name."""
