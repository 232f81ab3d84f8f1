"""Requests to the Stripe sandbox: repeated, lost, refused, too late."""

from collections.abc import Iterator

import httpx
import pytest
import stripe

from fluxgen.sandbox import SandboxRefused, create_sandbox
from fluxgen.sandbox.stripe_forms import decode
from fluxgen.sandbox.stripe_refusals import StripeRefused
from tests.sandbox.conftest import Clock
from tests.sandbox.stripe_shop import Shop, opened, pack
from tests.support.sandboxes import SandboxServer

DAY_S = 24 * 3600


@pytest.fixture
def shop(sandbox_server: SandboxServer, clock: Clock) -> Iterator[Shop]:
    with opened(sandbox_server, clock) as made:
        yield made


def create(shop: Shop, key: str, retries: int = 0, **changes: object) -> str:
    sessions = shop.client(retries=retries).v1.checkout.sessions
    made = sessions.create(
        params=shop.order(**changes),  # type: ignore[arg-type]  # untyped on purpose
        options={"idempotency_key": key},
    )
    return made.id


def made_sessions(shop: Shop) -> list[str]:
    return [one.id for one in shop.api.checkout.sessions.list().data]


def test_brackets_become_trees() -> None:
    fields = [("a[b][0][c]", "1"), ("a[b][1][c]", "2"), ("e[]", "x"), ("e[]", "y"), ("f", "z")]
    assert decode(fields) == {"a": {"b": [{"c": "1"}, {"c": "2"}]}, "e": ["x", "y"], "f": "z"}


@pytest.mark.parametrize(
    "fields",
    [
        [("a", "1"), ("a", "2")],
        [("a", "1"), ("a[b]", "2")],
        [("a[b", "1")],
        [("a" + "[b]" * 9, "1")],
        [(f"a{n}", "1") for n in range(1001)],
    ],
)
def test_forms_that_make_no_sense_are_refused(fields: list[tuple[str, str]]) -> None:
    with pytest.raises(StripeRefused, match="Invalid form field"):
        decode(fields)


def test_a_key_makes_one_session_and_the_same_answer(shop: Shop) -> None:
    first = create(shop, "key-1")
    shop.sandbox.pay(first)
    assert create(shop, "key-1") == first
    assert create(shop, "key-2") != first
    assert len(made_sessions(shop)) == 2


def test_a_key_belongs_to_its_parameters(shop: Shop) -> None:
    create(shop, "key-1")
    with pytest.raises(stripe.IdempotencyError) as refused:
        create(shop, "key-1", line_items=pack(2000))
    assert refused.value.http_status == 400
    assert len(made_sessions(shop)) == 1


def test_a_key_is_kept_for_a_day(shop: Shop) -> None:
    first = create(shop, "key-1")
    shop.clock.at += DAY_S
    assert create(shop, "key-1") == first
    shop.clock.at += 1
    assert create(shop, "key-1") != first


def test_a_refused_order_leaves_its_key_unused(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(shop, "key-1", line_items=pack(0))
    assert create(shop, "key-1")


def test_a_key_has_at_most_255_characters(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="255"):
        create(shop, "k" * 256)


@pytest.mark.parametrize(("fault", "left"), [("create_error", 0), ("create_lost", 1)])
def test_a_500_is_the_result_of_its_key(shop: Shop, fault: str, left: int) -> None:
    setattr(shop.sandbox.faults, fault, 1)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as broken:
            create(shop, "key-1")
        assert broken.value.http_status == 500
    assert len(made_sessions(shop)) == left
    assert create(shop, "key-2")


def test_a_dropped_answer_comes_with_the_retry(shop: Shop) -> None:
    shop.sandbox.faults.create_dropped = 2
    with pytest.raises(stripe.APIConnectionError):
        create(shop, "key-1")
    made = create(shop, "key-1")
    assert made_sessions(shop) == [made]
    assert create(shop, "key-2", retries=2) != made


def test_down_and_slow(shop: Shop) -> None:
    shop.sandbox.faults.down = 1
    with pytest.raises(stripe.APIError) as down:
        shop.open()
    assert down.value.http_status == 503
    shop.sandbox.faults.slow_s = 0.3
    with pytest.raises(stripe.APIConnectionError):
        shop.client(timeout_s=0.1).v1.checkout.sessions.list()
    shop.sandbox.faults.slow_s = 0
    assert made_sessions(shop) == []


def test_a_key_in_use_is_a_conflict_until_there_is_a_result(shop: Shop) -> None:
    shop.sandbox.faults.slow_s = 1.0
    hasty = shop.client(timeout_s=0.1).v1.checkout.sessions
    with pytest.raises(stripe.APIConnectionError):
        hasty.create(
            params=shop.order(),  # type: ignore[arg-type]  # untyped on purpose
            options={"idempotency_key": "key-1"},
        )
    shop.sandbox.faults.slow_s = 0
    with pytest.raises(stripe.StripeError, match="is being carried out") as conflict:
        create(shop, "key-1")
    assert conflict.value.http_status == 409
    assert [create(shop, "key-1", retries=5)] == made_sessions(shop)


def test_refusals_have_a_request_id_and_unknown_addresses_are_named(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL") as refused:
        shop.client().v1.balance.retrieve()
    assert refused.value.http_status == 404
    assert str(refused.value.request_id).startswith("req_")


def test_only_the_version_of_the_client_is_spoken(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="version"):
        shop.client().v1.events.list(options={"stripe_version": "2024-06-20"})


def test_what_a_request_caused_names_the_request(shop: Shop) -> None:
    made = create(shop, "key-1")
    shop.client().v1.checkout.sessions.expire(made, options={"idempotency_key": "expire-1"})
    asked = shop.sandbox.events[-1]["request"]
    assert asked["idempotency_key"] == "expire-1"
    other = create(shop, "key-2")
    shop.sandbox.pay(other)
    assert shop.sandbox.events[-1]["request"] == {"id": None, "idempotency_key": None}


def test_faults_are_switched_over_http_and_by_the_environment(
    shop: Shop, sandbox_server: SandboxServer, clock: Clock
) -> None:
    changed = httpx.patch(f"{shop.url}/_faults", json={"down": 1}, timeout=30)
    assert changed.json()["down"] == 1
    assert httpx.put(f"{shop.url}/_faults", json={"predict_fail": 1}, timeout=30).status_code == 422
    with opened(sandbox_server, clock, SANDBOX_STRIPE_FAULTS='{"create_error": true}') as other:
        assert other.sandbox.faults.create_error == 1


def test_faults_that_are_no_json_are_refused() -> None:
    with pytest.raises(SandboxRefused, match="SANDBOX_STRIPE_FAULTS"):
        create_sandbox({"SANDBOX_STRIPE_FAULTS": "["})
