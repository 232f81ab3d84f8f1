"""Making something of a result, over HTTP."""

from __future__ import annotations

from fluxgen.models import Generation
from tests.support.cast import Browser

DEEDS: dict[str, dict[str, str]] = {
    "vary": {},
    "edit": {"instruction": "make it dusk"},
    "upscale": {},
}


def do(client: Browser, parent: Generation, deed: str, **fields: str) -> Generation:
    """Press the button; what came of it, not begun."""
    form = {"nonce": f"nonce-{Generation.select().count()}", **DEEDS[deed], **fields}
    answer = client.post(f"/generations/{parent.public_id}/{deed}", data=form)
    assert answer.status_code == 303, answer.text
    return Generation.get(Generation.public_id == answer.location.rpartition("/")[2])
