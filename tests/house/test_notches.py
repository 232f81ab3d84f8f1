"""Every model has a notch code of its own, as sheet film does."""

from __future__ import annotations

from flask import Flask

from fluxgen import catalogue


def test_every_model_has_a_notch_of_its_own(app: Flask) -> None:
    drawn = app.jinja_env.get_template("icons.html").module
    notches: dict[str, str] = vars(drawn)["notches"]
    models = [*catalogue.load().models.values(), catalogue.upscaler()]
    assert sorted(model.notch for model in models) == sorted(notches)
    assert len(set(notches.values())) == len(notches)
