"""What goes over the wire: remembered on its way to a sandbox, or answered from a list."""

from __future__ import annotations

from collections.abc import Callable

import httpx

Answer = httpx.Response | Exception


class Recorder(httpx.BaseTransport):
    """Passes requests on and remembers them."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.requests: list[httpx.Request] = []
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._inner.handle_request(request)


class Answers(httpx.BaseTransport):
    """Gives the same answer to every request, as a provider in this state would."""

    def __init__(self, answer: Callable[[], Answer]) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answer()
        if isinstance(answer, Exception):
            raise answer
        return answer
