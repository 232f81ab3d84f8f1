"""What leaves by itself when its time is over."""

from __future__ import annotations

from typing import Any

from fluxgen import clock
from fluxgen.models import HeardWebhook, Refusal, Session

WEBHOOKS_KEPT_S = 7 * 24 * 3600
REFUSALS_KEPT_S = 30 * 24 * 3600
DRAFTS_KEPT_S = 24 * 3600
DRAFT = "draft"
"""Where a session keeps a form that waits for credits, and `kept_at`, in seconds since 1970."""


def forget_expired() -> int:
    """Delete expired sessions, old webhook ids, refusals and drafts; returns how many went."""
    sessions = Session.delete().where(Session.expires_at < clock.now()).execute()
    old = HeardWebhook.heard_at < clock.after(-WEBHOOKS_KEPT_S)
    webhooks = HeardWebhook.delete().where(old).execute()
    past = Refusal.created_at < clock.after(-REFUSALS_KEPT_S)
    refusals = Refusal.delete().where(past).execute()
    return int(sessions) + int(webhooks) + int(refusals) + _forget_drafts()


def _forget_drafts() -> int:
    """Take forms that waited for a day out of sessions whose people did not come back."""
    limit = int(clock.after(-DRAFTS_KEPT_S).timestamp())
    written: Any = Session.data.cast("TEXT")
    rows: Any = Session.select(Session.id, Session.data, written.alias("written"))
    count = 0
    for row in rows.where(written.contains(f'"{DRAFT}"')):
        if row.data.get(DRAFT, {}).get("kept_at", 0) > limit:
            continue
        rest = {name: value for name, value in row.data.items() if name != DRAFT}
        unchanged = (Session.id == row.id) & (written == row.written)  # else it was just used
        count += Session.update(data=rest).where(unchanged).execute()
    return count


def heard_first(event_id: str) -> bool:
    """Remember a webhook by its id; False when it is a repeat."""
    rows = HeardWebhook.insert(event_id=event_id).on_conflict_ignore().returning(HeardWebhook.id)
    return bool(list(rows.execute()))
