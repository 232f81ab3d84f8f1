"""The account page: one fragment a section, and what each of them is given.

A section is a template `account_<name>.html`, one line in `pages/account.html`, and one function
here that gives it its words and numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, session, url_for

from fluxgen import accounts, holdings
from fluxgen.models import Account
from fluxgen.partials import deeds, erasure, exports
from fluxgen.presentation import reread_account
from fluxgen.words import _, ngettext

Section = Callable[[Account], dict[str, object]]


@dataclass(frozen=True)
class Browser:
    """One session, as the page shows it."""

    public_id: str
    created_at: datetime
    seen_on: datetime | None
    is_this: bool


@dataclass(frozen=True)
class Said:
    """What a section answers, and to which act in it."""

    act: str
    words: str


def profile(account: Account) -> dict[str, object]:
    """The name, and what the person decided about name and picture."""
    return {
        "typed_name": account.name,
        "name_is_own": account.name_is_own,
        "portrait_is_off": account.portrait_is_off,
    }


def limit(account: Account) -> dict[str, object]:
    """The person's own daily limit, as it stands in its field."""
    found = account.daily_limit_credits
    return {"daily_limit": "" if found is None else str(found)}


def theme(account: Account) -> dict[str, object]:
    """Which colours were chosen."""
    return {"theme": account.theme.value}


def browsers(account: Account) -> dict[str, object]:
    """Where the person is signed in; this browser is named."""
    this = session.row.public_id  # type: ignore[attr-defined]  # a RowSession, signed in
    return {
        "browsers": [
            Browser(row.public_id, row.created_at, row.seen_on, row.public_id == this)
            for row in accounts.open_sessions(account)
        ]
    }


def processing(account: Account) -> dict[str, object]:
    """Since when the data is restricted, and when the person objected."""
    return {"restricted_at": account.restricted_at, "objected_at": account.objected_at}


def held(account: Account) -> dict[str, object]:
    """All that is held, and what others did to it."""
    return {
        "holdings": holdings.of(account),
        "deeds": deeds.by_others(account),
        "account_reference": account.public_id,
    }


def keys(account: Account) -> dict[str, object]:
    """Whether single keys act."""
    return {"has_single_keys": account.single_keys}


SECTIONS: tuple[Section, ...] = (
    profile,
    limit,
    keys,
    theme,
    browsers,
    processing,
    held,
    exports.section,
    erasure.section,
)
"""Each section's function; what they give is named so that no two name the same."""

SAID: dict[str, Callable[[Account], str]] = {
    "limit": lambda account: (
        _("Saved. You have no daily limit of your own.")
        if account.daily_limit_credits is None
        else ngettext(
            "Saved. You can spend %(num)s credit a day.",
            "Saved. You can spend %(num)s credits a day.",
            account.daily_limit_credits,
        )
    ),
    "name": lambda account: (
        _("Corrected. Signing in does not change your name any more.")
        if account.name_is_own
        else _("Saved. Your name is Google’s again from your next sign-in on.")
    ),
    "portrait": lambda account: (
        _("Removed. Your picture is not fetched again.")
        if account.portrait_is_off
        else _("Saved. Your picture is fetched at your next sign-in.")
    ),
    "theme": lambda __: _("Saved."),
    "session": lambda __: _("That session has ended."),
    "restriction": lambda account: (
        _("Your data is restricted from now on.")
        if account.is_restricted
        else _("The restriction is lifted. Everything goes on as before.")
    ),
    "objection": lambda account: (
        _("Your objection counts from now on.")
        if account.has_objected
        else _("The objection is withdrawn.")
    ),
    "keys": lambda account: (
        _("Saved. Single keys act.") if account.single_keys else _("Saved. Single keys do nothing.")
    ),
    "erasure": lambda __: _("Planned. You can call it off until that day begins."),
    "kept": lambda __: _("Called off. Nothing was erased."),
}
"""What a section says after an act in it, by the word after `?saved=`."""


def saved(act: str) -> str:
    """Where the page says that this is done: beside the button, and not at its top."""
    return url_for("account.show", saved=act, _anchor="said")


def page(errors: dict[str, str] | None = None, **typed: object) -> str:
    """The whole page; with the words beside the fields that were refused, and what was typed."""
    account = reread_account()
    given: dict[str, object] = {}
    for section in SECTIONS:
        given |= section(account)
    act = request.args.get("saved", "")
    return render_template(
        "pages/account.html",
        page="account",
        errors=errors or {},
        said=Said(act, SAID[act](account)) if act in SAID else None,
        **{**given, **typed},
    )
