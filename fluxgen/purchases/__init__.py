"""Purchases: begun before anybody is asked for money, granted once, corrected as often as needed.

`beginning` writes them down, `fulfilment` grants and ends them, `corrections` follows refunds
and disputes, `refunds` sends money back, `news` says when to ask Stripe, `reading` finds them.
Amounts are minor currency units, credits are whole.
"""

from __future__ import annotations

from fluxgen.purchases.beginning import (
    DECLINES_PER_DAY,
    OPEN_S,
    SESSIONS_PER_HOUR,
    adopted,
    begin,
    is_overdue,
    is_stopped,
    opened,
    unopened,
)
from fluxgen.purchases.corrections import correct
from fluxgen.purchases.fulfilment import Mismatch, ended, paid, processing
from fluxgen.purchases.news import (
    ASK_EVERY_S,
    POLL_S,
    RETRY_S,
    due,
    hear_from,
    heard_until,
    looked_at,
    may_ask,
    notice,
    put_back,
    unheard,
)
from fluxgen.purchases.reading import (
    by_payments,
    by_reference,
    by_sessions,
    find,
    is_paid_in_vain,
    latest,
    paid_since,
    paid_too_late,
    pending,
    taken_back_since,
)
from fluxgen.purchases.refunds import (
    IN_VAIN,
    UNSPENT,
    refund_ended,
    refundable,
    refundable_of,
    set_aside,
)

__all__ = [
    "ASK_EVERY_S",
    "DECLINES_PER_DAY",
    "IN_VAIN",
    "OPEN_S",
    "POLL_S",
    "RETRY_S",
    "SESSIONS_PER_HOUR",
    "UNSPENT",
    "Mismatch",
    "adopted",
    "begin",
    "by_payments",
    "by_reference",
    "by_sessions",
    "correct",
    "due",
    "ended",
    "find",
    "hear_from",
    "heard_until",
    "is_overdue",
    "is_paid_in_vain",
    "is_stopped",
    "latest",
    "looked_at",
    "may_ask",
    "notice",
    "opened",
    "paid",
    "paid_since",
    "paid_too_late",
    "pending",
    "processing",
    "put_back",
    "refund_ended",
    "refundable",
    "refundable_of",
    "set_aside",
    "taken_back_since",
    "unheard",
    "unopened",
]
