"""What a request asks the Stripe stand-in to make, read strictly."""

import re
from dataclasses import dataclass

from fluxgen.sandbox.stripe_params import Params

EXPIRES_AFTER_S = 24 * 3600
EARLIEST_EXPIRY_S, LATEST_EXPIRY_S = 30 * 60, 24 * 3600
MAX_LINE_ITEMS = 100
MINIMUM_AMOUNT = 50
METHODS = ("card", "sepa_debit")
_TOO_SMALL = "The Checkout Session's total amount must convert to at least 50 cents."
_BOTH = "You may only specify one of these parameters: customer, customer_email."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
CURRENCIES = frozenset(
    [
        "aud",
        "bgn",
        "brl",
        "cad",
        "chf",
        "czk",
        "dkk",
        "eur",
        "gbp",
        "hkd",
        "huf",
        "inr",
        "jpy",
        "krw",
        "mxn",
        "myr",
        "nok",
        "nzd",
        "pln",
        "ron",
        "sek",
        "sgd",
        "thb",
        "try",
        "usd",
        "zar",
    ]
)
REASONS = ("duplicate", "fraudulent", "requested_by_customer")
# Known, checked for sense, and without any effect on the stand-in.
_SWITCHES = ("adaptive_pricing", "automatic_tax", "invoice_creation", "tax_id_collection")


@dataclass(frozen=True)
class LineItem:
    """One line of a session; amounts in minor units."""

    name: str
    description: str | None
    currency: str
    unit_amount: int
    quantity: int


@dataclass(frozen=True)
class SessionOrder:
    """A valid request for a Checkout Session. Times in unix seconds."""

    line_items: tuple[LineItem, ...]
    success_url: str
    cancel_url: str | None
    expires_at: int
    client_reference_id: str | None
    customer_email: str | None
    metadata: dict[str, str]
    payment_metadata: dict[str, str]
    description: str | None
    receipt_email: str | None
    statement_suffix: str | None
    methods: tuple[str, ...]
    locale: str | None
    submit_type: str | None

    @property
    def amount(self) -> int:
        """What it costs, in minor units."""
        return sum(item.unit_amount * item.quantity for item in self.line_items)

    @property
    def currency(self) -> str:
        """The one currency of all lines."""
        return self.line_items[0].currency


@dataclass(frozen=True)
class RefundOrder:
    """A valid request for a refund; `amount` in minor units, None for all that is left."""

    payment_intent: str | None
    charge: str | None
    amount: int | None
    reason: str | None
    metadata: dict[str, str]


def read_session_order(params: Params, now: int) -> SessionOrder:
    """Read the parameters of POST /v1/checkout/sessions. Raises `StripeRefused`."""
    if (
        params.needed(params.one_of("mode", "payment", "setup", "subscription"), "mode")
        != "payment"
    ):
        raise params.wrong("mode", "Invalid mode: the sandbox plays one-time payments only.")
    if "customer" in params and "customer_email" in params:
        raise params.wrong("customer", _BOTH)
    _read_ineffective(params)
    payment = params.group("payment_intent_data") or Params({})
    order = SessionOrder(
        line_items=_line_items(params),
        success_url=params.needed(params.address("success_url"), "success_url"),
        cancel_url=params.address("cancel_url"),
        expires_at=_expiry(params, now),
        client_reference_id=params.text("client_reference_id", longest=200),
        customer_email=_email(params, "customer_email"),
        metadata=params.metadata(),
        payment_metadata=payment.metadata(),
        description=payment.text("description", longest=1000),
        receipt_email=_email(payment, "receipt_email"),
        statement_suffix=payment.text("statement_descriptor_suffix", longest=22),
        methods=_methods(params),
        locale=params.text("locale", longest=10),
        submit_type=params.one_of("submit_type", "auto", "book", "donate", "pay", "subscribe"),
    )
    if customer := params.text("customer"):
        raise params.wrong("customer", f"No such customer: '{customer}'", "resource_missing")
    params.finish()
    if order.amount < MINIMUM_AMOUNT:
        raise params.wrong("line_items", _TOO_SMALL, "amount_too_small")
    return order


def read_refund_order(params: Params) -> RefundOrder:
    """Read the parameters of POST /v1/refunds. Raises `StripeRefused`."""
    order = RefundOrder(
        payment_intent=params.text("payment_intent"),
        charge=params.text("charge"),
        amount=params.integer("amount", lowest=1),
        reason=params.one_of("reason", *REASONS),
        metadata=params.metadata(),
    )
    params.finish()
    if (order.payment_intent is None) == (order.charge is None):
        words = "Exactly one of these parameters must be given: payment_intent, charge."
        raise params.wrong("payment_intent", words, "parameter_missing")
    return order


def _line_items(params: Params) -> tuple[LineItem, ...]:
    groups = params.groups("line_items")
    if not 1 <= len(groups) <= MAX_LINE_ITEMS:
        words = f"You must specify 1 to {MAX_LINE_ITEMS} line items in payment mode."
        raise params.wrong("line_items", words, None if groups else "parameter_missing")
    items = tuple(_line_item(group) for group in groups)
    if len({item.currency for item in items}) > 1:
        raise params.wrong("line_items", "All line items must have the same currency.")
    return items


def _line_item(item: Params) -> LineItem:
    price = item.needed(item.group("price_data"), "price_data")
    product = price.needed(price.group("product_data"), "product_data")
    currency = price.needed(price.text("currency"), "currency").lower()
    if currency not in CURRENCIES:
        raise price.wrong("currency", f"Invalid currency: {currency}")
    price.one_of("tax_behavior", "exclusive", "inclusive", "unspecified")
    product.text("tax_code")
    product.metadata()
    return LineItem(
        name=product.needed(product.text("name", longest=250), "name"),
        description=product.text("description"),
        currency=currency,
        unit_amount=price.needed(price.integer("unit_amount", lowest=1), "unit_amount"),
        quantity=item.needed(item.integer("quantity", lowest=1, highest=999_999), "quantity"),
    )


def _expiry(params: Params, now: int) -> int:
    expires_at = params.integer("expires_at", highest=10**12)
    if expires_at is None:
        return now + EXPIRES_AFTER_S
    if not now + EARLIEST_EXPIRY_S <= expires_at <= now + LATEST_EXPIRY_S:
        words = (
            "The `expires_at` timestamp must be between 30 minutes and 24 hours "
            "from Checkout Session creation."
        )
        raise params.wrong("expires_at", words)
    return expires_at


def _email(params: Params, name: str) -> str | None:
    email = params.text(name, longest=512)
    if email is not None and not _EMAIL.fullmatch(email):
        raise params.wrong(name, f"Invalid email address: {email}", "email_invalid")
    return email


def _methods(params: Params) -> tuple[str, ...]:
    """The ways to pay that are left, of the two the stand-in plays."""
    allowed = params.texts("allowed_payment_method_types", most=100)
    excluded = params.texts("excluded_payment_method_types", most=100)
    if allowed and excluded:
        words = "allowed_payment_method_types and excluded_payment_method_types exclude each other."
        raise params.wrong("excluded_payment_method_types", words)
    methods = tuple(
        method for method in METHODS if method not in excluded and method in (allowed or METHODS)
    )
    if not methods:
        words = f"The sandbox plays only: {', '.join(METHODS)}."
        raise params.wrong("allowed_payment_method_types", words)
    return methods


def _read_ineffective(params: Params) -> None:
    for name in _SWITCHES:
        if inner := params.group(name):
            inner.needed(inner.flag("enabled"), "enabled")
    params.flag("allow_promotion_codes")
    params.one_of("billing_address_collection", "auto", "required")
    params.one_of("customer_creation", "always", "if_required")
    params.one_of("ui_mode", "hosted_page")
    if consent := params.group("consent_collection"):
        consent.one_of("terms_of_service", "none", "required")
    if words := params.group("custom_text"):
        submit = words.needed(words.group("submit"), "submit")
        submit.needed(submit.text("message", longest=1200), "message")
