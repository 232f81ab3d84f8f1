"""The person who pays at the Stripe stand-in: marked data, to prove that none of it is kept."""

from typing import Any

NAME = "Marked-Name Zwingenberger"
EMAIL = "marked-email@payer.example"
PHONE = "+441632960137"
STREET = "7 Marked-Street"
CITY = "Marked-City"
POSTCODE = "MRK 9Q9"
LAST4 = "9137"
FINGERPRINT = "MarkedFingerprint7Q"
CARD_NETWORK_ID = "marked-network-transaction"
IBAN_LAST4 = "8204"

MARKS = (NAME, EMAIL, PHONE, STREET, CITY, POSTCODE, FINGERPRINT, CARD_NETWORK_ID)
"""None of these may ever be found in an app's stores or logs."""

MARKED_DIGITS = (LAST4, IBAN_LAST4)
"""Nor these as whole values; four digits may turn up by chance inside others."""


def address() -> dict[str, Any]:
    """A postal address."""
    return {
        "city": CITY,
        "country": "GB",
        "line1": STREET,
        "line2": None,
        "postal_code": POSTCODE,
        "state": None,
    }


def customer_details(email: str | None) -> dict[str, Any]:
    """What a finished session tells about who paid."""
    return {
        "address": address(),
        "business_name": None,
        "email": email or EMAIL,
        "individual_name": None,
        "name": NAME,
        "phone": PHONE,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def billing_details(email: str | None) -> dict[str, Any]:
    """What a charge tells about who paid."""
    return {
        "address": address(),
        "email": email or EMAIL,
        "name": NAME,
        "phone": PHONE,
        "tax_id": None,
    }


def method_details(method: str) -> dict[str, Any]:
    """What a charge tells about the card, or the bank account of a delayed payment."""
    if method != "card":
        account = {
            "bank_code": "37040044",
            "branch_code": "",
            "country": "DE",
            "fingerprint": FINGERPRINT,
            "last4": IBAN_LAST4,
            "mandate": None,
        }
        return {"type": method, method: account}
    card = {
        "brand": "visa",
        "checks": {
            "address_line1_check": "pass",
            "address_postal_code_check": "pass",
            "cvc_check": "pass",
        },
        "country": "GB",
        "exp_month": 11,
        "exp_year": 2031,
        "fingerprint": FINGERPRINT,
        "funding": "credit",
        "last4": LAST4,
        "network": "visa",
        "network_transaction_id": CARD_NETWORK_ID,
        "three_d_secure": None,
        "wallet": None,
    }
    return {"type": "card", "card": card}
