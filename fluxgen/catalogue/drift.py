"""Whether the provider still takes what we would send: our data against its published schema.

A schema is the provider's JSON Schema of a model's input: fields by name, and which of them
are required.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from fluxgen.catalogue.image_models import MATCH, ImageModel

Field = Mapping[str, Any]

_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
}
_ANY_REFERENCE = "https://example.com/reference.webp"


def every_input(model: ImageModel, tiers: Iterable[str], prompt: str) -> Iterator[dict[str, Any]]:
    """All that we may ever send of these tiers, its extremes at least."""
    with_reference = [True, False] if model.reference else [False]
    if model.reference and model.reference.is_required:
        with_reference = [True]
    for tier, has_reference in product(tiers, with_reference):
        ratios = model.ratios(has_reference=has_reference)
        for ratio, count, seed in product(ratios, {1, model.max_count}, (0, model.max_seed)):
            url = _ANY_REFERENCE if has_reference else None
            yield model.provider_input(tier, prompt, ratio, count, seed, url)


def differences(
    model: ImageModel,
    tiers: Iterable[str],
    fields: Mapping[str, Field],
    required: Iterable[str],
    *,
    prompt_max: int,
) -> list[str]:
    """What the provider would refuse, or no longer understand, a line each."""
    found: dict[str, None] = {}
    needed = list(required)
    for sent in every_input(model, tiers, "x" * (model.prompt_max or prompt_max)):
        for name, value in sent.items():
            if complaint := _complaint(fields.get(name), value):
                found[f"{name}: {complaint}"] = None
        for name in needed:
            if name not in sent:
                found[f"{name}: required now, and we do not send it"] = None
    return list(found)


def unoffered(model: ImageModel, fields: Mapping[str, Field]) -> list[str]:
    """Shapes that the provider makes and we do not offer."""
    if model.is_upscaler:
        return []
    offered = {*model.aspect_ratios, MATCH}
    makes = fields.get("aspect_ratio", {}).get("enum", [])
    return [str(ratio) for ratio in makes if ":" in str(ratio) and ratio not in offered]


def _complaint(field: Field | None, value: Any) -> str | None:
    """What is wrong with a value; None if nothing is."""
    if field is None:
        return "not taken any more"
    kind = field.get("type")
    if isinstance(kind, str) and kind in _KINDS and not _is(value, kind):
        return f"must be {kind} now"
    allowed = field.get("enum")
    if allowed is not None and value not in allowed:
        return f"{value} is not allowed any more"
    if isinstance(value, str):
        return _above(len(value), field.get("maxLength"), "characters are too many")
    if isinstance(value, list):
        return _above(len(value), field.get("maxItems"), "files are too many")
    if isinstance(value, bool):
        return None
    least = field.get("minimum")
    if least is not None and value < least:
        return f"{value} is less than {least}"
    return _above(value, field.get("maximum"), "is too much")


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _KINDS[kind])


def _above(number: float, most: float | None, words: str) -> str | None:
    return (
        f"{number:,} {words}, the most is {most:,}" if most is not None and number > most else None
    )
