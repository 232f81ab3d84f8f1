"""Idempotency keys of the Stripe stand-in: the first result is kept, whatever it was."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.wrappers import Request, Response

from fluxgen.sandbox.stripe_refusals import StripeRefused

KEPT_FOR_S = 24 * 3600
MAX_KEYS = 100_000
MAX_KEY_LENGTH = 255


@dataclass(frozen=True)
class Result:
    """How a request was answered, at a time in unix seconds."""

    asked: object
    status: int
    body: bytes
    at: float


class Results:
    """The results by key, oldest first, for 24 hours, at most `MAX_KEYS`."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Result] = OrderedDict()
        self._under_way: set[str] = set()

    def once(self, request: Request, carry_out: Callable[[], Response]) -> Response:
        """Carry the request out, unless its key has a result already. Raises `StripeRefused`."""
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return carry_out()
        if len(key) > MAX_KEY_LENGTH:
            raise StripeRefused(f"Idempotency keys are at most {MAX_KEY_LENGTH} characters long.")
        asked = (request.path, sorted(request.form.items(multi=True)))
        if kept := self._kept_or_begin(key):
            return _again(kept, asked)
        try:
            response = carry_out()
            self._keep(key, asked, response)
        except StripeRefused as refused:
            if refused.is_result:
                self._keep(key, asked, refused.answer)
            raise
        finally:
            with self._lock:
                self._under_way.discard(key)
        return response

    def _kept_or_begin(self, key: str) -> Result | None:
        with self._lock:
            self._forget_old()
            if key in self._under_way:
                words = "Another request with this idempotency key is being carried out."
                raise StripeRefused(words, status=409, code="idempotency_key_in_use")
            if key not in self._kept:
                self._under_way.add(key)
            return self._kept.get(key)

    def _keep(self, key: str, asked: object, response: Response) -> None:
        with self._lock:
            result = Result(asked, response.status_code, response.get_data(), self._now())
            self._kept[key] = result

    def _forget_old(self) -> None:
        while self._kept:
            oldest = next(iter(self._kept.values()))
            if len(self._kept) < MAX_KEYS and oldest.at + KEPT_FOR_S >= self._now():
                break
            self._kept.popitem(last=False)


def _again(kept: Result, asked: object) -> Response:
    if kept.asked != asked:
        words = (
            "Keys for idempotent requests can only be used with the same parameters they were "
            "first used with."
        )
        raise StripeRefused(words, kind="idempotency_error")
    response = Response(kept.body, kept.status, mimetype="application/json")
    response.headers["Idempotent-Replayed"] = "true"
    return response
