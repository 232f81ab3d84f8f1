"""Who makes the pictures. Nothing outside this file knows Replicate's vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol, assert_never

import httpx
from replicate.client import Client
from replicate.exceptions import ReplicateError
from replicate.prediction import Prediction as Found
from replicate.webhook import Webhooks, WebhookSigningSecret

from fluxgen.adapters.replicate_transport import Busy, ReplicateTransport
from fluxgen.errors import MayWorkLater, NeverWill, OutcomeUnknown

WEBHOOK_TOLERANCE_S = 300
LOOK_BACK_S = 60
LIST_PAGES_MAX = 5
DEFAULT_RETRY_S = 30.0


class Progress(StrEnum):
    """How far the provider is."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Prediction:
    """What the provider says of one attempt. `failure` is one of our failure words."""

    id: str
    progress: Progress
    output_urls: tuple[str, ...] = ()
    percent: int | None = None
    failure: str | None = None


@dataclass(frozen=True)
class Order:
    """One attempt at a generation: what is sent, and the token that names it.

    `model` is `owner/name`, or `owner/name:version` for one that is called by its version.
    """

    model: str
    input: Mapping[str, Any]
    attempt_token: str
    ordered_at: datetime


class Images(Protocol):
    """Anything that turns a prompt into pictures, later."""

    def start(self, order: Order) -> str:
        """Order it; the prediction's id. Raises `NeverWill`, `MayWorkLater` (certainly not
        taken) and `OutcomeUnknown` (look with `find` before ordering again)."""

    def find(self, order: Order) -> list[str]:
        """The ids of the predictions that this order may have become, newest first.

        Raises `MayWorkLater`."""

    def check(self, prediction_id: str) -> Prediction:
        """How far it is. Raises `MayWorkLater` and `NeverWill`."""

    def cancel(self, prediction_id: str) -> None:
        """Ask for it to stop. Raises `MayWorkLater`."""

    def is_genuine(self, headers: Mapping[str, str], body: str) -> bool:
        """Whether this webhook was signed by the provider, lately."""


class ReplicateImages:
    """The real one, through Replicate's own client."""

    def __init__(
        self,
        *,
        token: str,
        base_url: str,
        webhook_secret: str,
        webhooks_from: str,
        sends_webhooks: bool = True,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._token = token
        self._base_url = base_url
        self._secret = WebhookSigningSecret(key=webhook_secret)
        self._webhooks_from = webhooks_from
        self._sends_webhooks = sends_webhooks
        self._transport = transport

    @cached_property
    def _client(self) -> Client:
        return Client(
            api_token=self._token,
            base_url=self._base_url,
            transport=ReplicateTransport(self._transport),
        )

    def start(self, order: Order) -> str:
        try:
            found = self._create(order)
        except Busy as busy:
            raise MayWorkLater("busy", busy.retry_after_s or DEFAULT_RETRY_S) from busy
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as trouble:
            raise MayWorkLater("not reached") from trouble
        except httpx.HTTPError as trouble:
            raise OutcomeUnknown(type(trouble).__name__) from trouble
        except ReplicateError as error:
            raise _refusal(error) from error
        return found.id

    def find(self, order: Order) -> list[str]:
        since = order.ordered_at - timedelta(seconds=LOOK_BACK_S)
        stamp = since.isoformat().replace("+00:00", "Z")
        cursor: str | None = f"/v1/predictions?created_after={stamp}"
        matching: list[str] = []
        for _ in range(LIST_PAGES_MAX):
            page = self._ask(self._client.predictions.list, cursor)
            matching += [found.id for found in page.results if self._is(found, order)]
            cursor = page.next
            if cursor is None:
                break
        return matching

    def check(self, prediction_id: str) -> Prediction:
        return _translated(self._ask(self._client.predictions.get, prediction_id))

    def cancel(self, prediction_id: str) -> None:
        self._ask(self._client.predictions.cancel, prediction_id)

    def is_genuine(self, headers: Mapping[str, str], body: str) -> bool:
        try:
            Webhooks.validate(
                headers=dict(headers),
                body=body,
                secret=self._secret,
                tolerance=WEBHOOK_TOLERANCE_S,
            )
        except ValueError:  # the SDK's own errors are ValueErrors, and a bad time is a plain one
            return False
        return True

    def _create(self, order: Order) -> Found:
        name, _, version = order.model.partition(":")
        asked = {"input": dict(order.input), **self._webhook(order)}
        if version:
            return self._client.predictions.create(version=version, **asked)
        return self._client.models.predictions.create(name, **asked)

    def _webhook(self, order: Order) -> dict[str, Any]:
        if not self._sends_webhooks:
            return {}
        return {
            "webhook": self._webhook_url(order),
            "webhook_events_filter": ["start", "completed"],
        }

    def _webhook_url(self, order: Order) -> str:
        return f"{self._webhooks_from}/webhooks/replicate/{order.attempt_token}"

    def _is(self, found: Found, order: Order) -> bool:
        """Whether a listed prediction may be this order: by its webhook where the list echoes
        it, else by the whole input. A seed that nobody chose makes that unique; of equal
        orders with a chosen seed, or none, either one's prediction serves the other."""
        echoed = (found.urls or {}).get("webhook")
        if echoed:
            return bool(echoed == self._webhook_url(order))
        sent = found.input or {}
        return all(sent.get(name) == value for name, value in order.input.items())

    def _ask(self, question: Callable[[Any], Any], about: Any) -> Any:
        """A question that changes nothing: any trouble is worth another try later."""
        try:
            return question(about)
        except Busy as busy:
            raise MayWorkLater("busy", busy.retry_after_s) from busy
        except httpx.HTTPError as trouble:
            raise MayWorkLater(type(trouble).__name__) from trouble
        except ReplicateError as error:
            if error.status == 404:
                raise NeverWill("lost") from error
            raise MayWorkLater(f"answered {error.status}") from error


def _refusal(error: ReplicateError) -> Exception:
    """What an answer to an order means (provider-facts 1.5)."""
    match error.status:
        case 400 | 404 | 422:
            return NeverWill("refused")
        case 401 | 402 | 403:
            return NeverWill("unavailable")
        case _:
            return OutcomeUnknown(f"answered {error.status}")


def _translated(found: Found) -> Prediction:
    """Replicate's words in ours; the transport has seen to it that there are no others."""
    match found.status:
        case "starting":
            return Prediction(found.id, Progress.QUEUED)
        case "processing":
            logged = found.progress
            percent = round(logged.percentage * 100) if logged else None
            return Prediction(found.id, Progress.RUNNING, percent=percent)
        case "succeeded":
            urls = _urls(found.output)
            failure = None if urls else ("lost" if found.error else "nothing")
            return Prediction(found.id, Progress.SUCCEEDED, output_urls=urls, failure=failure)
        case "failed":
            failure = _failure(found.error or "")
            return Prediction(found.id, Progress.FAILED, failure=failure)
        case "canceled":
            return Prediction(found.id, Progress.CANCELLED, failure="stopped")
    assert_never(found.status)


def _urls(output: Any) -> tuple[str, ...]:
    """A model answers with an address, a list of them, or nothing, and changes its mind."""
    found = output if isinstance(output, list) else [output]
    return tuple(str(url) for url in found if url)


def _failure(error: str) -> str:
    """The failure word for a model's own text (texts: provider-facts 2)."""
    words = error.lower()
    blocked = ("nsfw", "sensitive", "safety", "e005", "moderat")
    return "blocked" if any(word in words for word in blocked) else "failed"
