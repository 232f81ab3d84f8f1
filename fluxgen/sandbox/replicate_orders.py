"""Reading the request that creates a prediction: its input, webhook, deadline and patience."""

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request, Response

from fluxgen.sandbox.replicate_model import Model
from fluxgen.sandbox.routed import problem

MAX_WAIT_S = 60.0
WEBHOOK_EVENTS = ("start", "output", "logs", "completed")
EVENTS_WITHOUT_FILTER = ("output", "completed")
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_KNOWN_MEMBERS = frozenset({"input", "webhook", "webhook_events_filter", "stream", "version"})


@dataclass(frozen=True)
class Order:
    """A request that will become a prediction; durations in seconds, None or 0 for none."""

    model: Model
    input: dict[str, Any]
    webhook: str | None
    webhook_events: tuple[str, ...]
    cancel_after_s: float | None
    wait_s: float

    @property
    def prompt(self) -> str:
        """The words; upscalers take none."""
        return str(self.input.get("prompt", ""))


class OrderRefused(Exception):
    """A request Replicate would refuse, with its answer."""

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status)
        self.answer = answer


def read_order(request: Request, model: Model) -> Order:
    """Check the request against the model's schema. Raises `OrderRefused`."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not _KNOWN_MEMBERS.issuperset(body):
        raise _refused("The request body must be JSON with `input` and known members only.")
    given = body.get("input", {})
    if wrong := model.complaints(given):
        detail = "".join(f"- {one['field']}: {one['description']}\n" for one in wrong)
        raise _refused(detail, invalid_fields=wrong)
    webhook = body.get("webhook")
    if webhook is not None and not str(webhook).startswith(("https://", "http://")):
        raise _refused("- webhook: must be a web address\n")
    return Order(
        model=model,
        input=given,
        webhook=webhook,
        webhook_events=_events(body.get("webhook_events_filter")),
        cancel_after_s=_cancel_after_s(request),
        wait_s=_wait_s(request),
    )


def _events(chosen: object) -> tuple[str, ...]:
    if chosen is None:
        return EVENTS_WITHOUT_FILTER
    if not isinstance(chosen, list) or not all(one in WEBHOOK_EVENTS for one in chosen):
        raise _refused("- webhook_events_filter: must be of start, output, logs, completed\n")
    return tuple(chosen)


def _cancel_after_s(request: Request) -> float | None:
    """`Cancel-After: 1h30m45s`, or plain seconds."""
    written = request.headers.get("Cancel-After", "").strip()
    if not written:
        return None
    found = _DURATION.fullmatch(f"{written}s" if written.isdigit() else written)
    if found is None:
        raise _refused("Cancel-After must look like 30s, 5m or 1h30m45s.")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(3600 * hours + 60 * minutes + seconds)


def _wait_s(request: Request) -> float:
    """`Prefer: wait` or `Prefer: wait=N`, at most 60."""
    name, _, asked = request.headers.get("Prefer", "").strip().partition("=")
    if name != "wait":
        return 0.0
    return min(float(asked), MAX_WAIT_S) if asked.isdigit() else MAX_WAIT_S


def _refused(detail: str, **members: object) -> OrderRefused:
    return OrderRefused(problem(422, "Input validation failed", detail, **members))
