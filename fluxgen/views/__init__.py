"""Pages and writes. A view finds, makes one domain call, and answers."""

from __future__ import annotations

from flask import Flask

from fluxgen.views import (
    account,
    billing,
    collections,
    crawlers,
    credits,
    deletion,
    erasure,
    favourites,
    generations,
    health,
    history,
    home,
    images,
    looks,
    pictures,
    policies,
    results,
    selected,
    sheets,
    signin,
    studio,
    webhooks,
)


def init_app(app: Flask) -> None:
    for room in (
        home.home,
        crawlers.crawlers,
        signin.signin,
        studio.studio,
        generations.generations,
        sheets.sheets,
        results.results,
        favourites.favourites,
        deletion.deletion,
        history.history,
        selected.selected,
        collections.collections,
        collections.collected,
        images.images,
        pictures.pictures,
        looks.looks,
        billing.billing,
        credits.credits,
        account.account,
        erasure.erasure,
        policies.policies,
        webhooks.webhooks,
        health.health,
    ):
        app.register_blueprint(room)
