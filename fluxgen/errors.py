"""What can go wrong, in our words. Every error a floor lets out is one of these."""

from __future__ import annotations

from fluxgen.words import ngettext

SHOWN_MAX = 20
"""What is repeated of a price that somebody else may have written."""


class FluxGenError(Exception):
    """Anything that FluxGen itself raises."""


class Misconfigured(FluxGenError):
    """The settings make no sense; the words say which one and why."""


class Refused(FluxGenError):
    """The request makes no sense as it is; `words` are for the person, `field` says where."""

    def __init__(self, words: str, field: str = "form") -> None:
        super().__init__(words)
        self.words = words
        self.field = field


class InsufficientCredits(Refused):
    """The balance is short by `missing` credits."""

    def __init__(self, needed: int, available: int, owed: int = 0) -> None:
        words = ngettext(
            "This needs %(num)s credit and you have %(available)s.",
            "This needs %(num)s credits and you have %(available)s.",
            needed,
            available=available,
        )
        if owed:
            words = ngettext(
                "You owe %(num)s credit, because a payment was taken back. Credits that you buy "
                "repay it first.",
                "You owe %(num)s credits, because a payment was taken back. Credits that you buy "
                "repay them first.",
                owed,
            )
        super().__init__(words)
        self.missing = needed - available + owed


class PriceChanged(Refused):
    """What was pressed said another price than this costs; nothing was charged."""

    def __init__(self, shown: str, cost: int) -> None:
        shown = shown[:SHOWN_MAX]
        super().__init__(
            ngettext(
                "This costs %(num)s credit, and the button said %(shown)s. Nothing was charged. "
                "Send it again if that is right.",
                "This costs %(num)s credits, and the button said %(shown)s. Nothing was charged. "
                "Send it again if that is right.",
                cost,
                shown=shown,
            )
        )


class TooMany(Refused):
    """A limit is reached; worth another try after `retry_after_s` seconds."""

    def __init__(self, words: str, retry_after_s: int) -> None:
        super().__init__(words)
        self.retry_after_s = retry_after_s


class AgainstRules(Refused):
    """What is asked for is against our own rule of this name, whoever asks."""

    def __init__(self, rule: str, words: str, field: str = "prompt") -> None:
        super().__init__(words, field)
        self.rule = rule


class Unreachable(Refused):
    """A provider that has to answer within the request does not; worth another try soon."""


class LeaseLost(FluxGenError):
    """Another worker has taken this row over: whatever we hold about it is stale."""


class MayWorkLater(FluxGenError):
    """A provider could not answer now; `retry_after_s` seconds is its own or our guess."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class Silent(MayWorkLater):
    """A provider did not answer at all; the next question would wait as long."""


class NeverWill(FluxGenError):
    """A provider refused for good; `reason` is one of our failure words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OutcomeUnknown(FluxGenError):
    """A write may or may not have reached the provider: look before doing it again."""
