"""How large a model's picture is: from its input, and the size of the first reference image."""

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any

Size = tuple[int, int]
SizeRule = Callable[[Mapping[str, Any], Size | None], Size]

MEGAPIXEL = 1024 * 1024
LONGEST_SIDE_PX = 2048
ULTRA_LONGEST_SIDE_PX = 3136
SEEDREAM_SIDES_PX = {"1K": 1024, "2K": 2048, "4K": 4096}
MATCH = "match_input_image"

_FLUX_1MP: dict[str, Size] = {
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
_QWEN: dict[str, Size] = {
    "1:1": (1328, 1328),
    "16:9": (1664, 928),
    "9:16": (928, 1664),
    "4:3": (1472, 1104),
    "3:4": (1104, 1472),
    "3:2": (1584, 1056),
    "2:3": (1056, 1584),
}


def flux_open(given: Mapping[str, Any], reference: Size | None) -> Size:
    """Schnell and dev: a table, a quarter of it, or one megapixel in the reference's shape."""
    if reference is not None:
        return by_area(MEGAPIXEL, reference[0] / reference[1])
    width, height = _FLUX_1MP[str(given.get("aspect_ratio", "1:1"))]
    return (width // 2, height // 2) if given.get("megapixels") == "0.25" else (width, height)


def flux_pro(given: Mapping[str, Any], reference: Size | None) -> Size:
    """1.1 pro: the table, or a size of one's own."""
    if given.get("aspect_ratio") == "custom":
        return rounded(given["width"], given["height"], 32)
    return _FLUX_1MP[str(given.get("aspect_ratio", "1:1"))]


def flux_ultra(given: Mapping[str, Any], reference: Size | None) -> Size:
    """Four megapixels in any shape."""
    return by_area(4 * MEGAPIXEL, _shape(given, "1:1", None), ULTRA_LONGEST_SIDE_PX)


def one_megapixel(given: Mapping[str, Any], reference: Size | None) -> Size:
    """One megapixel in the shape asked for, or the reference's."""
    default = MATCH if reference is not None else "1:1"
    return by_area(MEGAPIXEL, _shape(given, default, reference))


def by_resolution(given: Mapping[str, Any], reference: Size | None) -> Size:
    """FLUX.2 pro and max: megapixels by name, or a size of one's own."""
    if given.get("aspect_ratio") == "custom":
        return rounded(given["width"], given["height"], 16)
    shape, resolution = _shape(given, "1:1", reference), str(given.get("resolution", "1 MP"))
    if resolution == MATCH:
        width, height = reference or (1024, 1024)
        return by_area(min(width * height, 4 * MEGAPIXEL), shape)
    return by_area(float(resolution.removesuffix(" MP")) * MEGAPIXEL, shape)


def by_megapixels(given: Mapping[str, Any], reference: Size | None) -> Size:
    """FLUX.2 klein."""
    area_px = float(given.get("output_megapixels", "1")) * MEGAPIXEL
    return by_area(area_px, _shape(given, "1:1", reference))


def by_side(given: Mapping[str, Any], reference: Size | None) -> Size:
    """Seedream: the area of a square with that side."""
    size = str(given.get("size", "2K"))
    if size == "custom":
        return rounded(given.get("width", 2048), given.get("height", 2048), 16)
    side = SEEDREAM_SIDES_PX[size]
    return by_area(side * side, _shape(given, MATCH, reference), max(side, LONGEST_SIDE_PX))


def qwen(given: Mapping[str, Any], reference: Size | None) -> Size:
    """A table, or one megapixel for speed."""
    ratio = str(given.get("aspect_ratio", "16:9"))
    if given.get("image_size") == "optimize_for_speed":
        return by_area(MEGAPIXEL, _shape(given, ratio, None))
    return _QWEN[ratio]


def recraft(given: Mapping[str, Any], reference: Size | None) -> Size:
    """One megapixel in a shape, or a size by name."""
    if given.get("aspect_ratio", "Not set") == "Not set":
        width, _, height = str(given.get("size", "1024x1024")).partition("x")
        return int(width), int(height)
    return by_area(MEGAPIXEL, _shape(given, "1:1", None))


def enlarged(given: Mapping[str, Any], reference: Size | None) -> Size:
    """Upscalers: as many times as asked."""
    width, height = reference or (256, 256)
    scale = float(given.get("scale", 4))
    return rounded(width * scale, height * scale, 1)


def rounded(width: float, height: float, step: int) -> Size:
    """The nearest size in whole steps, at least one each."""
    return max(step, round(width / step) * step), max(step, round(height / step) * step)


def by_area(area_px: float, shape: float, longest_px: int = LONGEST_SIDE_PX) -> Size:
    """The size of that area and shape, in steps of 16 and within the longest side."""
    width, height = sqrt(area_px * shape), sqrt(area_px / shape)
    shrink = min(1.0, longest_px / max(width, height))
    return rounded(width * shrink, height * shrink, 16)


def _shape(given: Mapping[str, Any], default: str, reference: Size | None) -> float:
    """Width by height; a square where there is no reference to match."""
    ratio = str(given.get("aspect_ratio", default))
    if ratio == MATCH:
        width, height = reference or (1, 1)
    else:
        width, height = (int(part) for part in ratio.split(":"))
    return width / height
