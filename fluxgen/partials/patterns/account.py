"""The sections of the account page."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from fluxgen import clock
from fluxgen.holdings import WORDS, Holding, facts_of
from fluxgen.models import Account, ExportStatus
from fluxgen.partials.account import Browser, Said
from fluxgen.partials.deeds import Deed
from fluxgen.partials.erasure import DOING, ErasureView
from fluxgen.partials.patterns.money import export
from fluxgen.partials.patterns.samples import LONG, NAME_IN_ADDRESSES, Patterns, purse


def patterns() -> Patterns:
    """Each section of the account page."""
    return {
        **_person(),
        **_choices(),
        **_held(),
        "account_erasure": {state: {"erasure": one} for state, one in _erasures().items()},
    }


def _person() -> Patterns:
    profile = {"errors": {}, "name_is_own": False, "portrait_is_off": False}
    ada, long_name = purse(), purse(name=LONG[:190], email=f"{'a' * 60}@example.test")
    refusal = {"name": "A name has letters in it."}
    corrected = {"name_is_own": True, "portrait_is_off": True}
    return {
        "account_profile": {
            "usual": profile | {"account": ada, "typed_name": ada.name},
            "refused": profile | {"account": ada, "typed_name": "", "errors": refusal},
            "corrected, no picture": profile | {"account": ada, "typed_name": "A."} | corrected,
            "long name": profile | {"account": long_name, "typed_name": long_name.name},
        },
        "account_credits": {
            "usual": {"account": ada},
            "some held": {"account": purse(available=0, held=12)},
        },
    }


def _choices() -> Patterns:
    now = clock.now()
    browsers = [
        Browser("a" * 22, now, now, is_this=True),
        Browser("b" * 22, now - timedelta(days=9), None, is_this=False),
    ]
    refusal = {"daily_limit": "A whole number, please."}
    return {
        "account_limit": {
            "empty": {"daily_limit": "", "errors": {}},
            "set": {"daily_limit": "40", "errors": {}},
            "refused": {"daily_limit": "a few", "errors": refusal},
        },
        "account_keys": {"on": {"has_single_keys": True}, "off": {"has_single_keys": False}},
        "account_theme": {
            "system": {"theme": "system", "errors": {}},
            "saved": {"theme": "dark", "errors": {}, "said": Said("theme", "Saved.")},
            "refused": {"theme": "", "errors": {"theme": "Choose one of the three."}},
        },
        "account_sessions": {"two": {"browsers": browsers}},
        "account_processing": {
            "usual": {"restricted_at": None, "objected_at": None},
            "restricted, objected": {"restricted_at": now, "objected_at": now},
        },
    }


def _held() -> Patterns:
    now = clock.now()
    holdings = {
        "holdings": [Holding("account", WORDS["account"], 1, tuple(facts_of(Account)))],
        "account_reference": NAME_IN_ADDRESSES,
    }
    deeds = [Deed(now, "An operator looked at picture 41", "you asked us to look at it")]
    exports: dict[str, object] = {"exports": [], "imports": [], "errors": {}}
    some = [export(status) for status in ExportStatus]
    brought = SimpleNamespace(origin="https://example.test", imported_at=now, public_id="b" * 22)
    refusal = {"export": "Three a day are enough. Come back tomorrow."}
    return {
        "account_holdings": {
            "nothing was done": holdings | {"deeds": []},
            "something was done": holdings | {"deeds": deeds},
        },
        "account_export": {
            "none": exports,
            "some": exports | {"exports": some, "imports": [brought]},
            "refused": exports | {"errors": refusal},
        },
    }


def _erasures() -> dict[str, ErasureView | None]:
    def under_way(*, is_account: bool, is_planned: bool) -> ErasureView:
        return ErasureView(
            public_id=NAME_IN_ADDRESSES,
            is_account=is_account,
            is_planned=is_planned,
            is_running=not is_planned,
            is_done=False,
            begins_on="14 December",
            doing=DOING[""],
            certificate=None,
        )

    return {
        "none": None,
        "planned": under_way(is_account=True, is_planned=True),
        "archive, under way": under_way(is_account=False, is_planned=False),
    }
