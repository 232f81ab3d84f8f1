"""Mail on its way: some letters at a time over one connection."""

from __future__ import annotations

import logging
import time

from fluxgen import adapters, outbox
from fluxgen.adapters.mail import Post
from fluxgen.errors import LeaseLost, MayWorkLater, NeverWill
from fluxgen.jobs import bell, letters
from fluxgen.outbox import Posting

DELIVER = "fluxgen.jobs.mail.deliver"
LETTERS_MAX = 200
BUDGET_S = 10.0
"""Then the worker looks after other things; whoever is told to stop has it done in this time."""

log = logging.getLogger(__name__)


def ring() -> None:
    """Ask for what is due in the outbox, after its rows are committed."""
    for mail_id in outbox.due(1):
        bell.ring(DELIVER, mail_id, bell.MAIL)


def deliver(mail_id: int) -> None:
    """Send this mail, if it is due, and then what else is due, over one connection."""
    if not outbox.due(1):
        return
    try:
        with adapters.current().mail.opened() as post:
            is_over = _deliver_some(post, mail_id)
    except MayWorkLater as trouble:
        log.warning("mail later", extra={"reason": str(trouble)})
        outbox.pause()
        return
    if not is_over:
        ring()


def _deliver_some(post: Post, first: int) -> bool:
    """Send one mail after another; whether the outbox has no more. Raises `MayWorkLater`."""
    ends = time.monotonic() + BUDGET_S
    for at in range(LETTERS_MAX):
        posting = (outbox.claim(first) if at == 0 else None) or outbox.claim()
        if posting is None:
            return True
        _deliver(post, posting)
        if time.monotonic() > ends:
            break
    return False


def _deliver(post: Post, posting: Posting) -> None:
    """Send one mail. Raises `MayWorkLater` where it is the connection that does not work."""
    if posting.is_repeat:
        log.warning("mail repeated", extra={"reason": "nobody knows whether it has arrived"})
    try:
        letter = letters.written(posting)
        try:
            post.send(letter)
        except NeverWill as no:
            log.warning("mail refused", extra={"reason": no.reason})
            outbox.undeliverable(posting, no.reason)
        except MayWorkLater as trouble:
            outbox.put_back(posting, str(trouble))
            if not str(trouble).isdecimal():  # not an answer about this mail: the line is down
                raise
        else:
            outbox.sent(posting)
    except LeaseLost:
        log.warning("lease lost", extra={"job": "deliver"})
