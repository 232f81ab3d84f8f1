"""A generation's card from the click to the picture, and where a picture was deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fluxgen import clock
from fluxgen.models import Status
from fluxgen.partials.cards import Card
from fluxgen.partials.deletion import Deleted
from fluxgen.partials.patterns.samples import (
    LONG,
    NAME_IN_ADDRESSES,
    Patterns,
    card,
    missing,
    picture,
)


def patterns() -> Patterns:
    """Each fragment of the bench and the grid."""
    return {
        "generation_card": {state: {"card": one} for state, one in _cards().items()},
        "flaw": {
            "a re-run is left": {"card": flawed(has_rerun=True)},
            "none is left": {"card": flawed(has_rerun=False)},
        },
        "deleted_frame": {
            "just deleted": {"deleted": deleted()},
            "one picture of several": {"deleted": deleted(is_alone=True)},
        },
        "deleted_for_good": {
            state: {
                "deleted": deleted(),
                "words": "Too late: picture 41 is gone for good.",
                "from_lightbox": state == "in the lightbox",
                "from_toast": state == "in a toast",
                "url_close": "/history",
            }
            for state in ("in the grid", "in a toast", "in the lightbox")
        },
        "undo_toast": {
            "just deleted": {"deleted": deleted(), "is_framed": False, "with_focus": False}
        },
        **_small(),
        "first_visit": {"empty": {}},
    }


def _small() -> Patterns:
    question = {
        "url_delete": f"/generations/{NAME_IN_ADDRESSES}/delete",
        "from_lightbox": False,
        "beneath": "",
        "target": f"#generation-{NAME_IN_ADDRESSES}",
        "frame": "",
    }
    return {
        "delete_question": {"alone": question},
        "delete_question_answer": {
            "a favourite": question | {"words": "Picture 41 is one of your favourites."}
        },
        "favourite": {
            state: {
                "public_id": NAME_IN_ADDRESSES,
                "url_favourite": f"/generations/{NAME_IN_ADDRESSES}/favourite",
                "is_favourite": is_favourite,
                "number": 41,
                "from_lightbox": in_lightbox,
                "is_beneath": False,
            }
            for state, is_favourite, in_lightbox in (
                ("no favourite", False, False),
                ("a favourite", True, False),
                ("no favourite, in the lightbox", False, True),
                ("a favourite, in the lightbox", True, True),
            )
        },
    }


def _cards() -> dict[str, Card]:
    now = clock.now()
    running: dict[str, Any] = {"status": Status.RUNNING, "submitted_at": now - timedelta(seconds=5)}
    running |= {"run_started_at": now, "finished_at": None, "charged_credits": 0}
    ended: dict[str, Any] = {"charged_credits": 0, "status": Status.FAILED}
    four = [picture(name, at) for at, name in enumerate(("dune", "pool", "dune", "pool"))]
    return {
        "waiting": card(status=Status.HELD, charged_credits=0, ahead=3, cost_credits=4),
        "next": card(status=Status.HELD, charged_credits=0),
        "developing": card(**running),
        "developing, with a percentage": card(**running, percent=62, count=4, cost_credits=4),
        "stopping": card(**running, cancel_requested_at=now),
        "storing": card(**running | {"status": Status.STORING}),
        "done": card([picture()]),
        "done, four": card(four, count=4, cost_credits=4, charged_credits=4),
        "done, fewer than asked": card(four[:2], count=4, cost_credits=4, charged_credits=2),
        "done, upright": card([picture("leaf")], aspect_ratio="4:5"),
        "done, long words": card([picture()], prompt=LONG),
        "done, no image": card([missing()]),
        "flawed": flawed(has_rerun=True),
        "failed": card(**ended, failure="failed"),
        "blocked": card(**ended, failure="blocked"),
        "cancelled": card(charged_credits=0, status=Status.CANCELLED, failure="cancelled"),
        "failed, long words, refused again": card(
            **ended, failure="failed", prompt=LONG, notice="You have 0 credits left."
        ),
    }


def flawed(*, has_rerun: bool) -> Card:
    """A tile whose seam shows."""
    shown = [picture("pool", flaw="seam")]
    return card(shown, aspect_ratio="1:1", has_rerun=has_rerun)


def deleted(*, is_alone: bool = False) -> Deleted:
    """What has just been deleted."""
    return Deleted(
        id=NAME_IN_ADDRESSES,
        key=NAME_IN_ADDRESSES,
        name="41B" if is_alone else "41",
        css="r-3-2",
        url_undo=f"/generations/{NAME_IN_ADDRESSES}/undo",
        left_s=48,
        is_alone=is_alone,
    )
