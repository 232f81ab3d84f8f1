"""Charges, refunds, disputes and payments of the Stripe stand-in as JSON documents."""

from typing import Any

from fluxgen.sandbox import stripe_people as people
from fluxgen.sandbox.stripe_nulls import CHARGE_NULLS, PAYMENT_NULLS
from fluxgen.sandbox.stripe_records import INQUIRIES, Charge, Dispute, Payment, Refund

DISPUTE_FEE = 1500
EVIDENCE_WITHIN_S = 9 * 24 * 3600
_DECLINED = {"code": "card_declined", "message": "Your card was declined."}
_BOUNCED = {"code": "payment_method_debit_failed", "message": "The bank refused the debit."}


def payment_document(payment: Payment) -> dict[str, Any]:
    """A PaymentIntent."""
    order, charge = payment.order, payment.charge
    is_paid = payment.status == "succeeded"
    return {
        "id": payment.id,
        "object": "payment_intent",
        **PAYMENT_NULLS,
        "amount": payment.amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": payment.amount if is_paid else 0,
        "capture_method": "automatic_async",
        "client_secret": f"{payment.id}_secret_marked",
        "confirmation_method": "automatic",
        "created": payment.created,
        "currency": order.currency,
        "description": order.description,
        "last_payment_error": _failure(charge) if charge and charge.status == "failed" else None,
        "latest_charge": charge.id if charge else None,
        "livemode": False,
        "metadata": dict(order.payment_metadata),
        "payment_method": charge and _method_id(charge),
        "payment_method_options": {},
        "payment_method_types": list(order.methods),
        "receipt_email": order.receipt_email,
        "statement_descriptor_suffix": order.statement_suffix,
        "status": payment.status,
    }


def charge_document(charge: Charge) -> dict[str, Any]:
    """A charge; its refunds are not part of it."""
    payment, order = charge.payment, charge.payment.order
    failure = _failure(charge) if charge.status == "failed" else None
    receipt = f"https://pay.stripe.example/receipts/{charge.id}"
    return {
        "id": charge.id,
        "object": "charge",
        **CHARGE_NULLS,
        "amount": payment.amount,
        "amount_captured": payment.amount if charge.status == "succeeded" else 0,
        "amount_refunded": charge.amount_refunded,
        "balance_transaction": f"txn_{charge.id}" if charge.status == "succeeded" else None,
        "billing_details": people.billing_details(order.customer_email),
        "calculated_statement_descriptor": "FLUXGEN SANDBOX",
        "captured": charge.status != "failed",
        "created": charge.created,
        "currency": order.currency,
        "description": order.description,
        "disputed": bool(charge.disputes),
        "failure_code": failure["code"] if failure else None,
        "failure_message": failure["message"] if failure else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(order.payment_metadata),
        "outcome": {"network_status": "approved_by_network", "type": "authorized"},
        "paid": charge.status == "succeeded",
        "payment_intent": payment.id,
        "payment_method": _method_id(charge),
        "payment_method_details": people.method_details(charge.method),
        "receipt_email": order.receipt_email,
        "receipt_url": receipt if charge.status == "succeeded" else None,
        "refunded": charge.amount_refunded >= payment.amount,
        "statement_descriptor_suffix": order.statement_suffix,
        "status": charge.status,
    }


def refund_document(refund: Refund) -> dict[str, Any]:
    """A refund. Of the payment's metadata it has none, only its own."""
    charge = refund.charge
    has_failed = refund.status == "failed"
    return {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": f"txn_{refund.id}",
        "charge": charge.id,
        "created": refund.created,
        "currency": charge.payment.order.currency,
        "destination_details": {charge.method: {"type": "refund"}, "type": charge.method},
        "failure_balance_transaction": f"txn_failed_{refund.id}" if has_failed else None,
        "failure_reason": "expired_or_canceled_card" if has_failed else None,
        "metadata": dict(refund.metadata),
        "payment_intent": charge.payment.id,
        "pending_reason": "processing" if refund.status == "pending" else None,
        "reason": refund.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": refund.status,
        "transfer_reversal": None,
    }


def dispute_document(dispute: Dispute) -> dict[str, Any]:
    """A dispute; an inquiry is one that moves no money."""
    charge = dispute.charge
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount,
        "balance_transactions": _movements(dispute),
        "charge": charge.id,
        "created": dispute.created,
        "currency": charge.payment.order.currency,
        "enhanced_eligibility_types": [],
        "evidence": {
            "billing_address": f"{people.STREET}, {people.CITY}, {people.POSTCODE}",
            "customer_email_address": people.EMAIL,
            "customer_name": people.NAME,
        },
        "evidence_details": {
            "due_by": dispute.created + EVIDENCE_WITHIN_S,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": dispute.status in (*INQUIRIES, "won"),
        "livemode": False,
        "metadata": {},
        "payment_intent": charge.payment.id,
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback", "network_reason_code": "10.4"},
            "type": charge.method,
        },
        "reason": "fraudulent",
        "status": dispute.status,
    }


def _movements(dispute: Dispute) -> list[dict[str, Any]]:
    return [
        {
            "id": f"txn_{number}_{dispute.id}",
            "object": "balance_transaction",
            "amount": moved,
            "currency": dispute.charge.payment.order.currency,
            "fee": DISPUTE_FEE if moved < 0 else 0,
            "net": moved - (DISPUTE_FEE if moved < 0 else 0),
            "reporting_category": "dispute" if moved < 0 else "dispute_reversal",
            "type": "adjustment",
        }
        for number, moved in enumerate(dispute.moved)
    ]


def _failure(charge: Charge) -> dict[str, Any]:
    wording = _DECLINED if charge.method == "card" else _BOUNCED
    return {
        **wording,
        "charge": charge.id,
        "payment_method": {
            "id": _method_id(charge),
            "object": "payment_method",
            "billing_details": people.billing_details(charge.payment.order.customer_email),
            **people.method_details(charge.method),
        },
        "type": "card_error" if charge.method == "card" else "invalid_request_error",
    }


def _method_id(charge: Charge) -> str:
    return f"pm_1{charge.id.removeprefix('ch_3')}"
