"""How numbers, days, durations and money are written in the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import dates, lists, numbers, units

from fluxgen import clock, language
from fluxgen.language import Language

REMEMBERED = 4096
"""How many written values are kept: a page of pictures has the same few days and prices often."""
WITHOUT_DECIMALS = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf"}
    | {"xof", "xpf"}
)
WITH_THREE_DECIMALS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
"""Of how many minor units a payment of this currency is counted in; the rest have hundredths."""


def number(value: int) -> str:
    """1240 as 1,240."""
    return _number(value, language.current())


def day(moment: date) -> str:
    """23 November, with the year where it is not this one."""
    if moment.year != clock.now().year:
        return full_day(moment)
    return _skeleton("MMMMd", _day_of(moment), language.current())


def full_day(moment: date) -> str:
    """23 November 2026."""
    return _full_day(_day_of(moment), language.current())


def short_day(moment: date) -> str:
    """23 Nov, with the year where it is not this one."""
    skeleton = "MMMd" if moment.year == clock.now().year else "yMMMd"
    return _skeleton(skeleton, _day_of(moment), language.current())


def weekday(moment: date) -> str:
    """Mon."""
    return _skeleton("E", _day_of(moment), language.current())


def time_of_day(moment: datetime) -> str:
    """09:31, in UTC."""
    at = moment.astimezone(UTC)
    return _time_of_day(at.hour, at.minute, language.current())


def month(moment: date) -> str:
    """November 2026."""
    return _skeleton("yMMMM", _day_of(moment).replace(day=1), language.current())


def month_alone(moment: date) -> str:
    """Nov."""
    names = dates.get_month_names("abbreviated", "stand-alone", language.current().locale)
    return str(names[moment.month])


def decimals(currency: str) -> int:
    """How many decimals an amount of this currency has, counted as payments count it."""
    if currency.lower() in WITHOUT_DECIMALS:
        return 0
    return 3 if currency.lower() in WITH_THREE_DECIMALS else 2


def money(amount_minor: int, currency: str) -> str:
    """1800 minor units of eur as €18.00, of jpy as JP¥1,800."""
    places = decimals(currency)
    amount = Decimal(amount_minor).scaleb(-places)
    return _money(amount, currency, places, language.current())


def money_each(amount_minor: int, count: int, currency: str) -> str:
    """1800 minor units of eur for 1,000 as €0.018."""
    amount = Decimal(amount_minor).scaleb(-decimals(currency)) / count
    return _money(amount, currency, 3, language.current())


def money_exactly(amount: float, currency: str) -> str:
    """0.0251 usd as US$0.025."""
    return _money(Decimal(str(amount)), currency, 3, language.current())


def size(size_bytes: int) -> str:
    """812 kB, 4.2 MB, 1.3 GB."""
    spoken = language.current()
    for unit, name in ((10**9, "gigabyte"), (10**6, "megabyte")):
        if size_bytes >= unit:
            return _unit(Decimal(size_bytes) / unit, name, "#,##0.0", spoken)
    return _unit(Decimal(max(1, round(size_bytes / 1000))), "kilobyte", "#,##0", spoken)


def listed(things: Iterable[str]) -> str:
    """Prompt, model and seed."""
    return lists.format_list(list(things), "standard", language.current().locale)


def either(things: Iterable[str]) -> str:
    """Draft, studio or print."""
    return lists.format_list(list(things), "or", language.current().locale)


def _day_of(moment: date) -> date:
    """Datetimes are many, days are few: only these are remembered."""
    return moment.date() if isinstance(moment, datetime) else moment


@lru_cache(REMEMBERED)
def _number(value: int, spoken: Language) -> str:
    return numbers.format_decimal(value, locale=spoken.locale)


@lru_cache(REMEMBERED)
def _skeleton(skeleton: str, moment: date, spoken: Language) -> str:
    return dates.format_skeleton(skeleton, datetime(*moment.timetuple()[:3]), locale=spoken.locale)


@lru_cache(REMEMBERED)
def _full_day(moment: date, spoken: Language) -> str:
    return dates.format_date(moment, "long", spoken.locale)


@lru_cache(REMEMBERED)
def _time_of_day(hour: int, minute: int, spoken: Language) -> str:
    return dates.format_time(datetime(2000, 1, 1, hour, minute), "short", locale=spoken.locale)


@lru_cache(REMEMBERED)
def _money(amount: Decimal, currency: str, places: int, spoken: Language) -> str:
    pattern = spoken.locale.currency_formats["standard"]
    with_places = numbers.parse_pattern(pattern.pattern)
    with_places.frac_prec = (places, places)
    return numbers.format_currency(
        amount, currency.upper(), with_places, locale=spoken.locale, currency_digits=False
    )


@lru_cache(REMEMBERED)
def _unit(amount: Decimal, name: str, pattern: str, spoken: Language) -> str:
    return units.format_unit(amount, f"digital-{name}", "short", pattern, spoken.locale)
