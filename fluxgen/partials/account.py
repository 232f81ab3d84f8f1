"""The account page: one fragment a section, and what each of them is given.

A section is a template `account_<name>.html`, one line in `pages/account.html`, and one function
here that gives it its words and numbers.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template, request

from fluxgen.models import Account
from fluxgen.presentation import current_account, plural

Section = Callable[[Account], dict[str, object]]


def limit(account: Account) -> dict[str, object]:
    """The person's own daily limit, as it stands in its field."""
    found = account.daily_limit_credits
    return {"daily_limit": "" if found is None else str(found)}


SECTIONS: tuple[Section, ...] = (limit,)
"""Each section's function; what they give is named so that no two name the same."""

SAID: dict[str, Callable[[Account], str]] = {
    "limit": lambda account: (
        "Saved. You have no daily limit of your own."
        if account.daily_limit_credits is None
        else f"Saved. You can spend {plural(account.daily_limit_credits, 'credit')} a day."
    ),
}
"""What the page says after an act, by the word after `?saved=`."""


def page(errors: dict[str, str] | None = None, **typed: object) -> str:
    """The whole page; with the words beside the fields that were refused, and what was typed."""
    account = current_account()
    given: dict[str, object] = {}
    for section in SECTIONS:
        given |= section(account)
    says = SAID.get(request.args.get("saved", ""))
    return render_template(
        "pages/account.html",
        page="account",
        errors=errors or {},
        said=says(account) if says else "",
        **{**given, **typed},
    )
