"""The statement: each movement of credits in a line of words, with a way to what caused it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fluxgen import catalogue, credits, generations
from fluxgen.models import Account, Entry, Generation, Kind
from fluxgen.partials import wording
from fluxgen.presentation import plural
from fluxgen.words import N_, _, ngettext

TAKEN_BACK = {
    "unused": N_("It was given for a free re-run, and not used."),
    "refund": N_("The payment was refunded."),
    "dispute": N_("The payment is disputed at the bank."),
    "dispute and refund": N_("Part of the payment was refunded, and it is disputed at the bank."),
}
GIVEN = {"Welcome": N_("Welcome")}
GIVEN_BACK = {
    "dispute": N_("The dispute was won."),
    "refund": N_("The refund did not go through."),
}
GIVEN_BACK_FOR_BOTH = N_("The dispute was won, and the refund did not go through.")

FOR_PICTURES = {
    Kind.HOLD: (N_("Held for picture %(name)s"), N_("Held for a picture since deleted")),
    Kind.CAPTURE: (N_("Captured for picture %(name)s"), N_("Captured for a picture since deleted")),
    Kind.RELEASE: (
        N_("Released from picture %(name)s"),
        N_("Released from a picture since deleted"),
    ),
}
"""What happened for a picture that is there, or for one that is gone."""


def lines(account: Account, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The account's movements as the page shows them: two queries at most for all of them."""
    names = list({entry.generation for entry in entries if entry.generation})
    there = {row.public_id: row for row in generations.named(account, names)}
    restored = {str(entry.purchase) for entry in entries if entry.kind is Kind.RESTORE}
    corrections = credits.corrections(account, list(restored))
    return [
        {**_line(entry, there), "detail": _given_back(entry, corrections)}
        if entry.kind is Kind.RESTORE
        else _line(entry, there)
        for entry in entries
    ]


def _line(entry: Entry, there: Mapping[str, Generation]) -> dict[str, Any]:
    generation = there.get(entry.generation or "")
    return {
        "title": title(entry, generation),
        "detail": detail(entry, generation),
        "url": _cause_url(entry, generation),
        "changes": list(_changes(entry)),
        "available_after": entry.available_after,
        "held_after": entry.held_after,
        "owed_after": entry.owed_after,
        "created_at": entry.created_at,
    }


def _cause_url(entry: Entry, generation: Generation | None) -> str | None:
    if generation is not None:
        return f"/generations/{generation.public_id}"
    return f"/purchases/{entry.purchase}" if entry.purchase else None


def _changes(entry: Entry) -> Iterator[dict[str, Any]]:
    """What moved: the free credits first, then what is held and owed."""
    if entry.available_delta:
        yield {"credits": entry.available_delta, "of": ""}
    if entry.held_delta:
        yield {"credits": entry.held_delta, "of": _("held")}
    if entry.owed_delta:
        yield {"credits": entry.owed_delta, "of": _("owed")}


def title(entry: Entry, generation: Generation | None) -> str:
    """What happened; `generation` is the one that caused it, while it exists."""
    if entry.kind in FOR_PICTURES:
        with_name, without = FOR_PICTURES[entry.kind]
        return _(without) if generation is None else _(with_name, name=generation.number)
    match entry.kind:
        case Kind.GRANT:
            return _("Granted")
        case Kind.BUY:
            return ngettext("Bought %(num)s credit", "Bought %(num)s credits", _net(entry))
        case Kind.REVERSE:
            return _("Taken back")
    return _("Given back")


def detail(entry: Entry, generation: Generation | None) -> str:
    """Why, and what of it, in a line."""
    match entry.kind:
        case Kind.HOLD:
            return _order(generation) if generation is not None else ""
        case Kind.CAPTURE:
            return _captured(entry, generation)
        case Kind.RELEASE:
            return _("%(reason)s Nothing was charged.", reason=wording.reason(entry.reason))
        case Kind.REVERSE:
            return _(TAKEN_BACK[entry.reason]) if entry.reason in TAKEN_BACK else entry.reason
        case _:
            return _(GIVEN[entry.reason]) if entry.reason in GIVEN else entry.reason


def _given_back(entry: Entry, corrections: Sequence[Entry]) -> str:
    """Which of the reasons for which credits were taken back holds no longer.

    The reason of a correction is what held when it was booked.
    """
    earlier = [one for one in corrections if one.purchase == entry.purchase and one.id < entry.id]
    before = _holding(earlier[-1].reason) if earlier else set(GIVEN_BACK)
    over = (before - _holding(entry.reason)) or before
    return _(GIVEN_BACK[over.pop()] if len(over) == 1 else GIVEN_BACK_FOR_BOTH)


def _holding(reason: str) -> set[str]:
    return {kind for kind in GIVEN_BACK if kind in reason}


def _net(entry: Entry) -> int:
    """The credits that came in, whether they are free now or repaid what was owed."""
    return entry.available_delta - entry.owed_delta


def _order(generation: Generation) -> str:
    model = catalogue.load().models.get(generation.model)
    name = model.title if model is not None else generation.model
    tier, pictures = catalogue.tier_title(generation.tier), plural(generation.count, "picture")
    return f"{name}, {tier}, {pictures}"


def _captured(entry: Entry, generation: Generation | None) -> str:
    """What was charged; where fewer pictures came than were asked for, of how many."""
    cost, back = -entry.held_delta, _net(entry)
    charged = plural(cost - back, "credit")
    if generation is None:
        if not back:
            return charged
        return _(
            "%(charged)s of the %(cost)s held. The rest came back.", charged=charged, cost=cost
        )
    if not back:
        pictures = plural(generation.count, "picture")
        return _("%(charged)s for %(pictures)s", charged=charged, pictures=pictures)
    return ngettext(
        "%(charged)s for %(came)s of %(asked)s pictures. %(num)s credit came back.",
        "%(charged)s for %(came)s of %(asked)s pictures. %(num)s credits came back.",
        back,
        charged=charged,
        came=generation.count * (cost - back) // cost,
        asked=generation.count,
    )
