"""A picture large, and everything beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fluxgen import clock, looks
from fluxgen.models import Origin
from fluxgen.partials.cards import Card
from fluxgen.partials.collections import Collecting
from fluxgen.partials.lightbox import Step
from fluxgen.partials.looks import Answered, sentence
from fluxgen.partials.patterns.cards import deleted, flawed
from fluxgen.partials.patterns.samples import (
    LONG,
    NAME_IN_ADDRESSES,
    Patterns,
    card,
    generation,
    missing,
    picture,
)
from fluxgen.partials.picture_view import PictureView
from fluxgen.partials.results import Acts, LineageView, Relative

PAGE = f"/generations/{NAME_IN_ADDRESSES}"


def patterns() -> Patterns:
    """Each fragment of the lightbox."""
    one = _shown(card([picture()]), picture())
    pool = picture("pool", 1)
    of_two = _shown(card([picture(), pool], count=2, cost_credits=2, charged_credits=2), pool)
    return {
        "lightbox": {
            "one": one,
            "one of two, from a Look": of_two | {"look": _answered(), "is_favourite": True},
            "long words": _shown(card([picture("leaf")], prompt=LONG), picture("leaf")),
            "no image": _shown(card([missing()]), missing()),
            "flawed": _shown(flawed(has_rerun=True), picture("pool")),
        },
        "lightbox_acts": {"one": one, "one of two": of_two},
        "lightbox_picture": {"usual": one},
        "lightbox_specs": {"own words": one, "a Look": of_two | {"look": _answered()}},
        "result_acts": {"usual": one, "too few credits": one | _refusal()},
        "result_more": {"usual": one, "from a Look": of_two | {"acts": _acts(look="two-inks")}},
        "result_notice": {"usual": _refusal(), "a price": _refusal() | {"missing": 0}},
        "sheet_entries": {"usual": one},
        **_beside(),
    }


def _beside() -> Patterns:
    described = {"query": "", "shown": picture(), "alt_error": "", "is_described": False}
    gone = {"deleted": deleted(), **_steps(), "url_close": "/history", "beneath": ""}
    some = _collecting(("b" * 22, "Winter", True), ("c" * 22, LONG[:60], False))
    unnamed = replace(_collecting(), is_open=True, error="Give it a name.")
    return {
        "lightbox_alt": {
            "empty": described,
            "saved": described | {"is_described": True, "typed": "Sand, and long shadows on it"},
            "refused": described | {"alt_error": "At most 1,000 characters.", "typed": LONG},
        },
        "lightbox_deleted": {"just deleted": gone | {"rest": False, "tiles": [], "card": None}},
        "lightbox_steps": {"both": _steps()},
        "lightbox_strip": {"in the middle": _steps()},
        "lightbox_surround": {"usual": {}},
        "lineage": {state: {"lineage": view} for state, view in _lineages().items()},
        "collections_of": {
            "none yet": {"collecting": _collecting()},
            "some": {"collecting": some},
            "refused": {"collecting": unnamed},
        },
    }


def _shown(of: Card, shown: PictureView) -> dict[str, object]:
    several = len(of.pictures) > 1
    letter = "AB"[shown.position] if several else ""
    siblings = [
        {"name": f"41{'AB'[n]}", "url": PAGE, "fragment": PAGE, "is_current": n == shown.position}
        for n in range(len(of.pictures))
    ]
    return {
        "card": of,
        "shown": shown,
        "name": f"Picture 41{letter}",
        "query": "",
        "siblings": siblings,
        "acts": _acts(),
        "collecting": _collecting(),
        "lineage": _lineages()["remixed"],
        "look": None,
        "recipe": "Dunes at first light with long soft shadows",
        "notice": "",
        "missing": 0,
        "url_favourite": f"{PAGE}/favourite",
        "is_favourite": False,
        "n_of_m": "3 of 60",
        "sheets": [{"url": "/sheets", "label": "Tones", "count": 5, "cost_credits": 20}],
        "family_url": "/studio?family=41",
        "receipt": [
            {"words": "Held: 1 credit", "credits": -1, "when": clock.now()},
            {"words": "Captured: 1 credit", "credits": 0, "when": clock.now()},
        ],
        "url_close": "/history",
        **_steps(),
    }


def _steps() -> dict[str, Any]:
    names = {"42": "ring", "41": "dune", "40": "leaf", "39": "pool"}
    steps = []
    for name, file in names.items():
        seen = picture(file)
        size = (seen.width, seen.height)
        address = seen.url_320
        steps.append(Step(name, PAGE, PAGE, address, address, "", *size, is_current=name == "41"))
    return {"previous": steps[0], "next": steps[2], "strip": steps}


def _acts(**changed: Any) -> Acts:
    made = generation(**({"look_version": 1} if changed else {}), **changed)
    return Acts(made, 0, (4000, 2668), nonces=["1", "2", "3"])


def _answered() -> Answered:
    look = looks.find("two-inks")
    values = look.samples[0].values
    explained = looks.explain("two-inks", 1, values)
    ways = {label: [(answer, "/history")] for label, answer in explained}
    return Answered(look.title, 1, "/looks/two-inks", explained, "/history", sentence(look), ways)


def _lineages() -> dict[str, LineageView]:
    parent = Relative("Remixed from", generation(number=40), "40", picture=picture("leaf"))
    blank = Relative("tried again", generation(number=43), "43")
    edited = Relative(
        "edited", generation(number=44, origin=Origin.EDIT), "44B", 2, picture("ring")
    )
    return {
        "remixed": LineageView("Remixed from", parent, [], "/history/compare"),
        "its parent is deleted": LineageView("A variation of", None, []),
        "with children": LineageView("", None, [blank, edited]),
    }


def _collecting(*choices: tuple[str, str, bool]) -> Collecting:
    names = [name for _, name, is_in in choices if is_in]
    return Collecting(NAME_IN_ADDRESSES, f"{PAGE}/collections", names, list(choices))


def _refusal() -> dict[str, object]:
    return {"notice": "This needs 4 credits and you have 1.", "missing": 3}
