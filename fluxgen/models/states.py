"""Where a generation is in its life, and what it came of."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a generation is in its life; the last four are its ends."""

    HELD = "held"
    SUBMITTING = "submitting"
    RUNNING = "running"
    STORING = "storing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Origin(StrEnum):
    """What a generation that came of another one did with it."""

    RETRY = "retry"
    REMIX = "remix"
    VARY = "vary"
    SLOT = "slot"
    UNPACK = "unpack"
    SHEET = "sheet"
    REFERENCE = "reference"
    EDIT = "edit"
    UPSCALE = "upscale"


UNFINISHED = (Status.HELD, Status.SUBMITTING, Status.RUNNING, Status.STORING)
