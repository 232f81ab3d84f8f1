"""What people read when a generation ends without a picture: plain, and what it cost."""

from __future__ import annotations

from fluxgen.words import N_, _, ngettext

DID_NOT_DEVELOP = N_("This one did not develop")
TITLES = {
    "cancelled": N_("Cancelled"),
    "halted": N_("Stopped"),
    "suspended": N_("Stopped"),
    "blocked": N_("Blocked"),
}

REASONS = {
    "refused": N_("The model would not take this request."),
    "unavailable": N_("The image service is not taking our requests at the moment."),
    "failed": N_("The model stopped before it finished."),
    "stopped": N_("The image service stopped it before it finished."),
    "blocked": N_("The model's safety filter stopped this."),
    "nothing": N_("The model finished without a picture."),
    "lost": N_("The picture was gone before we could keep it."),
    "not_a_picture": N_("What arrived was not a picture."),
    "too_large": N_("What arrived was larger than we can keep."),
    "unreachable": N_("The image service did not answer for some minutes."),
    "overdue": N_("It took far longer than it should."),
    "waited": N_("There was too much before it for an hour."),
    "suspended": N_("The account was suspended."),
    "halted": N_("You stopped it while it ran."),
    "storage": N_("We could not store the picture safely."),
    "internal": N_("Something broke on our side."),
}


FLAWS = {"seam": (N_("The seam shows"), N_("The seam shows in %(letters)s"))}
UNNAMED = N_("Something is wrong with it"), N_("Something is wrong with %(letters)s")


def flaw(found: str | None, letters: str = "") -> str:
    """What the Look's own check found wrong: with the picture, or with those of these letters."""
    with_all, with_some = FLAWS.get(found or "", UNNAMED)
    return _(with_some, letters=letters) if letters else _(with_all)


def cancelling(credits: int) -> str:
    """What the button says while nothing is sent."""
    return ngettext(
        "Cancel, %(num)s credit comes back", "Cancel, %(num)s credits come back", credits
    )


def title(failure: str | None) -> str:
    """The headline of an ended card."""
    return _(TITLES.get(failure or "", DID_NOT_DEVELOP))


def reason(failure: str | None) -> str:
    """Why it ended, in a sentence."""
    if failure == "cancelled":
        return _("You cancelled it.")
    return _(REASONS.get(failure or "", REASONS["failed"]))


def words(failure: str | None, released_credits: int) -> str:
    """Why it ended, and that nothing was charged (credits)."""
    if failure == "cancelled":
        return ngettext("%(num)s credit is back.", "%(num)s credits are back.", released_credits)
    return ngettext(
        "%(reason)s Nothing was charged: %(num)s credit is back in your balance.",
        "%(reason)s Nothing was charged: %(num)s credits are back in your balance.",
        released_credits,
        reason=reason(failure),
    )
