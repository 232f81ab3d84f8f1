"""Members of Stripe's documents that the stand-in always leaves null."""

from typing import Any

PAYMENT_NULLS: dict[str, Any] = dict.fromkeys(
    (
        "application",
        "application_fee_amount",
        "automatic_payment_methods",
        "canceled_at",
        "cancellation_reason",
        "customer",
        "next_action",
        "on_behalf_of",
        "processing",
        "review",
        "setup_future_usage",
        "shipping",
        "source",
        "statement_descriptor",
        "transfer_data",
        "transfer_group",
    )
)
CHARGE_NULLS: dict[str, Any] = dict.fromkeys(
    (
        "application",
        "application_fee",
        "application_fee_amount",
        "customer",
        "failure_balance_transaction",
        "on_behalf_of",
        "receipt_number",
        "review",
        "shipping",
        "source",
        "source_transfer",
        "statement_descriptor",
        "transfer_data",
        "transfer_group",
    )
)
SESSION_NULLS: dict[str, Any] = dict.fromkeys(
    (
        "after_expiration",
        "allow_promotion_codes",
        "billing_address_collection",
        "client_secret",
        "collected_information",
        "consent",
        "consent_collection",
        "currency_conversion",
        "customer",
        "invoice",
        "origin_context",
        "payment_link",
        "permissions",
        "presentment_details",
        "recovered_from",
        "saved_payment_method_options",
        "setup_intent",
        "shipping_address_collection",
        "shipping_cost",
        "subscription",
        "wallet_options",
    )
)
