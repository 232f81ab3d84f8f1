"""The inputs of a model: checking a request against them, and describing them as OpenAPI."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
}
_ADDRESS_STARTS = ("https://", "http://", "data:")


@dataclass(frozen=True)
class Field:
    """One input: its JSON type and what it may be."""

    kind: str
    default: Any = None
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    is_uri: bool = False
    most_items: int | None = None

    def complaint(self, value: object) -> str | None:
        """What is wrong with a value, in the provider's words; None if nothing is."""
        if not isinstance(value, _KINDS[self.kind]) or (
            isinstance(value, bool) and self.kind != "boolean"
        ):
            return f"Invalid type. Expected: {self.kind}, given: {type(value).__name__}"
        if self.choices and value not in self.choices:
            return "must be one of the following: " + ", ".join(f'"{one}"' for one in self.choices)
        if isinstance(value, int | float):
            return self._out_of_range(value)
        if isinstance(value, list):
            return self._bad_items(value)
        if self.is_uri and not str(value).startswith(_ADDRESS_STARTS):
            return "Does not match format 'uri'"
        return None

    def _out_of_range(self, value: float) -> str | None:
        if self.minimum is not None and value < self.minimum:
            return f"Must be greater than or equal to {self.minimum:g}"
        if self.maximum is not None and value > self.maximum:
            return f"Must be less than or equal to {self.maximum:g}"
        return None

    def _bad_items(self, value: list[object]) -> str | None:
        if self.most_items is not None and len(value) > self.most_items:
            return f"Array must have at most {self.most_items} items"
        if not all(isinstance(one, str) and one.startswith(_ADDRESS_STARTS) for one in value):
            return "Does not match format 'uri'"
        return None

    def as_openapi(self, name: str, order: int) -> dict[str, object]:
        """The property as it stands in a model's OpenAPI schema; choices are described apart."""
        if self.choices:
            described: dict[str, object] = {"allOf": [{"$ref": f"#/components/schemas/{name}"}]}
        else:
            described = {"type": self.kind}
        optional = {
            "x-order": order,
            "default": self.default,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "format": "uri" if self.is_uri and self.kind == "string" else None,
            "maxItems": self.most_items,
            "items": {"type": "string", "format": "uri"} if self.kind == "array" else None,
        }
        return described | {name: value for name, value in optional.items() if value is not None}


def text(*, required: bool = False) -> Field:
    """Any string."""
    return Field("string", required=required)


def choice(choices: Sequence[str], default: str) -> Field:
    """One of a few strings."""
    return Field("string", default=default, choices=tuple(choices))


def whole(
    minimum: int | None = None, maximum: int | None = None, default: int | None = None
) -> Field:
    """A whole number."""
    return Field("integer", default=default, minimum=minimum, maximum=maximum)


def number(minimum: float, maximum: float, default: float) -> Field:
    """A number."""
    return Field("number", default=default, minimum=minimum, maximum=maximum)


def boolean(default: bool) -> Field:
    """Yes or no."""
    return Field("boolean", default=default)


def uri(*, required: bool = False) -> Field:
    """The address of a file, or a data URI."""
    return Field("string", is_uri=True, required=required)


def images(most: int) -> Field:
    """A list of addresses of files."""
    return Field("array", default=[], is_uri=True, most_items=most)


def complaints(fields: Mapping[str, Field], given: object) -> list[dict[str, str]]:
    """Everything wrong with an input, as the provider's `invalid_fields`."""
    if not isinstance(given, dict):
        return [invalid("input", "invalid_type", "input must be an object")]
    found = [
        invalid("input", "required", f"{name} is required")
        for name, field in fields.items()
        if field.required and name not in given
    ]
    for name, value in given.items():
        if name not in fields:
            found.append(
                invalid("input", "additional", f"Additional property {name} is not allowed")
            )
        elif complaint := fields[name].complaint(value):
            found.append(invalid(f"input.{name}", "invalid", complaint))
    if not found and given.get("aspect_ratio") == "custom":
        found = [
            invalid("input", "required", f"{name} is required with a custom aspect ratio")
            for name in ("width", "height")
            if name not in given
        ]
    return found


def invalid(field: str, kind: str, description: str) -> dict[str, str]:
    """One complaint as the provider writes it."""
    return {"type": kind, "field": field, "description": description}


def openapi_schema(fields: Mapping[str, Field], *, output_is_list: bool) -> dict[str, object]:
    """A model's schema document with `Input` and `Output`, as in its latest version."""
    one: dict[str, object] = {"type": "string", "format": "uri"}
    properties = {
        name: field.as_openapi(name, order) for order, (name, field) in enumerate(fields.items())
    }
    enumerations = {
        name: {"type": field.kind, "title": name, "enum": list(field.choices)}
        for name, field in fields.items()
        if field.choices
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Cog", "version": "0.1.0"},
        "components": {
            "schemas": {
                "Input": {
                    "type": "object",
                    "title": "Input",
                    "required": [name for name, field in fields.items() if field.required],
                    "properties": properties,
                },
                "Output": {"type": "array", "items": one, "title": "Output"}
                if output_is_list
                else {**one, "title": "Output"},
                **enumerations,
            }
        },
    }
