"""How values look on a page: numbers, moments, durations, money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask
from flask_login import current_user
from markupsafe import Markup

from fluxgen import accounts, announcements, clock, counting, generations, settings
from fluxgen.models import Account


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        number=number, when=when, plural=plural, seconds=seconds, money=money, day=day
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
    def theme(self) -> str:
        """Which colours the person wants: system, light or dark."""
        return str(self._account.theme.value)

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


def number(value: int) -> str:
    """1240 as 1,240."""
    return f"{value:,}"


def plural(count: int, one: str) -> str:
    """1 credit, 4 credits."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


SYMBOLS = {"eur": "€", "usd": "$", "gbp": "£"}


def money(amount_minor: int, currency: str) -> str:
    """1800 minor units of eur as €18.00."""
    symbol = SYMBOLS.get(currency, f"{currency.upper()} ")
    return f"{symbol}{amount_minor // 100:,}.{amount_minor % 100:02}"


def money_each(amount_minor: int, count: int, currency: str) -> str:
    """1800 minor units of eur for 1,000 as €0.018."""
    symbol = SYMBOLS.get(currency, f"{currency.upper()} ")
    return f"{symbol}{amount_minor / 100 / count:.3f}"


def seconds(value: float) -> str:
    """6 s, 1 min 20 s."""
    whole = max(0, round(value))
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def when(moment: datetime) -> Markup:
    """23 November, 09:31 UTC, with the machine's own form beside it."""
    words = f"{day(moment)}, {moment:%H:%M} UTC"
    return Markup('<time datetime="{}">{}</time>').format(
        moment.isoformat(timespec="seconds"), words
    )


def day(moment: date) -> str:
    """23 November, with the year where it is not this one."""
    year = "" if moment.year == clock.now().year else f" {moment.year}"
    return f"{moment.day} {moment:%B}{year}"
