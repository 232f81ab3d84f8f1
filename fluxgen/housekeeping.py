"""What leaves by itself when its time is over."""

from __future__ import annotations

from fluxgen import clock
from fluxgen.models import HeardWebhook, Session

WEBHOOKS_KEPT_S = 7 * 24 * 3600


def forget_expired() -> int:
    """Delete expired sessions and old webhook ids; returns how many rows went."""
    sessions = Session.delete().where(Session.expires_at < clock.now()).execute()
    old = HeardWebhook.heard_at < clock.after(-WEBHOOKS_KEPT_S)
    return int(sessions) + int(HeardWebhook.delete().where(old).execute())


def heard_first(event_id: str) -> bool:
    """Remember a webhook by its id; False when it is a repeat."""
    rows = HeardWebhook.insert(event_id=event_id).on_conflict_ignore().returning(HeardWebhook.id)
    return bool(list(rows.execute()))
