"""A studio form that waits: for credits being bought, for signing in; for a day at most.

It is kept in the session, as plain values. Whoever never comes back leaves it to
`housekeeping`, which clears it from the session's row when its day is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import session

from fluxgen import clock
from fluxgen.housekeeping import DRAFT, DRAFTS_KEPT_S


def keep(form: Mapping[str, Any]) -> None:
    """Keep this form (JSON values by field) in place of any other; an empty one keeps nothing."""
    drop()
    if form:
        session[DRAFT] = {"form": dict(form), "kept_at": int(clock.now().timestamp())}


def kept() -> dict[str, Any]:
    """The form that waits, by field; empty when there is none or its day is over."""
    match session.get(DRAFT):
        case {"form": dict(form), "kept_at": int(moment)}:
            if clock.now().timestamp() - moment < DRAFTS_KEPT_S:
                return form
    drop()
    return {}


def drop() -> None:
    """Forget the form that waits: it was sent, or emptied."""
    if DRAFT in session:
        del session[DRAFT]


def storable(values: Any) -> Any:
    """The same without NUL, which Postgres stores in no text; no field is right with one."""
    match values:
        case dict():
            return {storable(name): storable(value) for name, value in values.items()}
        case list():
            return [storable(value) for value in values]
        case str():
            return values.replace("\x00", "")
    return values
