"""After an erasure nothing is left of somebody who had everything; without any of its steps, something is.

What is searched: the database and its log, the store, Redis, log lines, and everything else below
the instance's folder and the machine's folder for temporary files; and what the provider has.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fluxgen import audit, credits, db
from fluxgen.jobs import bell, privacy
from fluxgen.jobs.sweep import sweep
from fluxgen.models import Account, Erasure, ErasureStatus, Generation, Scope
from fluxgen.privacy.ownership import owned, rows_of
from fluxgen.sandbox import Sandbox
from tests.support import erasing, log_lines
from tests.support.everything import (
    Somebody,
    jobs_of,
    somebody,
    stored,
    stored_bytes,
    under_way,
    values,
)
from tests.support.making import Visit
from tests.support.referring import files
from tests.support.workers import Workers, pass_time


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary files of this process lie where the search finds them."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Every line that is logged meanwhile."""
    with log_lines.recorded() as lines:
        yield lines


@pytest.fixture
def control(visit: Visit, workers: Workers, sandbox: Sandbox) -> Somebody:
    """Somebody else who did the same with other words: what both have tells of neither."""
    bell.redis().flushdb()
    return somebody(visit, workers, sandbox, "mallory", pictures=1, rows=1)


def markers_of(person: Somebody, control: Somebody) -> set[bytes]:
    """What tells of this person alone."""
    alike = b"\n".join([*values(control.account), *stored(control.account)])
    told = values(person.account) | stored_bytes(person.account) | {person.word.encode()}
    return {marker for marker in told if marker not in alike}


def tables_without(person: Somebody) -> list[str]:
    """The tables of people's rows in which this one has none."""
    imagined = Erasure(account=person.account, scope=Scope.ACCOUNT)
    return [
        table.__name__
        for table, one in owned().items()
        if not table.select().where(rows_of(one, imagined)).exists()
    ]


@pytest.mark.both_databases
def test_nothing_is_left_of_somebody_who_had_everything(
    visit: Visit,
    workers: Workers,
    sandbox: Sandbox,
    control: Somebody,
    temporary: Path,
    said: io.StringIO,
) -> None:
    person = somebody(visit, workers, sandbox, "alice", pictures=8, rows=92)
    under_way(visit, person)
    assert Generation.select().where(Generation.account == person.account).count() >= 100
    assert tables_without(person) == ["Erasure"]  # one that is over says no longer whose it was
    markers = markers_of(person, control) | jobs_of(person.account)
    db.forget_deleted_bytes()
    before = erasing.places(temporary)
    missed = [
        marker
        for marker in markers_of(person, control)
        if not any(marker in data or marker in place.encode() for place, data in before.items())
    ]
    assert missed == [], "the search cannot find what is there"
    assert len(markers) > 500

    erasure = erasing.erased(person.account)

    assert erasing.hits(markers, temporary) == set()
    assert not [marker for marker in markers if marker in said.getvalue().encode()]
    assert len(files(sandbox)) == 1  # the other one's
    assert erasing.hits([control.word.encode()]) != set()
    assert credits.reconcile() == []
    assert erasure.counts["generation"] >= 100
    assert Account.get_or_none(Account.public_id == person.account.public_id) is None
    assert audit.verify() == []


@pytest.mark.parametrize("step", [step for step in privacy.STEPS if step != "letters"])
def test_without_one_step_something_is_left(
    visit: Visit,
    workers: Workers,
    sandbox: Sandbox,
    control: Somebody,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    person = somebody(visit, workers, sandbox, "alice", pictures=2, rows=4)
    under_way(visit, person)
    markers = markers_of(person, control) | jobs_of(person.account)
    monkeypatch.setitem(privacy.STEPS, step, lambda _: None)
    erasure = erasing.planned(person.account)
    for _ in range(20):
        sweep(inline=True)
        if erasing.fresh(erasure).status is ErasureStatus.DONE:
            break
        pass_time(61)
    # "letters" is left out: it takes nothing away, it waits (test_erasure_letters.py)
    left = erasing.hits(markers, temporary) | {file.id for file in files(sandbox)[:-1]}
    assert left, f"nothing notices that {step!r} is missing"
