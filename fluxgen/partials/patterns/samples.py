"""The people, pictures and moments that the samples are made of. None of it is stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fluxgen import clock
from fluxgen.assets import asset
from fluxgen.models import Account, Generation, Status
from fluxgen.partials.cards import Card
from fluxgen.partials.picture_view import PictureView
from fluxgen.presentation import Purse

States = dict[str, dict[str, Any]]
"""What each state is called, and what the fragment takes then."""
Patterns = dict[str, States]
"""By fragment."""

NAME_IN_ADDRESSES = "a" * 22
WORDS = "Dunes at first light with long soft shadows"
LONG = (
    "A lighthouse on a low grey coast, one lit window, rain coming in from the left, three "
    "fishing boats drawn up on the shingle, nets drying on a rail, a dog asleep beside them, "
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen on the nearest bow, gulls above, "
    "and beyond them all a second, smaller lighthouse, which is dark; painted as if from memory, "
    "in few colours, with the paper left bare where the foam is"
)
FILES = {"dune": (1000, 667), "pool": (900, 600), "ring": (1120, 630), "leaf": (720, 900)}
PLACEHOLDER = ["#c86", "#da8", "#eca", "#b75", "#c97", "#db9", "#854", "#965", "#a76"]


def account(**changed: Any) -> Account:
    """Somebody with a name and 100 credits."""
    given = {"name": "Ada Vermeer", "email": "ada@example.test", "available": 100, "held": 0}
    return Account(**given | changed)


def purse(**changed: Any) -> Purse:
    """The same as the header shows them."""
    return Purse(account(**changed))


def generation(**changed: Any) -> Generation:
    """One that is done, a minute ago."""
    now = clock.now()
    given = {
        "public_id": NAME_IN_ADDRESSES,
        "account": account(),
        "number": 41,
        "nonce": "sample",
        "status": Status.DONE,
        "prompt": WORDS,
        "model": "flux-schnell",
        "tier": "draft",
        "aspect_ratio": "3:2",
        "count": 1,
        "seed": 7121,
        "cost_credits": 1,
        "charged_credits": 1,
        "expected_s": 8,
        "created_at": now - timedelta(seconds=70),
        "submitted_at": now - timedelta(seconds=68),
        "run_started_at": now - timedelta(seconds=66),
        "finished_at": now - timedelta(seconds=60),
    }
    return Generation(**given | changed)


def picture(name: str = "dune", position: int = 0, **changed: Any) -> PictureView:
    """One of the pictures that come with the program."""
    width, height = FILES[name]
    file = asset(f"img/{name}.webp")
    given: dict[str, Any] = {
        "public_id": NAME_IN_ADDRESSES,
        "card_id": f"generation-{NAME_IN_ADDRESSES}",
        "position": position,
        "url_original": file,
        "url_640": file,
        "url_320": file,
        "lasting": "",
        "width": width,
        "height": height,
        "format": "webp",
        "size_bytes": 61_440,
        "placeholder": PLACEHOLDER,
        "alt": WORDS,
    }
    return PictureView(**given | changed)


def missing(position: int = 0) -> PictureView:
    """A picture whose file does not come: its placeholder stays."""
    nowhere = asset("img/not-there.webp")
    return picture(position=position, url_original=nowhere, url_640=nowhere, url_320=nowhere)


def card(pictures: list[PictureView] | None = None, **changed: Any) -> Card:
    """A card; what is not one of its own fields is the generation's."""
    own = {name: changed.pop(name) for name in ("ahead", "has_rerun", "notice") if name in changed}
    return Card(generation(**changed), pictures=[] if pictures is None else pictures, **own)
