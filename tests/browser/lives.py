"""People at every point of their life here, to be photographed."""

from __future__ import annotations

from fluxgen import adapters, archive, clock, credits, privacy, rights
from fluxgen.archive import keys
from fluxgen.generations import Filled
from fluxgen.models import (
    Account,
    Cause,
    Export,
    ExportStatus,
    Generation,
    Purchase,
    PurchaseStatus,
    Scope,
    Status,
)
from fluxgen.partials.wording import REASONS
from fluxgen.sandbox import Sandbox
from tests.support import buying, cast, life
from tests.support.making import Visit, ask, make
from tests.support.workers import Workers, pass_time

DAY_S = 24 * 3600
PROMPTS = {
    "Three lemons and a blue jug on white linen, hard window light": "3:2",
    "Swimming pool from the diving board, one dark lane line, afternoon": "1:1",
    "A stair in a bare rose-coloured concrete house, a ball in a stripe of sun": "3:4",
    "Nine ridgelines in morning mist, pine silhouettes, pale sun": "16:9",
    "A dahlia with every petal open, salmon to ember": "4:5",
    "Dunes at first light with long soft shadows": "3:2",
    "Indigo ink and peach dye meeting in milk": "1:1",
    "Smooth marbles scattered on pink paper, hard noon light, seen from above": "1:1",
    "Northern lights over a black lake": "2:3",
}
LONGEST_PROMPT = ("Words written with great care, and without a full stop, " * 40)[:2000]
LONG_NAME = "All that the harbour was in the winter of the great storm"
OTHER_WORDS = ("سفينة في البحر عند الغروب", "夕暮れの港に並ぶ小さな漁船", "Ένα καράβι", "u" * 300)


def with_an_archive(visit: Visit, workers: Workers, sandbox: Sandbox) -> Account:
    """Pictures of two days, a purchase, favourites, collections."""
    alice = cast.join("alice")
    buying.bought(sandbox, alice)
    client = visit(alice)
    for at, (prompt, shape) in enumerate(PROMPTS.items()):
        ask(client, prompt=prompt, aspect_ratio=shape, count="2" if "Dunes" in prompt else "1")
        if at == len(PROMPTS) // 2:
            workers.work()
            pass_time(DAY_S)
    workers.work()
    mine = list(Generation.select().where(Generation.account == alice))
    for favourite in mine[::4]:
        archive.mark(favourite)
    for name, pictures in {"Light": mine[1:6], LONG_NAME: mine[4:], "Nothing yet": []}.items():
        kept = archive.collections.create(alice, name)
        archive.collections.put_in(kept, [each.public_id for each in pictures])
    return alice


def with_every_card(visit: Visit, workers: Workers) -> Account:
    """A card in every state and for every reason, words of every length, a picture that is gone."""
    maker = cast.join("maker")
    buying.granted(maker)
    rights.rectify(maker, LONG_NAME)
    lost = make(visit(maker), workers, prompt="A picture that cannot be loaded")
    adapters.current().storage.clear(keys.all_of(lost))
    for failure in ("cancelled", *REASONS):
        life.failed(maker, failure, prompt=f"A copper kettle ({failure})")
    for words in (LONGEST_PROMPT, *OTHER_WORDS):
        life.done(maker, prompt=words)
    life.finished(life.submitted(maker, prompt="Two boats, of which one came", count=2), 1)
    life.submitted(maker, prompt="A heron that waits", count=3)
    life.running(maker, prompt="A harbour that develops")
    storing = life.running(maker, prompt="A lighthouse that is being stored")
    Generation.update(status=Status.STORING).where(Generation.id == storing.id).execute()
    life.submitted(maker, look=Filled("small-sign", 1, {"thing": "bell"}))
    return maker


def with_every_purchase() -> tuple[Account, dict[str, str]]:
    """A purchase in each state; their addresses."""
    buyer = cast.join("buyer")
    found = {}
    for status in PurchaseStatus:
        purchase = buying.granted(buyer) if status is PurchaseStatus.PAID else buying.begun(buyer)
        Purchase.update(status=status).where(Purchase.id == purchase.id).execute()
        found[f"purchase {status}"] = f"/purchases/{purchase.public_id}"
        pass_time(3600)  # there may be five an hour
    returned = buying.granted(buyer)
    buying.taken(returned, returned.amount_minor // 2)
    credits.release(buying.held(buyer, 20), "failed")
    return buyer, found | {"purchase returned": f"/purchases/{returned.public_id}"}


def with_every_export() -> dict[str, tuple[Account, str]]:
    """An export at each point, each somebody else's; whose, and where."""
    sizes = {"size_bytes": 48_500_000, "json_size_bytes": 220_000, "sha256": "0" * 64}
    found = {}
    for status in ExportStatus:
        packer = cast.join(f"packer-{status}")
        row = Export.create(account=packer, status=status, total=240, done=96, missing=2, **sizes)
        found[f"export {status}"] = (packer, f"/account/exports/{row.public_id}")
    return found


def leaving() -> Account:
    """The account will be erased in three days."""
    leaver = cast.join("leaver")
    buying.granted(leaver)
    life.done(leaver)
    privacy.plan(leaver, Scope.ACCOUNT, Cause.PERSON, clock.after(3 * DAY_S))
    return leaver
