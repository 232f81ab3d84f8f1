"""How values look on a page: numbers, moments, durations, money."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask
from flask_login import current_user
from markupsafe import Markup

from fluxgen import accounts, announcements, counting, formats, generations, privacy, settings
from fluxgen.models import Account, Standing
from fluxgen.words import _, ngettext

MARK_DIGITS = 16


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        number=formats.number,
        size=formats.size,
        listed=formats.listed,
        money=formats.money,
        plural=plural,
        unit=unit,
        seconds=seconds,
        when=when,
        in_full=in_full,
        day=day,
        plain_day=formats.day,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_everywhere)


def _everywhere() -> dict[str, object]:
    """What every page may use."""
    chosen = settings.current()
    return {
        "account": Purse(current_account()) if current_user.is_authenticated else None,
        "sandboxes": chosen.sandboxes,
        "support_email": chosen.support_email,
        "origin": chosen.origin,
        "vercel_counts": chosen.analytics == "vercel" and counting.may_count(),
    }


@dataclass(frozen=True)
class Purse:
    """The signed-in person as the header shows them: who, and how many credits."""

    _account: Account

    @property
    def name(self) -> str:
        return str(self._account.name)

    @property
    def email(self) -> str:
        return str(self._account.email)

    @property
    def mark(self) -> str:
        """Tells this account from others in a browser that several people use, and nothing else
        of it: a short keyed hash."""
        whose = self._account.public_id.encode()
        return hmac.new(privacy.house_key("mark"), whose, hashlib.sha256).hexdigest()[:MARK_DIGITS]

    @property
    def theme(self) -> str:
        """Which colours the person wants: system, light or dark."""
        return str(self._account.theme.value)

    @property
    def is_suspended(self) -> bool:
        """Whether nothing but the public pages is open to them."""
        return self._account.standing is Standing.SUSPENDED

    @property
    def initials(self) -> str:
        """At most two letters of the name."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def has_picture(self) -> bool:
        return accounts.has_portrait(self._account)

    @property
    def has_single_keys(self) -> bool:
        """Whether single keys act."""
        return bool(self._account.single_keys)

    @property
    def news(self) -> generations.News:
        """What has become of their pictures since they last looked."""
        return generations.news(self._account)

    @property
    def notice(self) -> announcements.Notice | None:
        """A new version of the policies that they have not put away."""
        return announcements.unread(self._account)

    @property
    def available_credits(self) -> int:
        return int(self._account.available)

    @property
    def held_credits(self) -> int:
        return int(self._account.held)


def current_account() -> Account:
    """The account that is signed in; only for views that are not public."""
    account: Account = current_user.account
    return account


def reread_account() -> Account:
    """The account with its balance as it is after a movement in this very request."""
    current_user.account = accounts.balance(current_account())
    return current_account()


def plural(num: int, what: str) -> str:
    """1 credit, 4 credits; of what is not counted anywhere there is no word."""
    return COUNTED[what](num)


COUNTED: dict[str, Callable[[int], str]] = {
    "change": lambda num: ngettext("%(num)s change", "%(num)s changes", num),
    "credit": lambda num: ngettext("%(num)s credit", "%(num)s credits", num),
    "generation": lambda num: ngettext("%(num)s generation", "%(num)s generations", num),
    "object": lambda num: ngettext("%(num)s object", "%(num)s objects", num),
    "payment": lambda num: ngettext("%(num)s payment", "%(num)s payments", num),
    "picture": lambda num: ngettext("%(num)s picture", "%(num)s pictures", num),
    "promise": lambda num: ngettext("%(num)s promise", "%(num)s promises", num),
    "question": lambda num: ngettext("%(num)s question", "%(num)s questions", num),
    "request": lambda num: ngettext("%(num)s request", "%(num)s requests", num),
    "session": lambda num: ngettext("%(num)s session", "%(num)s sessions", num),
    "thing": lambda num: ngettext("%(num)s thing", "%(num)s things", num),
}


def unit(num: int, what: str) -> str:
    """The word that follows this number of something measured: day, days."""
    return UNITS[what](num)


UNITS: dict[str, Callable[[int], str]] = {
    "cookie": lambda num: ngettext("cookie", "cookies", num),
    "day": lambda num: ngettext("day", "days", num),
    "difference": lambda num: ngettext("difference", "differences", num),
    "fault": lambda num: ngettext("fault", "faults", num),
    "hour": lambda num: ngettext("hour", "hours", num),
    "orphan": lambda num: ngettext("orphan", "orphans", num),
    "other origin": lambda num: ngettext("other origin", "other origins", num),
    "reference": lambda num: ngettext("reference", "references", num),
    "version": lambda num: ngettext("version", "versions", num),
}


def seconds(value: float) -> str:
    """6 s, 1 min 20 s."""
    whole = max(0, round(value))
    minutes, rest = divmod(whole, 60)
    if minutes:
        return _("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest)
    return _("%(seconds)s s", seconds=rest)


def moment(at: datetime) -> str:
    """23 November, 09:31 UTC."""
    return _("%(day)s, %(time)s UTC", day=formats.day(at), time=formats.time_of_day(at))


def when(at: datetime) -> Markup:
    """23 November, 09:31 UTC, with the machine's own form beside it."""
    return _time(at.isoformat(timespec="seconds"), moment(at))


def in_full(at: datetime) -> Markup:
    """23 November 2026, 09:31 UTC: for what is kept longer than this year."""
    words = _("%(day)s, %(time)s UTC", day=formats.full_day(at), time=formats.time_of_day(at))
    return _time(at.isoformat(timespec="seconds"), words)


def day(at: date) -> Markup:
    """23 November, with the year where it is not this one, and the machine's own form."""
    return _time(f"{at:%Y-%m-%d}", formats.day(at))


def _time(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)
