"""The adapters over their sandboxes: images in process, every request remembered; payments on a
real socket."""

from __future__ import annotations

import httpx
import pytest

from fluxgen.adapters.images import ReplicateImages
from fluxgen.adapters.stripe_payments import StripePayments
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.stripe import SANDBOX_STRIPE_WEBHOOK_SECRET
from tests.adapters.bills import bill
from tests.adapters.wires import images_over
from tests.support.sandboxes import SandboxServer
from tests.support.transports import Recorder


@pytest.fixture
def wire(sandbox: Sandbox) -> Recorder:
    return Recorder(httpx.WSGITransport(app=sandbox))


@pytest.fixture
def images(wire: Recorder) -> ReplicateImages:
    return images_over(wire)


@pytest.fixture
def stripe_api(sandbox_server: SandboxServer, sandbox: Sandbox) -> str:
    """Where Stripe's sandbox answers."""
    return f"{sandbox_server.url}/stripe"


@pytest.fixture
def payments(stripe_api: str) -> StripePayments:
    return StripePayments(
        key="sk_test_sandbox",
        webhook_secret=SANDBOX_STRIPE_WEBHOOK_SECRET,
        api_base=stripe_api,
    )


@pytest.fixture
def payment_id(payments: StripePayments, sandbox: Sandbox) -> str:
    """A payment of €18.00 that has arrived."""
    return sandbox.stripe.pay(payments.start(bill()).session_id)
