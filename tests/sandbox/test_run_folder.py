"""The instance folder: one run at a time, and no trace of a killed one."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from fluxgen.sandbox.run_folder import CannotRun, Process, RunFolder, started


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own session, as children of the supervisor are, reaped when it ends."""
    argv = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(argv, start_new_session=True) as process:
        reaper = threading.Thread(target=process.wait)
        reaper.start()
        yield process
        process.kill()
        reaper.join()


def _leave(instance: Path, process: Process, sockets: Path) -> None:
    """What a supervisor that was killed leaves behind."""
    record = {"sockets": str(sockets), "children": [asdict(process)]}
    (instance / "run.json").write_text(json.dumps(record))
    (instance / "run.env").write_text("REDIS_URL=unix:///gone")


def test_a_second_run_is_told_about_the_first(tmp_path: Path) -> None:
    with (
        RunFolder(tmp_path),
        pytest.raises(CannotRun, match="already running"),
        RunFolder(tmp_path),
    ):
        pass
    with RunFolder(tmp_path):  # the first has gone
        pass


def test_traces_are_private_and_go_away(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "new") as folder:
        folder.publish({"REDIS_URL": "unix:///somewhere"})
        published = tmp_path / "new" / "run.env"
        assert published.read_text() == "REDIS_URL=unix:///somewhere\n"
        assert published.stat().st_mode & 0o777 == 0o600
        assert folder.sockets.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["run.lock"]
    assert not folder.sockets.exists()


def test_what_a_killed_run_left_is_ended(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    sockets = Path(tempfile.mkdtemp(prefix="fluxgen-"))
    _leave(tmp_path, Process("web", sleeper.pid, started(sleeper.pid)), sockets)
    with RunFolder(tmp_path):
        assert sleeper.wait(5) != 0
        assert not sockets.exists()
        assert not (tmp_path / "run.env").exists()


def test_a_process_that_merely_has_the_number_is_left_alone(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    own = Process("web", sleeper.pid, started(sleeper.pid))
    _leave(tmp_path, replace(own, started="another time"), tmp_path / "sockets")
    with RunFolder(tmp_path, stale_grace_s=0.1):
        assert sleeper.poll() is None


def test_a_folder_of_another_name_is_never_removed(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    _leave(tmp_path, Process("web", sleeper.pid, started(sleeper.pid)), pictures)
    with RunFolder(tmp_path):
        assert pictures.exists()


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotRun, match="Cannot write to"), RunFolder(tmp_path / "file" / "in"):
        pass
