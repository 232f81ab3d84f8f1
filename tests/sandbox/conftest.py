"""The sandbox in process, on a clock the test moves, and the official Replicate client on it."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from replicate.client import Client

from fluxgen.sandbox import Sandbox, create_sandbox

BASE_URL = "http://sandbox.test"
QUICK = {"SANDBOX_PAINTER": "quick"}


@dataclass
class Clock:
    """Unix seconds that only move when told."""

    at: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    """Finishes predictions at once."""
    made = create_sandbox({**QUICK, "SANDBOX_PACE": "0"}, now=clock)
    yield made
    made.close()


@pytest.fixture
def slow_sandbox(clock: Clock) -> Iterator[Sandbox]:
    """Takes as long as the real models, on the test's clock."""
    made = create_sandbox(QUICK, now=clock)
    yield made
    made.close()


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with browser(sandbox) as client:
        yield client


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    return official(sandbox)


def browser(sandbox: Sandbox) -> httpx.Client:
    """Plain HTTP to the sandbox, without a token."""
    return httpx.Client(transport=httpx.WSGITransport(app=sandbox), base_url=BASE_URL)


def official(sandbox: Sandbox) -> Client:
    """The official Replicate client."""
    return Client(
        "token",
        base_url=f"{BASE_URL}/replicate",
        transport=httpx.WSGITransport(app=sandbox),
    )
