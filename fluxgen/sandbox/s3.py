"""A stand-in for an S3 object store."""

from collections.abc import Callable

from fluxgen.sandbox.routed import Routed


class S3Sandbox(Routed):
    """The WSGI app."""

    def __init__(self, *, now: Callable[[], float]) -> None:
        super().__init__()
