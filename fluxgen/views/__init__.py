"""Pages and writes. A view finds, makes one domain call, and answers."""

from __future__ import annotations

from flask import Flask

from fluxgen.views import (
    account,
    announcements,
    billing,
    collections,
    crawlers,
    credits,
    deletion,
    erasure,
    exports,
    favourites,
    generations,
    health,
    history,
    home,
    images,
    imports,
    journal,
    looks,
    offline,
    patterns,
    pictures,
    policies,
    promises,
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
        exports.exports,
        imports.imports,
        policies.policies,
        promises.promises,
        journal.journal,
        announcements.announcements,
        offline.offline,
        webhooks.webhooks,
        health.health,
    ):
        app.register_blueprint(room)
    patterns.init_app(app)
