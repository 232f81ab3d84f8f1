"""`make run` as a person meets it: the real supervisor with all its real parts."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fluxgen.sandbox.plan import listen
from fluxgen.sandbox.run_folder import Process, until
from fluxgen.sandbox.supervisor import RESTARTS, RESTARTS_WITHIN_S, ROOT, RestartLimit

STOP_LIMIT_S = 10.0
ANSWER_LIMIT_S = 60.0


class Run:
    """A supervisor with an instance folder and a port of its own."""

    def __init__(self, instance: Path, port: int) -> None:
        self.instance = instance
        self.port = port
        not_ours = ("REDIS_URL", "PUBLIC_URL", "SANDBOX_URL", "DATABASE_URL", "FLUXGEN_ENV")
        environ = {name: value for name, value in os.environ.items() if name not in not_ours}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fluxgen.sandbox.supervisor"],
            cwd=ROOT,
            env={**environ, "INSTANCE_DIR": str(instance), "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        self._output = self._process.stdout

    def read_until(self, words: str) -> str:
        """The output up to and with the line that has these words; fails if it never comes."""
        lines: list[str] = []
        for line in self._output:
            lines.append(line)
            if words in line:
                return "".join(lines)
        raise AssertionError(f"no {words!r} in:\n{''.join(lines)}")

    def end(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Send a signal; exit code and the rest of the output."""
        self._process.send_signal(number)
        return self.wait()

    def wait(self) -> tuple[int, str]:
        output = self._output.read()
        return self._process.wait(ANSWER_LIMIT_S), output

    def children(self) -> dict[str, Process]:
        found = json.loads((self.instance / "run.json").read_text())["children"]
        return {child["name"]: Process(**child) for child in found}

    def published(self) -> dict[str, str]:
        lines = (self.instance / "run.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        self._output.close()
        self._process.wait(2 * STOP_LIMIT_S)


Start = Callable[..., Run]


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    runs: list[Run] = []

    def begin(instance: Path, port: int) -> Run:
        runs.append(Run(instance, port))
        return runs[-1]

    yield begin
    for run in runs:
        run.close()


@pytest.fixture(scope="module")
def running(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that is ready."""
    run = start(tmp_path_factory.mktemp("running"), _free_port())
    run.read_until("FluxGen is ready")
    return run


def _free_port() -> int:
    with listen() as listener:
        return int(listener.getsockname()[1])


def _status(address: str) -> int:
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.netloc, timeout=ANSWER_LIMIT_S)
    try:
        connection.request("GET", where.path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_everything_answers_where_it_says(running: Run) -> None:
    published = running.published()
    assert published["PUBLIC_URL"] == f"http://localhost:{running.port}"
    assert _status(f"{published['PUBLIC_URL']}/readyz") == http.client.OK
    assert _status(f"{published['SANDBOX_URL']}/healthz") == http.client.OK
    assert (running.instance / "run.env").stat().st_mode & 0o777 == 0o600
    assert set(running.children()) == {"redis", "sandbox", "web", "worker"}


def test_a_second_run_in_the_same_place_is_one_line(running: Run, start: Start) -> None:
    code, output = start(running.instance, _free_port()).wait()
    assert code == 1
    assert re.fullmatch(r"FluxGen is already running on .+\n", output)


def test_a_taken_port_is_one_line_and_starts_nothing(
    running: Run, start: Start, tmp_path: Path
) -> None:
    code, output = start(tmp_path, running.port).wait()
    assert code == 1
    assert re.fullmatch(rf"Port {running.port} is taken\. Set PORT to .+ make run\n", output)
    assert [path.name for path in tmp_path.iterdir()] == ["run.lock"]


@pytest.mark.parametrize("part", ["worker", "web", "redis"])
def test_what_dies_is_started_again(running: Run, part: str) -> None:
    before = running.children()[part]
    os.kill(before.pid, signal.SIGKILL)
    running.read_until(f"{part} ended (killed by SIGKILL); starting it again.")
    assert until(lambda: running.children()[part] != before, ANSWER_LIMIT_S)
    ready = f"http://localhost:{running.port}/readyz"
    assert until(lambda: _status(ready) == http.client.OK, ANSWER_LIMIT_S)


def test_one_ctrl_c_ends_it_all_even_after_a_killed_run(start: Start, tmp_path: Path) -> None:
    port = _free_port()
    killed = start(tmp_path, port)
    killed.read_until("FluxGen is ready")
    orphans = killed.children().values()
    killed.end(signal.SIGKILL)

    again = start(tmp_path, port)
    output = again.read_until("FluxGen is ready")
    assert output.count("http://localhost") == 1
    assert not any(process.is_alive() for process in orphans)
    children = again.children().values()
    sockets = Path(again.published()["REDIS_URL"].removeprefix("unix://")).parent

    began = time.monotonic()
    code, _ = again.end(signal.SIGINT)
    assert code == 0
    assert time.monotonic() - began < STOP_LIMIT_S
    assert not any(process.lingers() for process in children)
    assert not sockets.exists()
    assert not {"run.env", "run.json"} & {path.name for path in tmp_path.iterdir()}


def test_a_signal_while_starting_is_heeded(start: Start, tmp_path: Path) -> None:
    run = start(tmp_path, _free_port())
    assert until((tmp_path / "run.env").exists, ANSWER_LIMIT_S)
    code, output = run.end(signal.SIGTERM)
    assert code == 0
    assert output.endswith("Stopping.\n")


def test_dying_too_often_is_too_often() -> None:
    limit = RestartLimit()
    assert not any(limit.is_reached(now) for now in range(RESTARTS))
    assert limit.is_reached(RESTARTS)

    slow = RestartLimit()
    pause_s = RESTARTS_WITHIN_S / RESTARTS + 1
    assert not any(slow.is_reached(now * pause_s) for now in range(3 * RESTARTS))
