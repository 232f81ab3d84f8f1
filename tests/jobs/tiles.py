"""Tiles of the Look whose seam is measured, and their free re-runs."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image as Pillow

from fluxgen import generations, pictures
from fluxgen.generations import Filled
from fluxgen.models import Account, Entry, Generation
from tests.support.cast import Browser
from tests.support.life import claimed, submitted
from tests.support.making import latest
from tests.support.workers import Workers


def tile(account: Account, **changes: object) -> Generation:
    """A Repeat in Studio quality, asked for: 4 credits a picture."""
    filled = Filled("repeat", 1, {"motif": "cut figs"})
    return submitted(account, **{"look": filled, "model": "flux-dev", "tier": "studio", **changes})


def flawed(account: Account, workers: Workers, **changes: object) -> Generation:
    """The same, made; what the quick painter paints never goes on at its edges."""
    generation = tile(account, **changes)
    workers.work()
    return latest(generation)


def plain() -> bytes:
    """A tile of one colour, which goes on anywhere."""
    out = io.BytesIO()
    Pillow.new("RGB", (64, 64), (30, 60, 90)).save(out, "PNG")
    return out.getvalue()


def finish(generation: Generation, *tiles: bytes) -> Generation:
    """Stored with these pictures, checked as a worker does."""
    taken = claimed(generation)
    generations.attempt(taken)
    generations.storing(taken)
    kept = [pictures.decode(data) for data in tiles]
    found = [replace(one, flaw=generations.flaw_of(taken, one)) for one in kept]
    generations.finish(taken, found)
    return latest(generation)


def grants(account: Account) -> list[Entry]:
    """What was given for free re-runs, oldest first."""
    mine = (Entry.account == account) & Entry.key.startswith("grant:rerun:")
    return list(Entry.select().where(mine).order_by(Entry.id))


def rerun(browser: Browser, generation: Generation, status: int = 303) -> Generation:
    """Press "Try once more, free"; what came of it."""
    answer = browser.post(f"/generations/{generation.public_id}/rerun")
    assert answer.status_code == status, answer.text
    name = (answer.location or generation.public_id).rpartition("/")[2]
    return Generation.get(Generation.public_id == name)
