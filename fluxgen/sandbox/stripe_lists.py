"""Lists of the Stripe stand-in: newest first, a page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from fluxgen.sandbox.stripe_params import Params
from fluxgen.sandbox.stripe_refusals import no_such

MAX_LIMIT, DEFAULT_LIMIT = 100, 10
_LATEST = 10**12

T = TypeVar("T")
Reach = Callable[[Any, str], Any]


@dataclass(frozen=True)
class Page:
    """Which part of a list is wanted; times in unix seconds, both ends included."""

    limit: int
    starting_after: str | None
    ending_before: str | None
    earliest: int
    latest: int

    def cut(
        self, newest_first: Sequence[T], chosen: Callable[[T], bool], reach: Reach = getattr
    ) -> tuple[list[T], bool]:
        """This page of what is `chosen`, and whether there is more of it."""
        within = newest_first
        if self.starting_after:
            within = within[1 + self._index(within, self.starting_after, "starting_after", reach) :]
        if self.ending_before:
            within = within[: self._index(within, self.ending_before, "ending_before", reach)]
        found = [
            item
            for item in within
            if self.earliest <= reach(item, "created") <= self.latest and chosen(item)
        ]
        part = found[-self.limit :] if self.ending_before else found[: self.limit]
        return part, len(found) > self.limit

    def _index(self, items: Sequence[T], wanted: str, param: str, reach: Reach) -> int:
        for index, item in enumerate(items):
            if reach(item, "id") == wanted:
                return index
        raise no_such("object", wanted, param, status=400)


def read_page(params: Params) -> Page:
    """Read `limit`, `starting_after`, `ending_before` and `created`."""
    earliest, latest = _read_created(params)
    limit = params.integer("limit", lowest=1, highest=MAX_LIMIT)
    starting_after, ending_before = params.text("starting_after"), params.text("ending_before")
    if starting_after and ending_before:
        raise params.wrong("ending_before", "Only one of starting_after and ending_before.")
    return Page(limit or DEFAULT_LIMIT, starting_after, ending_before, earliest, latest)


def list_document(path: str, documents: list[dict[str, Any]], has_more: bool) -> dict[str, Any]:
    """A page as the client sees it."""
    return {"object": "list", "data": documents, "has_more": has_more, "url": path}


def _read_created(params: Params) -> tuple[int, int]:
    if not params.is_group("created"):
        at = params.integer("created", highest=_LATEST)
        return (0, _LATEST) if at is None else (at, at)
    created = params.needed(params.group("created"), "created")
    bounds = {name: created.integer(name, highest=_LATEST) for name in ("gt", "gte", "lt", "lte")}
    after, since, before, until = bounds.values()
    return (
        max(0, since or 0, 0 if after is None else after + 1),
        min(
            _LATEST if until is None else until,
            _LATEST if before is None else before - 1,
        ),
    )
