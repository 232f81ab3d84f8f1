"""What `make run` is asked to start, read from the environment and `.env`, and how each part starts."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from dotenv import dotenv_values

from fluxgen.sandbox.processes import Program
from fluxgen.sandbox.run_folder import CannotRun

DEFAULT_PORT = 8000
LISTEN_BACKLOG = 512
# A provider whose setting is empty is played by its sandbox.
SANDBOXED_WITHOUT = {
    "Google": "GOOGLE_CLIENT_ID",
    "Replicate": "REPLICATE_API_TOKEN",
    "Stripe": "STRIPE_SECRET_KEY",
}


@dataclass(frozen=True)
class Plan:
    """One run: where, on which port, with which providers pretended."""

    root: Path
    instance: Path
    port: int
    public_url: str
    redis_url: str
    """Empty: start our own."""
    pretended: tuple[str, ...]
    environ: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, root: Path, environ: Mapping[str, str]) -> Self:
        """As fluxgen.settings reads them: the environment first, then `.env`."""
        given = dotenv_values(root / ".env")
        given |= {name: value for name, value in environ.items() if value}
        production = given.get("FLUXGEN_ENV") == "production"
        port = _port(given.get("PORT") or str(DEFAULT_PORT))
        lacking = (name for name, setting in SANDBOXED_WITHOUT.items() if not given.get(setting))
        return cls(
            root=root,
            instance=root / (given.get("INSTANCE_DIR") or "instance"),
            port=port,
            public_url=given.get("PUBLIC_URL") or f"http://localhost:{port}",
            redis_url=given.get("REDIS_URL") or "",
            # In production nothing is pretended: settings refuse to start instead.
            pretended=() if production else tuple(lacking),
            environ=environ,
        )

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).netloc

    def ready_line(self) -> str:
        sandboxes = f"  (sandboxes: {', '.join(self.pretended)})" if self.pretended else ""
        return f"FluxGen is ready: {self.public_url}{sandboxes}"


def listen(port: int = 0) -> socket.socket:
    """A listening socket on loopback, to hand to a web server; 0 takes any free port.

    Holding the socket ourselves makes asking for the port and taking it one act, and keeps
    visitors waiting instead of refused while a web server that died starts again.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(LISTEN_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {port} is taken."
        else:
            reason = f"Port {port} cannot be used ({error.strerror})."
        raise CannotRun(
            f"{reason} Set PORT to another one, e.g. PORT={port + 1} make run"
        ) from error
    return listener


def migrations(plan: Plan, environ: Mapping[str, str]) -> Program:
    """Brings the database up to date, before anything else starts."""
    return Program("migrate", _flask("migrate", "up"), environ, plan.root)


def web(plan: Plan, environ: Mapping[str, str], listener: socket.socket) -> Program:
    """The pages."""
    argv = _gunicorn(listener, "wsgi:app", workers=2, threads=8)
    return Program("web", argv, environ, plan.root, 3.0, (listener.fileno(),))


def worker(plan: Plan, environ: Mapping[str, str]) -> Program:
    """Takes the steps of generations and purchases."""
    return Program("worker", _flask("worker"), environ, plan.root, 3.0)


def sandbox(plan: Plan, environ: Mapping[str, str], listener: socket.socket) -> Program:
    """One process, because the sandbox keeps its state in memory."""
    argv = _gunicorn(listener, "fluxgen.sandbox:create_sandbox()", workers=1, threads=32)
    return Program("sandbox", argv, environ, plan.root, inherited=(listener.fileno(),))


def _flask(*words: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *words]


def _gunicorn(listener: socket.socket, app: str, workers: int, threads: int) -> list[str]:
    options = {
        "--bind": f"fd://{listener.fileno()}",
        "--worker-class": "gthread",
        "--workers": str(workers),
        "--threads": str(threads),
        "--graceful-timeout": "2",
        "--log-level": "warning",
    }
    words = [word for option in options.items() for word in option]
    # Preloading imports the app once instead of once a worker: half of the time to be ready.
    # It is safe because create_app opens no connection and starts no thread.
    words += ["--preload", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", *words, app]


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 2**16:
        return int(text)
    raise CannotRun(f"PORT must be a number from 1 to 65535, not {text!r}.")
