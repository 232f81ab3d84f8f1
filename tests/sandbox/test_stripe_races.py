"""The Stripe sandbox asked from many threads at once."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from fluxgen.sandbox.stripe import StripeRefused
from tests.sandbox.conftest import Clock
from tests.sandbox.stripe_shop import Shop, opened
from tests.support.sandboxes import SandboxServer

THREADS = 8
SESSIONS = 40
PURCHASES = 500
REFUNDS_EACH = 8
EVENTS = 10_000


@pytest.fixture
def shop(sandbox_server: SandboxServer, clock: Clock) -> Iterator[Shop]:
    with opened(sandbox_server, clock) as made:
        yield made


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads take turns as often as they can, so that what can go wrong does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def succeeded(act: Callable[[], object]) -> bool:
    try:
        act()
    except StripeRefused:
        return False
    return True


@pytest.mark.usefixtures("impatient")
def test_a_session_is_paid_once_however_many_pay(shop: Shop) -> None:
    sandbox = shop.sandbox
    with ThreadPoolExecutor(THREADS) as pool:
        for session_id in [shop.open().id for _ in range(SESSIONS)]:
            acts = [partial(sandbox.pay, session_id), partial(sandbox.expire, session_id)]
            done = list(pool.map(succeeded, acts * (THREADS // 2)))
            assert sum(done) == 1
    ended = [kind for kind in shop.kinds() if kind.startswith("checkout.session.")]
    assert len(ended) == SESSIONS


@pytest.mark.usefixtures("impatient")
def test_a_key_makes_one_session_however_many_ask(shop: Shop) -> None:
    client = shop.client(retries=4)

    def create(_: int) -> str:
        made = client.v1.checkout.sessions.create(
            params=shop.order(),  # type: ignore[arg-type]  # untyped on purpose
            options={"idempotency_key": "key-1"},
        )
        return made.id

    with ThreadPoolExecutor(THREADS) as pool:
        assert len(set(pool.map(create, range(THREADS)))) == 1
    assert len(shop.api.checkout.sessions.list().data) == 1


def test_ten_thousand_events_are_whole(shop: Shop) -> None:
    def buy_and_give_back(session_id: str) -> None:
        paid = shop.sandbox.pay(session_id)
        for _ in range(REFUNDS_EACH):
            shop.sandbox.refund(paid, 100)

    bought = [shop.open().id for _ in range(PURCHASES)]
    with ThreadPoolExecutor(THREADS) as pool:
        assert len(list(pool.map(buy_and_give_back, bought))) == PURCHASES
    count = Counter(event["type"] for event in shop.sandbox.events)
    assert count["checkout.session.completed"] == PURCHASES
    assert count["refund.created"] == count["charge.refunded"] == PURCHASES * REFUNDS_EACH
    assert sum(count.values()) == EVENTS
