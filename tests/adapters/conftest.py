"""The image adapter over the sandbox in process, every request remembered."""

from __future__ import annotations

import httpx
import pytest

from fluxgen.adapters.images import ReplicateImages
from fluxgen.sandbox import Sandbox
from tests.adapters.wires import images_over
from tests.support.transports import Recorder


@pytest.fixture
def wire(sandbox: Sandbox) -> Recorder:
    return Recorder(httpx.WSGITransport(app=sandbox))


@pytest.fixture
def images(wire: Recorder) -> ReplicateImages:
    return images_over(wire)
