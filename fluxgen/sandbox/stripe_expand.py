"""`expand`: ids in an answer of the Stripe stand-in, replaced by what they stand for."""

from collections.abc import Iterable
from typing import Any

from fluxgen.sandbox.stripe_desk import Desk
from fluxgen.sandbox.stripe_documents import charge_document, payment_document
from fluxgen.sandbox.stripe_lists import list_document
from fluxgen.sandbox.stripe_refusals import StripeRefused
from fluxgen.sandbox.stripe_session_document import line_item_documents

MAX_EXPANDED, MAX_DEPTH = 20, 4
_EXPANDABLE = {
    "checkout.session": {"line_items", "payment_intent"},
    "payment_intent": {"latest_charge"},
    "charge": {"payment_intent"},
    "refund": {"charge", "payment_intent"},
    "dispute": {"charge", "payment_intent"},
    "list": {"data"},
}


def expand(desk: Desk, document: dict[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """The document with each path expanded, in place. Raises `StripeRefused`."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > MAX_DEPTH:
            raise _cannot(path)
        _follow(desk, document, steps, path)
    return document


def _follow(desk: Desk, document: dict[str, Any], steps: list[str], path: str) -> None:
    if not steps:
        return
    step, rest = steps[0], steps[1:]
    if step not in _EXPANDABLE.get(document["object"], ()):
        raise _cannot(path)
    if step == "data":
        if not rest:
            raise _cannot(path)
        for item in document["data"]:
            _follow(desk, item, rest, path)
        return
    if step == "line_items":
        document[step] = _line_items(desk, document["id"])
    elif isinstance(document[step], str):
        document[step] = _whole(desk, document[step])
    if isinstance(document[step], dict):
        _follow(desk, document[step], rest, path)


def _whole(desk: Desk, wanted: str) -> dict[str, Any]:
    if wanted.startswith("pi_"):
        return payment_document(desk.payment(wanted))
    return charge_document(desk.charge(wanted))


def _line_items(desk: Desk, session_id: str) -> dict[str, Any]:
    path = f"/v1/checkout/sessions/{session_id}/line_items"
    return list_document(path, line_item_documents(desk.session(session_id)), has_more=False)


def _cannot(path: str) -> StripeRefused:
    return StripeRefused(f"This property cannot be expanded ({path}).", param="expand")
