"""`flask models`: what is on offer, and whether the provider still takes it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from fluxgen import adapters, catalogue
from fluxgen.catalogue import ImageModel, drift
from fluxgen.cli.answers import as_json, show
from fluxgen.errors import MayWorkLater
from fluxgen.generations.submission import PROMPT_MAX

Row = dict[str, object]


@click.group()
def models() -> None:
    """Models."""


@models.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List models, what they can do, and both prices: credits, and the provider's in dollars."""
    show((_offered(found) for found in _all()), as_json)


@models.command()
@as_json
def check(as_json: bool) -> None:
    """Compare our data with the provider's published input schemas; exits with 1 on drift."""
    rows = [row for found in _all() for row in _checked(found)]
    show(rows, as_json)
    if any(row["state"] in {"drift", "unknown"} for row in rows):
        sys.exit(1)


def _all() -> list[ImageModel]:
    return [*catalogue.load().models.values(), catalogue.upscaler()]


def _offered(found: ImageModel) -> Row:
    offers = found.offers.items()
    return {
        "model": found.slug,
        "title": found.title,
        "family": found.family,
        "credits": ", ".join(f"{tier} {offer.cost_credits}" for tier, offer in offers),
        "usd": ", ".join(f"{tier} {offer.provider_usd:g}" for tier, offer in offers),
        "price": f"{found.price_mark} {found.price_checked:%Y-%m-%d}",
        "count": found.max_count,
        "seed": "repeatable" if found.is_repeatable else "no",
        "letters": "yes" if found.letters else "no",
        "reference": ", ".join(found.reference.roles) if found.reference else "no",
        "refusals": found.refusals_charged,
    }


def _checked(found: ImageModel) -> Iterator[Row]:
    tiers_of: dict[str, list[str]] = {}
    for tier in found.offers:
        tiers_of.setdefault(found.address(tier), []).append(tier)
    for address, tiers in tiers_of.items():
        for state, says in _compared(found, address, tiers):
            yield {
                "model": found.slug,
                "provider": address.partition(":")[0],
                "state": state,
                "says": says,
            }


def _compared(found: ImageModel, address: str, tiers: list[str]) -> Iterator[tuple[str, str]]:
    """States with words: ok, note, drift, or unknown where the provider did not answer."""
    try:
        schema = adapters.current().image_models.schema(address)
    except MayWorkLater as trouble:
        yield "unknown", f"not compared: {trouble}"
        return
    if schema is None:
        yield "drift", "gone: the provider does not have it any more"
        return
    lines = drift.differences(found, tiers, schema.fields, schema.required, prompt_max=PROMPT_MAX)
    for line in lines:
        yield "drift", line
    if not lines:
        yield "ok", f"takes all that we send for {', '.join(tiers)}"
    if more := drift.unoffered(found, schema.fields):
        yield "note", f"also makes {', '.join(more)}"
