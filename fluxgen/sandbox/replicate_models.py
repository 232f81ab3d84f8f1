"""The models of the stand-in.

Fields, ranges and defaults are those of the published model schemas in 2026. Unknown fields
are refused, which the real service may not do: it finds our own typing mistakes.
"""

from collections.abc import Mapping
from dataclasses import replace

from fluxgen.sandbox.replicate_faults import Faults
from fluxgen.sandbox.replicate_flux import FLUX_1, FLUX_2, KONTEXT
from fluxgen.sandbox.replicate_model import Model
from fluxgen.sandbox.replicate_others import IDEOGRAM, OTHERS
from fluxgen.sandbox.replicate_schema import Field, text

MODELS: dict[str, Model] = {
    model.path: model for model in (*FLUX_1, *KONTEXT, *FLUX_2, *IDEOGRAM, *OTHERS)
}
"""By owner and name."""

VERSIONS: dict[str, Model] = {model.version: model for model in MODELS.values() if model.version}
"""Community models, by the version they are called by."""


def published(model: Model, faults: Faults) -> Mapping[str, Field]:
    """The fields its document shows: the real ones, unless a switch lets the schema drift."""
    shown = dict(model.fields)
    if faults.strikes("schema_field_gone"):
        shown.pop(next(name for name in reversed(shown) if not shown[name].required))
    if faults.strikes("schema_field_new"):
        shown["licence"] = text(required=True)
    if faults.strikes("schema_narrowed"):
        shown = {name: _narrowed(field) for name, field in shown.items()}
    return shown


def _narrowed(field: Field) -> Field:
    """Only its default is left of what it may be."""
    if field.choices:
        return replace(field, choices=(field.default,))
    if field.maximum is not None and field.default is not None:
        return replace(field, maximum=field.default)
    return field
