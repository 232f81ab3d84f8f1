"""A ZIP of 10,000 pictures, over HTTP: how much memory it takes at most.

Runs in a process of its own, so that nothing else has used that memory before. Linux only: the
peak is the kernel's.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from flask import Flask
from peewee import chunked
from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks.comparison import Comparison
from fluxgen import accounts, clock, create_app, db, pictures
from fluxgen.accounts import Newcomer
from fluxgen.models import Account, Generation, Image, Session, Status
from fluxgen.sandbox.painting import paint
from fluxgen.settings import Settings

PICTURES = 10_000
LIMIT_MB = 30.0
SIDE_PX = 512


def measure() -> Comparison:
    """The peak's growth from before the request to after it, in a new process."""
    words = [sys.executable, "-m", "benchmarks.zipping"]
    answer = subprocess.run(words, check=True, capture_output=True, text=True)
    growth, size = map(float, answer.stdout.split()[-2:])
    return Comparison(
        name=f"ZIP of {PICTURES:,} pictures: peak memory / limit",
        ours=growth,
        baseline=LIMIT_MB,
        unit="MB",
        ratio=growth / LIMIT_MB,
        target=1,
        higher_is_better=False,
        remark=f"The ZIP had {size:,.0f} MB.",
    )


def main() -> None:
    """Print the growth and the ZIP's size in MB."""
    with tempfile.TemporaryDirectory(prefix="fluxgen-zip-") as name:
        folder = Path(name)
        app = create_app(
            Settings(
                instance_dir=folder,
                database_url=f"sqlite:///{folder / 'zip.db'}",
                secret_key="s",
                identity_key="i",
            )
        )
        db.migrations().up()
        cookie = _fill(folder)
        print(*_growth(app, cookie))


def _fill(folder: Path) -> str:
    """An account with so many pictures, all of them links to one file; its session's token."""
    newcomer = Newcomer(identity="i" * 64, email="a@example.test", name="A", picture_url="")
    account = accounts.sign_up(newcomer, age_confirmed=True, terms_accepted=True)
    picture = pictures.decode(_painted())
    file = folder / "picture"
    file.write_bytes(picture.data)
    for numbers in chunked(range(1, PICTURES + 1), 500):
        with db.transaction():
            for number in numbers:
                made = _row(account, number)
                Image.create(generation=made, position=0, **picture.facts)
                place = folder / "storage" / "pictures" / made.public_id / "0"
                place.mkdir(parents=True)
                os.link(file, place / "original")
    token = secrets.token_urlsafe(32)
    Session.create(
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        account=account,
        data={},
        created_at=clock.now(),
        expires_at=clock.after(3600),
    )
    return token


def _painted() -> bytes:
    out = BytesIO()
    paint("a red fox in snow", "flux-dev", SIDE_PX, SIDE_PX, 7).save(out, "PNG")
    return out.getvalue()


def _row(account: Account, number: int) -> Generation:
    return Generation.create(
        account=account,
        number=number,
        nonce=str(number),
        status=Status.DONE,
        prompt="a red fox in snow",
        model="flux-dev",
        tier="studio",
        aspect_ratio="1:1",
        count=1,
        seed=7,
        cost_credits=1,
        charged_credits=1,
        expected_s=5,
        finished_at=clock.now(),
    )


def _growth(app: Flask, cookie: str) -> tuple[float, float]:
    headers = [("Cookie", f"fluxgen={cookie}"), ("Sec-Fetch-Site", "same-origin")]
    environ = EnvironBuilder(
        path="/history/selected/download",
        method="POST",
        base_url="http://localhost",
        data={"all": "yes"},
        headers=headers,
    ).get_environ()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before, size = _peak_mb(), 0
    chunks, status, answered = run_wsgi_app(app, environ, buffered=False)
    for chunk in chunks:
        size += len(chunk)
    after = _peak_mb()
    assert status == "200 OK", status
    assert size == int(answered["Content-Length"])
    return after - before, size / 1e6


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
