"""What may go wrong at the Stripe stand-in, switched on by tests and reliability runs."""

from dataclasses import dataclass

from fluxgen.sandbox.fault_switches import Switches


@dataclass
class StripeFaults(Switches):
    """All switches, off. Set attributes in process, or `change` them over HTTP."""

    # Every API request
    down: float = 0
    slow_s: float = 0.0
    # Creating sessions and refunds: 500 before anything is made; made, and then 500 or no answer
    create_error: float = 0
    create_lost: float = 0
    create_dropped: float = 0
    # How refunds go on
    refund_pending: float = 0
    refund_fail: float = 0
    # How webhooks travel
    webhook_drop: float = 0
    webhook_duplicate: float = 0
    webhook_reorder: float = 0
    webhook_forged: float = 0
    webhook_delay_s: float = 0.0
