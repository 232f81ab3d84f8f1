"""Every model of the catalogue, from the waiting list to the archive."""

from __future__ import annotations

from fluxgen import accounts, catalogue
from fluxgen.models import Account, Generation, Image, Status
from fluxgen.sandbox import Sandbox
from tests.support.life import submitted
from tests.support.workers import Workers
from tests.support.world import books_are_exact


def test_every_model_delivers_what_it_says_at_its_usual_tier(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    models = list(catalogue.load().models.values())
    asked = {
        model.slug: next(tier for tier, offer in model.offers.items() if offer is model.usual)
        for model in models
    }
    for slug, tier in asked.items():
        submitted(alice, model=slug, tier=tier)
    workers.work()
    rows = {row.model: row for row in Generation.select()}
    assert {row.status for row in rows.values()} == {Status.DONE}
    for model in models:
        (image,) = Image.select().where(Image.generation == rows[model.slug])
        assert image.format == model.usual.format
        assert rows[model.slug].expected_s == model.usual.expected_s
    spent = sum(model.usual.cost_credits for model in models)
    assert accounts.balance(alice).available == 100 - spent
    books_are_exact()
