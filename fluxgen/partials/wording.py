"""What people read when a generation ends without a picture: plain, and what it cost."""

from __future__ import annotations

from fluxgen.presentation import plural

DID_NOT_DEVELOP = "This one did not develop"
TITLES = {
    "cancelled": "Cancelled",
    "halted": "Stopped",
    "suspended": "Stopped",
    "blocked": "Stopped",
}

REASONS = {
    "refused": "The model would not take this request.",
    "unavailable": "The image service is not taking our requests at the moment.",
    "failed": "The model stopped before it finished.",
    "stopped": "The image service stopped it before it finished.",
    "blocked": "The model's safety filter stopped this.",
    "nothing": "The model finished without a picture.",
    "lost": "The picture was gone before we could keep it.",
    "not_a_picture": "What arrived was not a picture.",
    "too_large": "What arrived was larger than we can keep.",
    "unreachable": "The image service did not answer for some minutes.",
    "overdue": "It took far longer than it should.",
    "waited": "There was too much before it for an hour.",
    "suspended": "The account was suspended.",
    "halted": "You stopped it while it ran.",
    "storage": "We could not store the picture safely.",
    "internal": "Something broke on our side.",
}


FLAWS = {"seam": "The seam shows"}


def flaw(found: str | None) -> str:
    """What the Look's own check found wrong with a picture."""
    return FLAWS.get(found or "", "Something is wrong with it")


def title(failure: str | None) -> str:
    """The headline of an ended card."""
    return TITLES.get(failure or "", DID_NOT_DEVELOP)


def reason(failure: str | None) -> str:
    """Why it ended, in a sentence."""
    if failure == "cancelled":
        return "You cancelled it."
    return REASONS.get(failure or "", REASONS["failed"])


def words(failure: str | None, released_credits: int) -> str:
    """Why it ended, and that nothing was charged (credits)."""
    verb = "is" if released_credits == 1 else "are"
    back = f"{plural(released_credits, 'credit')} {verb} back"
    if failure == "cancelled":
        return f"{back}."
    return f"{reason(failure)} Nothing was charged: {back} in your balance."
