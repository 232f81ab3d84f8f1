"""The studio: the desk on which pictures are asked for, and the table where they arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request

from fluxgen import clock, generations
from fluxgen.models import Account
from fluxgen.partials import drafts
from fluxgen.partials.cards import cards
from fluxgen.partials.compose import Form, asked, restored
from fluxgen.partials.generations import waiting
from fluxgen.presentation import current_account
from fluxgen.security import member

studio = Blueprint("studio", __name__, url_prefix="/studio")

RECENT = 24


@studio.get("")
@member
def show() -> str:
    """The desk: with the Look that is asked for, else with the form that was waiting for credits."""
    account = current_account()
    if request.args:
        return page(account, asked(request.args, account))
    return page(account, restored(drafts.kept(), account))


def page(account: Account, form: Form) -> str:
    """The studio around this form."""
    return render_template("pages/studio.html", page="studio", form=form, **_table(account))


def _table(account: Account) -> dict[str, Any]:
    """What lies on the table, and what today has brought."""
    generations.looked(account)
    unfinished = generations.unfinished(account)
    recent = generations.recent(account, RECENT)
    a_day_ago = clock.now() - timedelta(days=1)
    return {
        "unfinished_cards": cards(unfinished),
        "unfinished": waiting(unfinished),
        "today": cards([row for row in recent if row.created_at > a_day_ago]),
        "is_first_visit": not unfinished and not recent,
    }
