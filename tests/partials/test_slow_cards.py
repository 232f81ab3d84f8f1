"""What the card of a generation says when it takes longer than usual."""

from __future__ import annotations

from fluxgen import clock
from fluxgen.models import Account, Generation, Status
from fluxgen.sandbox import Sandbox
from tests.support.making import Visit, ask
from tests.support.pages import parse
from tests.support.workers import Workers, pass_time


def test_a_card_says_when_it_takes_longer_than_usual(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    sandbox.replicate.workshop.pace = 30.0
    client = visit(alice)
    generation = ask(client)
    workers.step()
    begun = clock.after(60)  # however slow this machine is, it has not taken long yet
    Generation.update(status=Status.RUNNING, run_started_at=begun).execute()
    address = f"/partials/generations/{generation.public_id}"
    assert "of about 2 s" in parse(client.get(address).text).elements[0].words
    pass_time(70)
    said = parse(client.get(address).text).elements[0].words
    assert "longer than usual" in said and "of about" not in said


def test_a_card_that_nobody_takes_says_that_it_is_slower_than_usual(
    visit: Visit, alice: Account
) -> None:
    """The worker or the provider is away: nothing is lost, and it is no secret either."""
    client = visit(alice)
    generation = ask(client)
    pass_time(60)
    card = parse(client.get(f"/partials/unfinished?ids={generation.public_id}").text)
    said = card.by_id(f"generation-{generation.public_id}").words
    assert "Waiting" in said and "next, slower than usual" in said
