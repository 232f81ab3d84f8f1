"""200 reference images, many of them killed mid-way: no byte of them is left anywhere with us."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from redis import Redis
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from benchmarks.house import House
from benchmarks.visitor import Visitor
from fluxgen.sandbox.readiness import page_answers
from tests.support.referring import with_picture
from tests.support.traces import NAME, Marker
from tests.support.workers import until

pytestmark = [
    pytest.mark.xdist_group("survival"),
    pytest.mark.timeout(200),
    pytest.mark.skipif(sys.platform != "linux", reason="looks at open files through /proc"),
]

PEOPLE = ("ada", "ben")
HURRIED = {
    "SWEEP_S": "0.3",
    "POLL_S": "0.3",
    "SUBMIT_GRACE_S": "2",
    "LEASE_S": "5",
    "SANDBOX_PACE": "0",
    "SANDBOX_PAINTER": "quick",
}
ROUNDS = 10
WHOLE, HALF = 12, 8
KILLED_ROUNDS = (2, 5, 8)
SHARES = (0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Report:
    """How uploads were answered ("" where nobody could), and where something was found.

    `killed` has the answer to each upload whose process was killed while it arrived, and
    `half_kept` counts generations of uploads that never arrived whole.
    """

    answers: Counter[str]
    hits: list[str]
    killed: list[str]
    half_kept: int
    ended: Counter[str]


def test_two_hundred_references_leave_no_trace(tmp_path: Path) -> None:
    report = _run(tmp_path, "wsgi:app", ROUNDS)
    assert report.answers.total() == 200
    assert report.answers["303"] > 20 and report.answers["422"] > 10
    assert report.answers["cut off"] == ROUNDS * HALF
    assert report.ended["done"] > 10
    assert report.hits == []
    assert report.killed == [""] * (HALF * len(KILLED_ROUNDS))
    assert report.half_kept == 0


def test_without_the_parser_in_memory_they_are_found(tmp_path: Path) -> None:
    """The same search, with Werkzeug's own way of reading a file: it has to see that."""
    assert _run(tmp_path, "tests.support.spooling:app", 1).hits


def _run(tmp_path: Path, app: str, rounds: int) -> Report:
    marker, answers, hits = Marker(seed=7), Counter[str](), list[str]()
    killed, half = list[str](), set[str]()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with ExitStack() as stack:
        settings = {**HURRIED, "TMPDIR": str(temporary)}
        house = stack.enter_context(House(tmp_path / "house", workers=1, settings=settings))
        _serve(house, app)
        people = [stack.enter_context(Visitor(house.url, name)).sign_in() for name in PEOPLE]
        pool = stack.enter_context(ThreadPoolExecutor(4))
        for number in range(rounds):
            whole = [
                pool.submit(_send, house, people[turn % 2], _body(marker, turn))
                for turn in range(WHOLE)
            ]
            with _half_sent(house, people[0], marker) as cut:
                half |= cut.keys()
                pids = [child.pid for child in house.children.values()] + house.web_children()
                hits += marker.held_open(pids) + marker.searched([temporary])
                if number in KILLED_ROUNDS:
                    for pid in house.web_children():
                        os.kill(pid, signal.SIGKILL)
                    killed += [_last_words(connection) for connection in cut.values()]
            answers["cut off"] += HALF
            answers.update(_answered(each) for each in whole)
        database = tmp_path / "house" / "fluxgen.db"
        until(lambda: not _unfinished(database), 60)
        hits += marker.searched([tmp_path]) + _in_redis(house, marker)
        return Report(answers, hits, killed, len(half & _nonces(database)), _endings(database))


def _serve(house: House, app: str) -> None:
    """Serve this app instead of the house's own."""
    child = house.children["web"]
    if app in child.program.argv:
        return
    child.stop()
    argv = [app if word == "wsgi:app" else word for word in child.program.argv]
    house.start(replace(child.program, argv=argv), "web")
    problem = page_answers(house.port, "/readyz", house.plan.host)
    until(lambda: not problem())


def _body(marker: Marker, turn: int, nonce: str = "") -> tuple[str, bytes]:
    """A form with the marker: one in four asks for what there is not, one in four too much."""
    format = ("png", "jpeg", "webp")[turn % 3]
    data = marker.files[format] + (b"PK\x03\x04 and more" if turn % 4 == 1 else b"")
    form = with_picture(data, nonce=nonce or secrets.token_urlsafe(16))
    form["reference"] = FileStorage(form["reference"].stream, f"{NAME}.{format}")
    if turn % 4 == 3:
        form["tier"] = "gigantic"
    form["reference"] = form.pop("reference")  # after the fields, as in our form
    return encode_multipart(form)


def _request(house: House, visitor: Visitor, sent: tuple[str, bytes]) -> tuple[bytes, bytes]:
    boundary, body = sent
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.http.cookies.items())
    head = (
        f"POST /generations HTTP/1.1\r\nHost: {house.plan.host}\r\nOrigin: {house.url}\r\n"
        f'Content-Type: multipart/form-data; boundary="{boundary}"\r\nCookie: {cookies}\r\n'
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode(), body


def _send(house: House, visitor: Visitor, sent: tuple[str, bytes]) -> str:
    """The status it was answered with; "" where the process was killed meanwhile."""
    head, body = _request(house, visitor, sent)
    with socket.create_connection(("127.0.0.1", house.port), timeout=30) as connection:
        connection.sendall(head + body)
        line = connection.recv(64)
    return line.split()[1].decode() if line else ""


def _answered(sending: Future[str]) -> str:
    try:
        return sending.result()
    except OSError:
        return ""


@contextmanager
def _half_sent(
    house: House, visitor: Visitor, marker: Marker
) -> Iterator[dict[str, socket.socket]]:
    """Uploads of which the house has read the first part, and will never get the rest: each one's
    connection, by its nonce."""
    cut: dict[str, socket.socket] = {}
    with ExitStack() as stack:
        for turn in range(HALF):
            nonce = secrets.token_urlsafe(16)
            head, body = _request(house, visitor, _body(marker, turn, nonce))
            connection = stack.enter_context(
                socket.create_connection(("127.0.0.1", house.port), timeout=30)
            )
            connection.sendall(head + body[: int(len(body) * SHARES[turn % len(SHARES)])])
            port = connection.getsockname()[1]
            until(lambda port=port: _has_been_read(house.port, port))  # type: ignore[misc]
            cut[nonce] = connection
        yield cut


def _last_words(connection: socket.socket) -> str:
    """What the killed process still answered: "" where it is gone without a word."""
    try:
        return connection.recv(64).decode()
    except ConnectionError:
        return ""


def _has_been_read(to_port: int, from_port: int) -> bool:
    """Whether nothing of what was sent waits in the kernel, on either side."""
    waiting = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, remote, queues = (line.split()[place] for place in (1, 2, 4))
        ends = int(local.partition(":")[2], 16), int(remote.partition(":")[2], 16)
        waiting[ends] = queues
    ours, theirs = waiting.get((from_port, to_port)), waiting.get((to_port, from_port))
    return ours == theirs == "00000000:00000000"


def _in_redis(house: House, marker: Marker) -> list[str]:
    """Where Redis has something of it, written out without compression."""
    with contextlib.closing(Redis(unix_socket_path=str(house.redis_socket))) as redis:
        redis.config_set("rdbcompression", "no")
        redis.save()
        folder = Path(str(redis.config_get("dir")["dir"]))
        assert (folder / "dump.rdb").exists()
    return marker.searched([folder])


def _unfinished(database: Path) -> int:
    return sum(n for status, n in _endings(database).items() if status in _OPEN)


_OPEN = {"held", "submitting", "running", "storing"}


def _nonces(database: Path) -> set[str]:
    with contextlib.closing(sqlite3.connect(database, timeout=20)) as connection:
        return {row[0] for row in connection.execute("SELECT nonce FROM generation")}


def _endings(database: Path) -> Counter[str]:
    with contextlib.closing(sqlite3.connect(database, timeout=20)) as connection:
        rows = connection.execute(
            "SELECT status, count(*) FROM generation WHERE had_reference GROUP BY status"
        )
        return Counter(dict(rows.fetchall()))
