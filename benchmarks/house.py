"""The house for a measurement: the processes of `make run`, one by one, to be hurt at will."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from fluxgen.sandbox import plan as parts
from fluxgen.sandbox import redis_server
from fluxgen.sandbox.console import Console
from fluxgen.sandbox.plan import Plan
from fluxgen.sandbox.processes import Child, Program
from fluxgen.sandbox.readiness import Probe, page_answers, redis_answers
from fluxgen.sandbox.run_folder import CannotRun, RunFolder, until
from fluxgen.sandbox.supervisor import ROOT

READY_TIMEOUT_S = 60.0
HTTP_TIMEOUT_S = 20.0
STOP_ORDER = ("web", "worker", "sandbox", "redis")
PRETENDED = {"Google", "Replicate"}
NOT_OURS = ("REDIS_URL", "PUBLIC_URL", "SANDBOX_URL", "DATABASE_URL", "FLUXGEN_ENV", "CI")


class House:
    """Redis, sandboxes, migrated database, web and `workers` worker processes in one folder.

    Start and hurt it from the main thread only: children end with the thread that started them.
    """

    def __init__(
        self,
        instance: Path,
        *,
        workers: int,
        settings: Mapping[str, str],
        pretended: Collection[str] = PRETENDED,
    ) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        self._stack = ExitStack()
        self.listener = self._stack.enter_context(parts.listen())
        self._sandbox_listener = self._stack.enter_context(parts.listen())
        self.port = _port(self.listener)
        self.environ = {
            **kept,
            **settings,
            "INSTANCE_DIR": str(instance),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "SANDBOX_URL": f"http://localhost:{_port(self._sandbox_listener)}",
        }
        self.plan = Plan.read(ROOT, self.environ)
        if missing := set(pretended) - set(self.plan.pretended):
            raise CannotRun(f"There are keys of {', '.join(sorted(missing))}: nothing is measured.")
        self.worker_names = [f"worker-{number}" for number in range(1, workers + 1)]
        self.children: dict[str, Child] = {}
        self._folder = RunFolder(instance)

    @property
    def url(self) -> str:
        return self.plan.public_url

    @property
    def sandbox_url(self) -> str:
        return self.environ["SANDBOX_URL"]

    @property
    def redis_socket(self) -> Path:
        return self._folder.sockets / "redis.sock"

    def __enter__(self) -> Self:
        self._stack.enter_context(self._folder)
        log = self._stack.enter_context((self.plan.instance / "log.txt").open("a"))
        self._console = Console(log, on_broken=lambda: None)
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def kill(self, name: str) -> None:
        """`kill -9`, and start it again at once, as the supervisor would."""
        child = self.children[name]
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        until(lambda: child.exit_code is not None, READY_TIMEOUT_S)
        self._respawn(name)

    def revive(self) -> int:
        """Start again what has ended by itself, as the supervisor would; how many there were."""
        ended = [name for name, child in self.children.items() if child.exit_code is not None]
        for name in ended:
            self._respawn(name)
        return len(ended)

    def web_children(self) -> list[int]:
        """The process ids of gunicorn's workers."""
        return _children_of(self.children["web"].pid)

    def switch_faults(self, switches: Mapping[str, float]) -> None:
        """Turn these faults of the Replicate sandbox on, and all others off."""
        address = f"{self.sandbox_url}/replicate/_faults"
        httpx.put(address, json=switches, timeout=HTTP_TIMEOUT_S).raise_for_status()

    def log(self) -> str:
        """What the processes have said so far."""
        return (self.plan.instance / "log.txt").read_text()

    def _start(self) -> None:
        server = redis_server.find()
        if server is None:
            raise CannotRun("No Redis server found.")
        self.environ["REDIS_URL"] = f"unix://{self.redis_socket}"
        data = self.plan.instance / "redis"
        self.start(server.program(self.redis_socket, data, self.environ))
        self.start(parts.sandbox(self.plan, self.environ, self._sandbox_listener))
        migration = self.start(parts.migrations(self.plan, self.environ))
        _wait(lambda: "" if migration.exit_code == 0 else "migrations are not done")
        del self.children["migrate"]
        _wait(redis_answers(self.redis_socket))
        self.start(parts.web(self.plan, self.environ, self.listener))
        for name in self.worker_names:
            self.start(parts.worker(self.plan, self.environ), name)
        sandbox = _port(self._sandbox_listener)
        _wait(page_answers(sandbox, "/healthz", f"localhost:{sandbox}"))
        _wait(page_answers(self.port, "/readyz", self.plan.host))

    def start(self, program: Program, name: str = "") -> Child:
        """One more process, ended with the house."""
        child = Child(program, self._console, lambda _: None)
        self.children[name or program.name] = child
        self._folder.record(self.children.values())
        return child

    def _respawn(self, name: str) -> None:
        child = self.children[name]
        child.signal_group(signal.SIGTERM)
        self.start(child.program, name)

    def _stop(self) -> None:
        for child in self.children.values():
            child.signal_group(signal.SIGCONT)
        for part in STOP_ORDER:
            for name, child in self.children.items():
                if name.startswith(part):
                    child.stop()
        self._stack.close()


def _port(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def _wait(problem: Probe) -> None:
    if not until(lambda: not problem(), READY_TIMEOUT_S):
        raise CannotRun(problem())


def _children_of(pid: int) -> list[int]:
    """Linux only, as is the stop of children with their parent."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in listed.read_text().split()] if listed.exists() else []
