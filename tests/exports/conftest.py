"""Somebody with everything that an export can hold."""

from __future__ import annotations

import pytest

from fluxgen import accounts, archive
from fluxgen.models import Account, Generation, Image
from fluxgen.sandbox import Sandbox
from tests.support.buying import bought
from tests.support.drawing import drawn
from tests.support.making import Visit, make
from tests.support.workers import Workers


@pytest.fixture
def full(visit: Visit, alice: Account, sandbox: Sandbox, workers: Workers) -> Account:
    """Alice with everything that there is: pictures, lineage, favourites, collections, money."""
    client = visit(alice)
    bought(sandbox, alice)
    accounts.set_daily_limit(alice, 40)
    portrait = drawn("WEBP", (96, 96))
    accounts.keep_portrait(alice, portrait)
    first = make(client, workers, prompt="a lighthouse", count="2")
    make(client, workers, prompt="[fail] fog")
    answer = client.post(f"/generations/{first.public_id}/favourite")
    assert answer.status_code in {200, 303}
    second = make(client, workers, prompt="a harbour")
    Generation.update(parent=first, parent_position=1, origin="remix").where(
        Generation.id == second.id
    ).execute()
    Image.update(alt="a tower in the sea").where(Image.generation == first).execute()
    sea = archive.collections.create(alice, "Sea")
    archive.collections.put_in(sea, [first.public_id, second.public_id])
    return alice
