"""What the provider publishes about a model: the schema of its input, read for comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
from replicate.client import Client
from replicate.exceptions import ReplicateError

from fluxgen.adapters.replicate_transport import Busy, ReplicateTransport
from fluxgen.errors import MayWorkLater

_REFERENCE = "#/components/schemas/"


@dataclass(frozen=True)
class InputSchema:
    """A model's input as JSON Schema: fields by name, and which of them are required."""

    fields: Mapping[str, Mapping[str, Any]]
    required: tuple[str, ...]


class ReplicateModels:
    """Replicate's models, through its own client."""

    def __init__(
        self, *, token: str, base_url: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._token = token
        self._base_url = base_url
        self._transport = transport

    @cached_property
    def _client(self) -> Client:
        return Client(
            api_token=self._token,
            base_url=self._base_url,
            transport=ReplicateTransport(self._transport),
        )

    def schema(self, address: str) -> InputSchema | None:
        """The input of `owner/name` or `owner/name:version`; None if that is gone.

        Raises `MayWorkLater` when it cannot be read.
        """
        try:
            return _read(self._published(address))
        except Busy as busy:
            raise MayWorkLater("busy", busy.retry_after_s) from busy
        except httpx.HTTPError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble
        except ReplicateError as error:
            if error.status == 404:
                return None
            raise MayWorkLater(f"answered {error.status}") from error
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise MayWorkLater("its schema cannot be read") from error

    def _published(self, address: str) -> Mapping[str, Any]:
        name, _, version = address.partition(":")
        model = self._client.models.get(name)
        if version:
            return dict(model.versions.get(version).openapi_schema)
        if model.latest_version is None:
            raise LookupError("no version")
        return dict(model.latest_version.openapi_schema)


def _read(document: Mapping[str, Any]) -> InputSchema:
    schemas = document["components"]["schemas"]
    found = schemas["Input"]
    fields = {name: _resolved(field, schemas) for name, field in found["properties"].items()}
    return InputSchema(fields, tuple(found.get("required", ())))


def _resolved(field: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The field with what it refers to written out; of alternatives the one that is a value."""
    resolved: dict[str, Any] = {}
    if "$ref" in field:
        resolved |= schemas[field["$ref"].removeprefix(_REFERENCE)]
    for part in field.get("allOf", ()):
        resolved |= _resolved(part, schemas)
    values = [part for part in field.get("anyOf", ()) if part.get("type") != "null"]
    if len(values) == 1:
        resolved |= _resolved(values[0], schemas)
    return {**resolved, **{name: value for name, value in field.items() if name not in _WIRING}}


_WIRING = frozenset({"$ref", "allOf", "anyOf"})
