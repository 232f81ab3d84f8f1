"""A person at the door: signs in through the Google sandbox and asks for pictures, over HTTP."""

from __future__ import annotations

import contextlib
import secrets
import time
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

TIMEOUT_S = 20.0
TRIES_MAX = 120
PAUSE_S = 0.25
REDIRECTS_MAX = 10


class TurnedAway(Exception):
    """The house did not do what was asked, however often."""


class Visitor:
    """Somebody with a browser that runs no scripts."""

    def __init__(self, house_url: str, name: str) -> None:
        self.name = name
        self.http = httpx.Client(base_url=house_url, timeout=TIMEOUT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()

    def sign_in(self) -> Self:
        """Through the chooser and, the first time, the two questions."""
        chooser = self._follow(self.http.get("/signin/google"))
        email = f"{self.name}@example.test"
        chosen = {"email": email, "name": self.name.capitalize()}
        arrived = self._follow(self.http.post(chooser.url, data=chosen))
        if arrived.url.path == "/signin/welcome":
            arrived = self._follow(self.post("/signin/welcome", age13="yes", terms="yes"))
        if arrived.url.path != "/studio" or not arrived.is_success:
            raise TurnedAway(f"sign-in ended at {arrived.url} ({arrived.status_code})")
        return self

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form from our own page."""
        origin = str(self.http.base_url).rstrip("/")
        return self.http.post(path, data=fields, headers={"Origin": origin})

    def ask_for(
        self,
        prompt: str,
        count: int = 1,
        model: str = "flux-schnell",
        tier: str = "draft",
        aspect_ratio: str = "1:1",
    ) -> str:
        """Ask until it is answered, always with the same nonce; the generation's public id.

        A server that dies in between is asked again, at most `TRIES_MAX` times.
        """
        form = {
            "prompt": prompt,
            "model": model,
            "tier": tier,
            "aspect_ratio": aspect_ratio,
            "count": str(count),
            "nonce": secrets.token_urlsafe(16),
        }
        said = ""
        for _ in range(TRIES_MAX):
            try:
                answer = self.post("/generations", **form)
            except httpx.HTTPError as trouble:
                said = type(trouble).__name__
            else:
                if answer.status_code == httpx.codes.SEE_OTHER:
                    return answer.headers["Location"].rpartition("/")[2]
                said = str(answer.status_code)
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    break
            time.sleep(PAUSE_S)
        raise TurnedAway(f"a form was answered {said}")

    def change_mind(self, public_id: str) -> None:
        """Ask for it to be cancelled; it may be too late, or nobody may hear."""
        with contextlib.suppress(httpx.HTTPError):
            self.post(f"/generations/{public_id}/cancel")

    def _follow(self, answer: httpx.Response) -> httpx.Response:
        for _ in range(REDIRECTS_MAX):
            if not answer.is_redirect:
                return answer
            answer = self.http.get(urljoin(str(answer.url), answer.headers["Location"]))
        raise TurnedAway("redirected in circles")
