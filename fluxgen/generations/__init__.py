"""The life of a generation: held, submitting, running, storing, then one of four ends.

`submission` begins it, `life` takes the steps, `reading` looks without touching.
Each step is one transaction and needs the row's lease: a worker that lost it writes
nothing. So a retried job, a repeated webhook and a sweep may all arrive at once, and one
of them counts.
"""

from __future__ import annotations

from fluxgen.generations.life import (
    attempt,
    cancel,
    claim,
    dismiss_attempt,
    end,
    finish,
    look_again,
    put_back,
    renew,
    running,
    storing,
)
from fluxgen.generations.reading import (
    ahead,
    by_attempt,
    due,
    ended,
    find,
    images_of,
    named,
    owned,
    recent,
    stuck,
    unfinished,
)
from fluxgen.generations.submission import (
    Filled,
    Lineage,
    Recipe,
    Reference,
    retry,
    submit,
)

__all__ = [
    "Filled",
    "Lineage",
    "Recipe",
    "Reference",
    "ahead",
    "attempt",
    "by_attempt",
    "cancel",
    "claim",
    "dismiss_attempt",
    "due",
    "end",
    "ended",
    "find",
    "finish",
    "images_of",
    "look_again",
    "named",
    "owned",
    "put_back",
    "recent",
    "renew",
    "retry",
    "running",
    "storing",
    "stuck",
    "submit",
    "unfinished",
]
