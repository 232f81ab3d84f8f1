"""Children: what they say, how they end, and that nothing of them stays."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from fluxgen.sandbox.console import Console
from fluxgen.sandbox.processes import Child, Program
from fluxgen.sandbox.run_folder import started, until

LIMIT_S = 60.0
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
PARENT = (
    "import subprocess, sys; "
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print(p.pid); p.wait()"
)

Spawn = Callable[[str], Child]


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def ended() -> SimpleQueue[Child]:
    return SimpleQueue()


@pytest.fixture
def spawn(screen: io.StringIO, ended: SimpleQueue[Child], tmp_path: Path) -> Iterator[Spawn]:
    """Start a line of Python as the child `web`."""
    children: list[Child] = []

    def start(code: str) -> Child:
        argv = [sys.executable, "-uc", code]
        program = Program("web", argv, os.environ, tmp_path, 0.2, chatter=("hush",))
        children.append(Child(program, Console(screen, lambda: None), ended.put))
        return children[-1]

    yield start
    for child in children:
        child.stop()


def test_output_stands_behind_the_name(spawn: Spawn, screen: io.StringIO) -> None:
    child = spawn("print('one'); print('hush, two')")
    assert until(lambda: len(child.tail) == 2, LIMIT_S)
    child.stop()
    assert screen.getvalue() == "web     | one\n"
    assert list(child.tail) == ["one", "hush, two"]


def test_an_end_is_announced_with_its_reason(spawn: Spawn, ended: SimpleQueue[Child]) -> None:
    spawn("raise SystemExit(3)")
    assert ended.get(timeout=LIMIT_S).ending() == "exit code 3"
    spawn("import os; os.abort()")
    assert ended.get(timeout=LIMIT_S).ending() == "killed by SIGABRT"


def test_who_does_not_listen_is_killed(spawn: Spawn) -> None:
    child = spawn(DEAF)
    assert until(lambda: "deaf" in child.tail, LIMIT_S)
    child.stop()
    assert child.ending() == "killed by SIGKILL"


def test_a_child_leaves_no_grandchildren(spawn: Spawn) -> None:
    child = spawn(PARENT)
    assert until(lambda: bool(child.tail), LIMIT_S)
    grandchild = int(child.tail[0])
    child.stop()
    assert until(lambda: not started(grandchild), LIMIT_S)


def test_nobody_reading_is_said_once_and_survived() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    complaints: list[str] = []
    stream = io.TextIOWrapper(io.FileIO(writer, "w"), write_through=True)
    console = Console(stream, lambda: complaints.append("gone"))
    console.say("one")
    console.relay("web", "two")
    assert complaints == ["gone"]
    stream.detach().close()
