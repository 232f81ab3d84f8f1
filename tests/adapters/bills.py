"""Bills for the payment adapter, and what the sandbox made of them."""

from __future__ import annotations

from typing import Any

from fluxgen import clock
from fluxgen.adapters.payments import Bill
from tests.support.buying import official

RETURN_URL = "https://fluxgen.test/purchases/purchase-1"


def bill(**changes: Any) -> Bill:
    """A bill over €18.00, open for an hour."""
    plain: dict[str, Any] = {
        "reference": "purchase-1",
        "attempt": 1,
        "pack": "usual",
        "title": "1,000 credits",
        "amount_minor": 1800,
        "currency": "eur",
        "return_url": RETURN_URL,
        "cancel_url": f"{RETURN_URL}?cancelled=1",
        "expires_at": clock.after(3600),
    }
    return Bill(**{**plain, **changes})


def sessions_at(api_base: str) -> list[Any]:
    """All sessions there are, as the official client lists them."""
    return list(official(api_base).v1.checkout.sessions.list({"limit": 100}).data)


def session_at(api_base: str) -> str:
    """A session that may be paid by bank debit, too, which ours may not."""
    price = {"currency": "eur", "unit_amount": 1800, "product_data": {"name": "credits"}}
    parameters: Any = {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "client_reference_id": "purchase-1",
        "success_url": RETURN_URL,
    }
    return official(api_base).v1.checkout.sessions.create(params=parameters).id
