"""A Checkout Session of the Stripe stand-in as a JSON document."""

from typing import Any

from fluxgen.sandbox import stripe_people as people
from fluxgen.sandbox.stripe_records import Session


def session_document(session: Session) -> dict[str, Any]:
    """The session as it stands; `line_items` only come when expanded."""
    order = session.order
    return {
        "id": session.id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "amount_subtotal": order.amount,
        "amount_total": order.amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": order.cancel_url,
        "client_reference_id": order.client_reference_id,
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": session.created,
        "currency": order.currency,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {"submit": None, "terms_of_service_acceptance": None},
        "customer": None,
        "customer_creation": "if_required",
        "customer_details": _customer_details(session),
        "customer_email": order.customer_email,
        "discounts": [],
        "expires_at": session.expires_at,
        "invoice": None,
        "invoice_creation": {"enabled": False},
        "livemode": False,
        "locale": order.locale,
        "metadata": dict(order.metadata),
        "mode": "payment",
        "origin_context": None,
        "payment_intent": session.payment.id if session.payment else None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_method_types": list(order.methods),
        "payment_status": session.payment_status,
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "presentment_details": None,
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": session.status,
        "submit_type": order.submit_type,
        "subscription": None,
        "success_url": order.success_url,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{session.base_url}/pay/{session.id}" if session.status == "open" else None,
        "wallet_options": None,
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
