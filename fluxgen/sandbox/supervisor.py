"""`make run`: Redis, sandboxes, migrations, web and worker, from one command to one Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

from fluxgen.sandbox import plan as parts
from fluxgen.sandbox import redis_server
from fluxgen.sandbox.console import Console
from fluxgen.sandbox.plan import Plan, listen
from fluxgen.sandbox.processes import Child, Program
from fluxgen.sandbox.readiness import Probe, page_answers, redis_answers
from fluxgen.sandbox.run_folder import CannotRun, RunFolder

ROOT = Path(__file__).resolve().parents[2]
MIGRATION_TIMEOUT_S = 300.0
READY_TIMEOUT_S = 30.0
PROBE_EVERY_S = 0.03
RESTARTS = 5
RESTARTS_WITHIN_S = 60.0
STOP_ORDER = ("migrate", "web", "worker", "sandbox", "redis")
# What commands beside the run need to know (settings reads it from run.env).
PUBLISHED = ("REDIS_URL", "SANDBOX_URL", "PUBLIC_URL")

# A child that ended, or None: someone asks for the end.
Events = SimpleQueue[Child | None]


class Stopped(Exception):
    """Someone asked for the end."""


class Failed(Exception):
    """A part does not run and takes the others with it."""

    def __init__(self, child: Child, reason: str) -> None:
        super().__init__(reason)
        self.child = child

    def __str__(self) -> str:
        lines = [f"{self.child.name} {self.args[0]}."]
        if self.child.tail:
            lines += ["Its last output:", *(f"    {line}" for line in self.child.tail)]
        return "\n".join(lines)


class RestartLimit:
    """A part that keeps dying is broken: at most `RESTARTS` within `RESTARTS_WITHIN_S`."""

    def __init__(self) -> None:
        self._ends: deque[float] = deque(maxlen=RESTARTS + 1)

    def is_reached(self, now: float) -> bool:
        """Count an end at `now` (seconds of any steady clock)."""
        self._ends.append(now)
        return len(self._ends) > RESTARTS and now - self._ends[0] <= RESTARTS_WITHIN_S


class Supervisor:
    """Starts the parts of one run, watches them, ends them in order."""

    def __init__(self, plan: Plan, folder: RunFolder, console: Console, events: Events) -> None:
        self._plan = plan
        self._folder = folder
        self._console = console
        self._events = events
        self._children: dict[str, Child] = {}
        self._limits: defaultdict[str, RestartLimit] = defaultdict(RestartLimit)
        self._listeners: list[socket.socket] = []

    def run(self, listener: socket.socket) -> None:
        """Serve on `listener` until someone asks for the end. Raises `Failed`, `CannotRun`."""
        self._listeners.append(listener)
        try:
            self._start(listener)
            self._console.say(self._plan.ready_line())
            self._watch()
        except Stopped:
            self._console.say("Stopping.")
        finally:
            self._stop()

    def _start(self, listener: socket.socket) -> None:
        """Redis and sandbox come up while the migrations run; web and worker after them."""
        plan, environ = self._plan, self._environ()
        probes = [*self._start_redis(environ), *self._start_sandbox(environ)]
        self._folder.publish({name: environ[name] for name in PUBLISHED if name in environ})
        self._finish(parts.migrations(plan, environ))
        self._await(probes)
        self._spawn(parts.web(plan, environ, listener))
        self._spawn(parts.worker(plan, environ))
        pages = (page_answers(plan.port, path, plan.host) for path in ("/healthz", "/readyz"))
        self._await([("web", page) for page in pages])

    def _environ(self) -> dict[str, str]:
        return {
            **self._plan.environ,
            "INSTANCE_DIR": str(self._plan.instance),
            "PORT": str(self._plan.port),
            "PUBLIC_URL": self._plan.public_url,
            "SANDBOX_STRIPE_WEBHOOK_URL": f"{self._plan.public_url}/webhooks/stripe",
            "PYTHONUNBUFFERED": "1",
        }

    def _start_redis(self, environ: dict[str, str]) -> Iterator[tuple[str, Probe]]:
        """Start ours unless one is given; its address goes into `environ`."""
        if self._plan.redis_url:
            environ["REDIS_URL"] = self._plan.redis_url
            return
        server = redis_server.find()
        if server is None:
            raise CannotRun(
                "No Redis server found: install one (apt install redis-server, "
                "brew install valkey) or set REDIS_URL."
            )
        path = self._folder.sockets / "redis.sock"
        environ["REDIS_URL"] = f"unix://{path}"
        self._spawn(server.program(path, self._plan.instance / "redis", environ))
        yield "redis", redis_answers(path)

    def _start_sandbox(self, environ: dict[str, str]) -> Iterator[tuple[str, Probe]]:
        """Start the stand-ins of providers without keys; their address goes into `environ`."""
        if not self._plan.pretended:
            return
        listener = listen()
        self._listeners.append(listener)
        port = listener.getsockname()[1]
        environ["SANDBOX_URL"] = f"http://localhost:{port}"
        self._spawn(parts.sandbox(self._plan, environ, listener))
        yield "sandbox", page_answers(port, "/healthz", f"localhost:{port}")

    def _spawn(self, program: Program) -> Child:
        child = Child(program, self._console, self._events.put)
        self._children[program.name] = child
        self._folder.record(self._children.values())
        return child

    def _finish(self, program: Program) -> None:
        """Run a program to its end."""
        child = self._spawn(program)
        ended = self._next(MIGRATION_TIMEOUT_S)
        if ended is None:
            raise Failed(child, f"was not done within {MIGRATION_TIMEOUT_S:.0f} s")
        if ended is not child or child.exit_code != 0:
            raise Failed(ended, f"ended while starting ({ended.ending()})")
        del self._children[program.name]

    def _await(self, probes: Iterable[tuple[str, Probe]]) -> None:
        """Until every probe is content."""
        deadline = time.monotonic() + READY_TIMEOUT_S
        waiting = list(probes)
        while waiting:
            name, probe = waiting[0]
            problem = probe()
            if not problem:
                waiting.pop(0)
            elif time.monotonic() > deadline:
                raise Failed(
                    self._children[name], f"is not ready after {READY_TIMEOUT_S:.0f} s ({problem})"
                )
            elif ended := self._next(PROBE_EVERY_S):
                raise Failed(ended, f"ended while starting ({ended.ending()})")

    def _watch(self) -> None:
        """Start again what ends by itself."""
        while True:
            ended = self._next(None)
            if ended is None:
                continue
            if self._limits[ended.name].is_reached(time.monotonic()):
                raise Failed(
                    ended, f"ended more than {RESTARTS} times in {RESTARTS_WITHIN_S:.0f} s"
                )
            self._console.say(f"{ended.name} ended ({ended.ending()}); starting it again.")
            ended.signal_group(signal.SIGTERM)  # what it had started is nobody's now
            self._spawn(ended.program)

    def _next(self, timeout_s: float | None) -> Child | None:
        """The next child that ended, None if none did in time. Raises `Stopped`."""
        try:
            ended = self._events.get(timeout=timeout_s)
        except Empty:
            return None
        if ended is None:
            raise Stopped
        return ended

    def _stop(self) -> None:
        for listener in self._listeners:
            listener.close()
        for name in STOP_ORDER:
            if child := self._children.get(name):
                child.stop()


def main() -> int:
    """Run until Ctrl-C, SIGTERM or a closed terminal; the exit code."""
    events: Events = SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: events.put(None))
    console = Console(sys.stdout, on_broken=lambda: events.put(None))
    try:
        plan = Plan.read(ROOT, os.environ)
        with RunFolder(plan.instance) as folder, listen(plan.port) as listener:
            Supervisor(plan, folder, console, events).run(listener)
    except (CannotRun, Failed) as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
