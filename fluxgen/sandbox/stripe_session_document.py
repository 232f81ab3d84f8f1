"""A Checkout Session of the Stripe stand-in as a JSON document."""

from typing import Any

from fluxgen.sandbox import stripe_people as people
from fluxgen.sandbox.stripe_nulls import SESSION_NULLS
from fluxgen.sandbox.stripe_records import Session


def session_document(session: Session) -> dict[str, Any]:
    """The session as it stands; `line_items` only come when expanded."""
    order = session.order
    return {
        "id": session.id,
        "object": "checkout.session",
        **SESSION_NULLS,
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": order.amount,
        "amount_total": order.amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": order.cancel_url,
        "client_reference_id": order.client_reference_id,
        "created": session.created,
        "currency": order.currency,
        "custom_fields": [],
        "custom_text": {"submit": None, "terms_of_service_acceptance": None},
        "customer_creation": "if_required",
        "customer_details": _customer_details(session),
        "customer_email": order.customer_email,
        "discounts": [],
        "expires_at": session.expires_at,
        "invoice_creation": {"enabled": False},
        "livemode": False,
        "locale": order.locale,
        "metadata": dict(order.metadata),
        "mode": "payment",
        "payment_intent": session.payment.id if session.payment else None,
        "payment_method_options": {},
        "payment_method_types": list(order.methods),
        "payment_status": session.payment_status,
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": session.status,
        "submit_type": order.submit_type,
        "success_url": order.success_url,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{session.base_url}/pay/{session.id}" if session.status == "open" else None,
    }


def line_item_documents(session: Session) -> list[dict[str, Any]]:
    """What is bought."""
    return [
        {
            "id": f"li_1{number}{session.id[-20:]}",
            "object": "item",
            "amount_discount": 0,
            "amount_subtotal": item.unit_amount * item.quantity,
            "amount_tax": 0,
            "amount_total": item.unit_amount * item.quantity,
            "currency": item.currency,
            "description": item.name,
            "metadata": {},
            "price": {
                "id": f"price_1{number}{session.id[-20:]}",
                "object": "price",
                "active": False,
                "currency": item.currency,
                "livemode": False,
                "metadata": {},
                "product": f"prod_{number}{session.id[-14:]}",
                "recurring": None,
                "type": "one_time",
                "unit_amount": item.unit_amount,
                "unit_amount_decimal": str(item.unit_amount),
            },
            "quantity": item.quantity,
        }
        for number, item in enumerate(session.order.line_items)
    ]


def _customer_details(session: Session) -> dict[str, Any] | None:
    """Known once somebody paid; before, only the e-mail the app gave."""
    email = session.order.customer_email
    if session.status == "complete":
        return people.customer_details(email)
    if email is None:
        return None
    known = dict.fromkeys(people.customer_details(email))
    return {**known, "email": email, "tax_exempt": "none"}
