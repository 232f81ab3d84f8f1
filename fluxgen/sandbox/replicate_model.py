"""What the stand-in knows of one model: its inputs, how it answers, and its document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fluxgen.sandbox.replicate_schema import Field, complaints, invalid, openapi_schema
from fluxgen.sandbox.replicate_sizes import Size, SizeRule

STEPS_UNLESS_SAID = 4
TOLERANCE_MAX_WITH_IMAGE = 2


@dataclass(frozen=True)
class Model:
    """One model. `seconds` is how long it usually runs for one picture.

    `is_open`: open weights, so it logs progress and drops what its filter finds. `is_list`:
    it answers with a list of addresses. A `version` makes it a community model, called by
    version only.
    """

    path: str
    fields: Mapping[str, Field]
    seconds: float
    size: SizeRule
    is_open: bool = False
    is_list: bool = False
    image_field: str | None = None
    format: str = "webp"
    version: str = ""
    edits: bool = False
    enlarges: bool = False

    @property
    def name(self) -> str:
        """Without its owner."""
        return self.path.partition("/")[2]

    def steps(self, given: Mapping[str, Any]) -> int:
        """Denoising steps, as many as the progress lines count."""
        field = self.fields.get("num_inference_steps")
        return int(given.get("num_inference_steps", field.default if field else STEPS_UNLESS_SAID))

    def extension(self, given: Mapping[str, Any]) -> str:
        """File name ending of the pictures."""
        field = self.fields.get("output_format")
        return str(given.get("output_format", field.default)) if field else self.format

    def images(self, given: Mapping[str, Any]) -> list[str]:
        """Addresses of the reference images given."""
        found = given.get(self.image_field) if self.image_field else None
        return list(found) if isinstance(found, list) else [found] if found else []

    def size_px(self, given: Mapping[str, Any], reference: Size | None) -> Size:
        """Width and height of the picture, given the size of the first reference image."""
        return self.size(given, reference)

    def complaints(self, given: object) -> list[dict[str, str]]:
        """Everything wrong with an input, as the provider's `invalid_fields`."""
        found = complaints(self.fields, given)
        if not found and self.edits and isinstance(given, dict) and self.images(given):
            tolerance = given.get("safety_tolerance", TOLERANCE_MAX_WITH_IMAGE)
            if tolerance > TOLERANCE_MAX_WITH_IMAGE:
                most = f"Must be at most {TOLERANCE_MAX_WITH_IMAGE} with an input image"
                return [invalid("input.safety_tolerance", "invalid", most)]
        return found

    def document(self, base_url: str, fields: Mapping[str, Field]) -> dict[str, object]:
        """The model as JSON, with these fields as the schema in `latest_version`."""
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
            "latest_version": self.version_document(fields),
        }

    def version_document(self, fields: Mapping[str, Field]) -> dict[str, object]:
        """One version as JSON, with these fields as its schema."""
        return {
            "id": self.version or "hidden",
            "created_at": "2026-01-01T00:00:00.000000Z",
            "cog_version": "0.16.0",
            "openapi_schema": openapi_schema(fields, output_is_list=self.is_list),
        }
