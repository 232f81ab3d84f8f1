"""Amounts of the Stripe stand-in as people read them."""

_NO_MINOR_UNIT = ("jpy", "krw")


def money(amount: int, currency: str) -> str:
    """1000 minor units of usd as `10.00 USD`."""
    if currency in _NO_MINOR_UNIT:
        return f"{amount} {currency.upper()}"
    return f"{amount // 100}.{amount % 100:02} {currency.upper()}"
