"""Which bought credits are not spent, by following the ledger from its beginning.

The rule: what is spent is taken from given credits first, then from bought ones, oldest
purchase first, as they were there at that moment. What is given back goes back to where it
was taken from. So given credits never become money, whenever they were given.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from fluxgen.credits.books import every
from fluxgen.models import Entry, Kind

GIVEN = ""
"""Where credits come from that nobody paid for; the others come from a purchase."""


@dataclass
class Part:
    """So many credits taken from one source; with none, they are owed."""

    source: str | None
    amount: int


Parts = list[Part]


def unspent(account_id: int) -> dict[str, int]:
    """The unspent credits of each purchase (by its public id), oldest first."""
    stock = Stock()
    for entry in every(account_id):
        stock.follow(entry)
    return {source: left for source, left in stock.left.items() if source != GIVEN}


class Stock:
    """What is left of each source, and what holds and reversals have taken from which."""

    def __init__(self) -> None:
        self.left: dict[str, int] = {GIVEN: 0}
        self._taken: defaultdict[str, Parts] = defaultdict(list)
        self._debts: list[Parts] = []

    @property
    def owed(self) -> int:
        """How many credits are owed."""
        return sum(part.amount for taken in self._debts for part in taken if part.source is None)

    def follow(self, entry: Entry) -> None:
        """One movement further."""
        net = entry.available_delta - entry.owed_delta
        purchase, generation = entry.purchase or GIVEN, entry.generation or ""
        match entry.kind:
            case Kind.GRANT | Kind.BUY:
                self._bring(purchase, net)
            case Kind.HOLD:
                self._take(self._taken[f"hold:{generation}"], -net)
            case Kind.CAPTURE | Kind.RELEASE:
                self._give_back(self._taken.pop(f"hold:{generation}"), net)
            case Kind.REVERSE:
                self._take(self._taken[purchase], -net, purchase)
            case Kind.RESTORE:
                self._give_back(self._taken[purchase], net)

    def _take(self, into: Parts, amount: int, first: str = GIVEN) -> None:
        for source in dict.fromkeys((first, *self.left)):
            part = min(amount, self.left.get(source, 0))
            if part:
                self.left[source] -= part
                into.append(Part(source, part))
                amount -= part
        if amount:
            into.append(Part(None, amount))
            self._debts.append(into)

    def _give_back(self, taken: Parts, amount: int) -> None:
        """Undo the last so many of what was taken."""
        while amount and taken:
            part = taken[-1]
            some = min(amount, part.amount)
            amount -= some
            part.amount -= some
            if not part.amount:
                taken.pop()
            if part.source is not None:
                self._bring(part.source, some)
        self._bring(GIVEN, amount)

    def _bring(self, source: str, amount: int) -> None:
        """Repay first what is owed, oldest first: that is then taken from this source."""
        for taken in self._debts:
            owing = [place for place, part in enumerate(taken) if part.source is None]
            for place in reversed(owing):
                some = min(amount, taken[place].amount)
                amount -= some
                taken[place].amount -= some
                taken[place:place] = [Part(source, some)] if some else []
        self.left[source] = self.left.get(source, 0) + amount
        self._debts = [taken for taken in self._debts if _is_owing(taken)]


def _is_owing(taken: Parts) -> bool:
    return any(part.source is None and part.amount for part in taken)
