"""FluxGen: make pictures with AI models, and keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from fluxgen.settings import Settings

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """Put the house together. Raises `Misconfigured`.

    The rooms are imported when they are needed: the sandboxes live in this package, too, and
    start without them.
    """
    from fluxgen.roof import put_together
    from fluxgen.settings import Settings

    return put_together(settings or Settings.load())
