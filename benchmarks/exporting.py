"""How much memory an export of 10,000 pictures takes beyond what the process has anyway.

`python -m benchmarks.exporting PICTURES` measures in this process and prints megabytes; the
comparison starts it as a process of its own, because memory that was used once is seldom given back.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr
from pathlib import Path

from benchmarks.comparison import Comparison
from fluxgen import accounts, adapters, archive, clock, create_app, db, exports
from fluxgen.accounts import Newcomer
from fluxgen.jobs.exports import build
from fluxgen.models import UNBUILT, Account, Export, Generation, Image, Status
from fluxgen.settings import Settings

PICTURES = 10_000
WARM_UP = 20
PICTURE_BYTES = 120_000
THUMBNAIL_BYTES = 20_000
LIMIT_MB = 30.0
TOGETHER = 500
MEGA = 1_000_000


def measure() -> Comparison:
    """The growth against the limit (MB)."""
    command = [sys.executable, "-m", "benchmarks.exporting", str(PICTURES)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    grown, took_s, size = (float(word) for word in said)
    return Comparison(
        name=f"export of {PICTURES:,} pictures: memory / limit",
        ours=grown,
        baseline=LIMIT_MB,
        unit="MB",
        ratio=grown / LIMIT_MB,
        target=1.0,
        higher_is_better=False,
        remark=f"the export of {size:.0f} MB took {took_s:.0f} s in steps of some seconds",
    )


def main(pictures: int) -> None:
    """Warm up with a few pictures, then measure many."""
    with _house():
        _exported(_filled("few", WARM_UP))
        account = _filled("many", pictures)
        _forget_the_peak()
        before, began = _memory_bytes("VmRSS"), time.monotonic()
        export = _exported(account)
        grown = _memory_bytes("VmHWM") - before
    print(
        f"{grown / MEGA:.1f} {time.monotonic() - began:.1f} {(export.size_bytes or 0) / MEGA:.1f}"
    )


def _exported(account: Account) -> Export:
    export = exports.begin(account)
    while export.status in UNBUILT:
        build(export.id)
        export = Export.get_by_id(export.id)
    assert export.status.value == "ready" and not export.missing
    return export


def _filled(name: str, count: int) -> Account:
    """Somebody with so many pictures, whose bytes are noise."""
    newcomer = Newcomer(secrets.token_hex(32), f"{name}@example.test", name, "")
    account = accounts.sign_up(newcomer, age_confirmed=True, terms_accepted=True)
    for start in range(1, count + 1, TOGETHER):
        with db.transaction():
            for number in range(start, min(start + TOGETHER, count + 1)):
                _picture(account, number)
    Account.update(generations_made=count).where(Account.id == account.id).execute()
    return accounts.balance(account)


def _picture(account: Account, number: int) -> None:
    generation = Generation.create(
        account=account,
        number=number,
        nonce=str(number),
        status=Status.DONE,
        prompt=f"picture {number} of a long row of them, each with words of its own",
        model="flux-schnell",
        tier="draft",
        aspect_ratio="1:1",
        count=1,
        seed=number,
        cost_credits=1,
        charged_credits=1,
        expected_s=1,
        finished_at=clock.now(),
    )
    data = os.urandom(PICTURE_BYTES)
    Image.create(
        generation=generation,
        position=0,
        width=1024,
        height=1024,
        format="webp",
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        placeholder="8" * 27,
    )
    root = Path(os.environ["EXPORT_BENCH"]) / "storage"
    for variant, content in (("original", data), ("640", data[:THUMBNAIL_BYTES])):
        path = root / archive.key(generation, 0, variant)  # without the store's patience for disks
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _forget_the_peak() -> None:
    """Linux: let the high-water mark begin at what is in use now."""
    Path("/proc/self/clear_refs").write_text("5")


def _memory_bytes(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1]) * 1024


@contextmanager
def _house() -> Iterator[None]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="fluxgen-exporting-"))
        os.environ["EXPORT_BENCH"] = folder
        stack.enter_context(redirect_stderr(stack.enter_context(Path(os.devnull).open("w"))))
        create_app(Settings(instance_dir=Path(folder), secret_key="s", identity_key="i"))
        stack.callback(lambda: db.database.obj.close_all())
        db.migrations().up()
        assert not adapters.current().storage.has_links
        yield


if __name__ == "__main__":
    main(int(sys.argv[1]))
