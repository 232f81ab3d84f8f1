"""Sends the stand-ins' webhooks: an agenda says when, a few threads send."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import httpx

from fluxgen.sandbox.agenda import Agenda

log = logging.getLogger(__name__)

SENDERS = 4
SEND_TIMEOUT_S = 5.0

T = TypeVar("T")


class Courier(Agenda[T]):
    """Calls `set_out` when a delivery is due, and `send` in a sender's thread once handed over.

    `transport` replaces the network, for tests in process.
    """

    def __init__(
        self,
        set_out: Callable[[T], None],
        send: Callable[[T], None],
        now: Callable[[], float],
        *,
        transport: httpx.BaseTransport | None,
    ) -> None:
        super().__init__(set_out, now, name="sandbox-webhooks")
        self._send = send
        self._transport = transport
        self._client: httpx.Client | None = None
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="sandbox-webhook")

    def hand_over(self, delivery: T) -> None:
        """Send it as soon as a sender is free."""
        if self.begin():
            try:
                self._pool.submit(self._deliver, delivery)
            except RuntimeError:  # closed between the two lines: the pool takes nothing more
                self.finish()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> bool:
        """Send once; whether the answer was 2xx. Redirects are not followed."""
        try:
            answer = self._lines().post(url, content=body, headers=dict(headers))
        except Exception:  # in process, the receiver's own errors come out here
            log.warning("webhook not delivered", exc_info=True)
            return False
        return answer.is_success

    def close(self) -> None:
        """Send nothing more."""
        super().close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _lines(self) -> httpx.Client:
        """Made when first needed, for it takes a tenth of a second."""
        with self._changed:
            if self._client is None:
                self._client = httpx.Client(
                    transport=self._transport, timeout=SEND_TIMEOUT_S, trust_env=False
                )
            return self._client

    def _deliver(self, delivery: T) -> None:
        try:
            self._send(delivery)
        finally:
            self.finish()
