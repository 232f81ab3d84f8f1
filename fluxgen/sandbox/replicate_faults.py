"""What may go wrong at the Replicate stand-in, switched on by tests and reliability runs."""

from dataclasses import dataclass
from typing import ClassVar

from fluxgen.sandbox.fault_switches import Switches


@dataclass
class Faults(Switches):
    """All switches, off. Set attributes in process, or `change` them over HTTP."""

    plain: ClassVar[frozenset[str]] = Switches.plain | {"retry_after"}

    # Answers to POST …/predictions
    create_refuse: float = 0
    create_unauthorised: float = 0
    create_no_credit: float = 0
    create_throttle: float = 0
    create_error: float = 0
    create_bad_gateway: float = 0
    create_lost: float = 0
    create_dropped: float = 0
    create_late: float = 0
    create_late_s: float = 40.0
    retry_after: int = 10
    # Every API request
    down: float = 0
    slow_get_s: float = 0.0
    # How a prediction ends
    predict_fail: float = 0
    predict_nsfw: float = 0
    predict_abort: float = 0
    predict_unknown_status: float = 0
    predict_slow: float = 0
    # What a succeeded prediction says about its files
    output_null: float = 0
    output_empty: float = 0
    output_fewer: float = 0
    output_swapped: float = 0
    output_expired: float = 0
    # What the files are
    output_not_image: float = 0
    output_huge: float = 0
    output_truncated: float = 0
    # What a model's document says
    schema_model_gone: float = 0
    schema_field_gone: float = 0
    schema_field_new: float = 0
    schema_narrowed: float = 0
    # How webhooks travel
    webhook_drop: float = 0
    webhook_duplicate: float = 0
    webhook_reorder: float = 0
    webhook_forged: float = 0
    webhook_delay_s: float = 0.0
