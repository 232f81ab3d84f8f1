"""What the house says in its logs, as `fluxgen.logs` sends it to standard error."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from fluxgen import logs


@contextmanager
def recorded() -> Iterator[io.StringIO]:
    """Every line of this process from here on; the stream is put back in the end."""
    said = io.StringIO()
    try:
        with mock.patch.object(sys, "stderr", said):
            logs.configure()
            yield said
    finally:
        logs.configure()
