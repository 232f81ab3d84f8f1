"""The life of a generation: held, submitting, running, storing, then one of four ends.

`submission` begins it within `limits`, `sheets` several at once, `turns` says whose is next,
`life` takes the steps, `flaws` has what turned out badly, `reading` looks without touching.
Each step is one transaction and needs the row's lease: a worker that lost it writes
nothing. So a retried job, a repeated webhook and a sweep may all arrive at once, and one
of them counts.
"""

from __future__ import annotations

from fluxgen.generations.flaws import flaw_of, rerun, retry, retry_credits, with_rerun_left
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
    stop_all,
    storing,
)
from fluxgen.generations.limits import (
    IMPORTED,
    Counts,
    counted,
    refuse_uncovered,
    refuse_words,
    suspended_words,
)
from fluxgen.generations.reading import (
    News,
    by_attempt,
    due,
    ended_since,
    expected_s,
    find,
    has_picture,
    images_of,
    looked,
    named,
    news,
    note_deed,
    owned,
    recent,
    stuck,
    unfinished,
)
from fluxgen.generations.references import (
    forget_reference,
    known_references,
    references_overdue,
    with_reference_left,
)
from fluxgen.generations.submission import (
    Filled,
    Lineage,
    Recipe,
    Reference,
    admitted,
    cost_credits,
    retried,
    sent_before,
    submit,
)
from fluxgen.generations.turns import ahead, take, up_next

__all__ = [
    "IMPORTED",
    "Counts",
    "Filled",
    "Lineage",
    "News",
    "Recipe",
    "Reference",
    "admitted",
    "ahead",
    "attempt",
    "by_attempt",
    "cancel",
    "claim",
    "cost_credits",
    "counted",
    "dismiss_attempt",
    "due",
    "end",
    "ended_since",
    "expected_s",
    "find",
    "finish",
    "flaw_of",
    "forget_reference",
    "has_picture",
    "images_of",
    "known_references",
    "look_again",
    "looked",
    "named",
    "news",
    "note_deed",
    "owned",
    "put_back",
    "recent",
    "references_overdue",
    "refuse_uncovered",
    "refuse_words",
    "renew",
    "rerun",
    "retried",
    "retry",
    "retry_credits",
    "running",
    "sent_before",
    "stop_all",
    "storing",
    "stuck",
    "submit",
    "suspended_words",
    "take",
    "unfinished",
    "up_next",
    "with_reference_left",
    "with_rerun_left",
]
