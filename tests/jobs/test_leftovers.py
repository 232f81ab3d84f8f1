"""What is stored against what the rows say, both ways."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from fluxgen import adapters, archive
from fluxgen.jobs import leftovers
from fluxgen.jobs.leftovers import PAGES_MAX, SWEPT_AGE_S, compared, sweep_leftovers
from fluxgen.models import Account, Generation
from fluxgen.models.datamap import STORAGE_PREFIXES
from fluxgen.sandbox import Sandbox
from tests.support.life import claimed, submitted
from tests.support.making import latest
from tests.support.workers import Workers, pass_time

WEBP = "image/webp"
STRAY = f"pictures/{'s' * 22}/0/320"


@pytest.fixture(params=["folder", "bucket"])
def keys(request: pytest.FixtureRequest, app: object) -> Callable[[], set[str]]:
    """What is stored, in a folder and in a bucket."""
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    storage = adapters.current().storage
    return lambda: {one.key for one in storage.listed("")}


def put(*keys: str) -> None:
    """Objects of nobody."""
    for key in keys:
        adapters.current().storage.put(key, b"stray", WEBP)


@pytest.fixture
def aged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything stored is old enough: a bucket refuses clocks that are moved."""
    monkeypatch.setattr(leftovers, "SWEPT_AGE_S", -60)


def made(account: Account, workers: Workers, **recipe: int) -> Generation:
    generation = submitted(account, **recipe)
    workers.work()
    return latest(generation)


def test_every_prefix_of_the_data_map_is_compared() -> None:
    assert set(leftovers.UNNAMED) == set(STORAGE_PREFIXES)


@pytest.mark.both_databases
@pytest.mark.usefixtures("aged")
def test_where_all_is_well_nothing_differs(
    keys: Callable[[], set[str]], alice: Account, workers: Workers
) -> None:
    made(alice, workers, count=2), made(alice, workers)
    findings = compared()
    assert (findings.objects, findings.pictures) == (9, 3)
    assert (findings.orphans, findings.missing) == ([], [])
    assert sweep_leftovers() == 0
    assert len(keys()) == 9


@pytest.mark.both_databases
def test_both_kinds_of_difference_are_found(
    keys: Callable[[], set[str]], alice: Account, workers: Workers
) -> None:
    generation = made(alice, workers)
    beside = archive.key_at(generation.public_id, "x" * 22, 0, "320")
    beyond = archive.key(generation, 1, "original")
    put(STRAY, beside, beyond)
    lost = archive.key(generation, 0, "640")
    adapters.current().storage.delete([lost])
    findings = compared()
    assert {one.key for one in findings.orphans} == {STRAY, beside, beyond}
    assert findings.missing == [lost]


@pytest.mark.both_databases
def test_what_is_under_way_or_can_be_undone_is_no_difference(
    keys: Callable[[], set[str]], alice: Account, workers: Workers
) -> None:
    deleted = archive.delete(made(alice, workers))
    storing = claimed(submitted(alice))
    put(archive.key(storing, 0, "original"))
    workers.step()
    findings = compared()
    assert (findings.orphans, findings.missing) == ([], [])
    assert set(archive.keys_of(latest(deleted))) <= keys()


@pytest.mark.both_databases
@pytest.mark.usefixtures("aged")
def test_the_sweep_removes_what_nobody_names(
    keys: Callable[[], set[str]], alice: Account, workers: Workers
) -> None:
    generation = made(alice, workers)
    put(STRAY)
    assert sweep_leftovers() == 1
    assert keys() == set(archive.keys_of(generation))


def test_what_is_young_may_be_under_way(alice: Account) -> None:
    put(STRAY)
    pass_time(SWEPT_AGE_S - 60)
    assert sweep_leftovers() == 0
    pass_time(120)
    assert sweep_leftovers() == 1


@pytest.mark.usefixtures("aged")
def test_a_sweep_looks_at_a_part_and_the_next_goes_on(
    keys: Callable[[], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(*(f"pictures/{at:022}/0/320" for at in range(10)))
    monkeypatch.setattr("fluxgen.adapters.storage.LISTED_MAX", 1)
    monkeypatch.setattr(leftovers, "PAGES_MAX", 4)
    removed = list(itertools.accumulate(sweep_leftovers() for _ in range(4)))
    assert max(removed[0], removed[1] - removed[0]) <= 4
    assert removed[-1] == 10
    assert PAGES_MAX > 4


@pytest.mark.usefixtures("aged")
def test_a_store_that_is_down_is_looked_at_later(
    alice: Account, bucket: str, sandbox: Sandbox
) -> None:
    put(STRAY)
    sandbox.s3.faults.down = True
    assert sweep_leftovers() == 0
    sandbox.s3.faults.down = 0
    assert sweep_leftovers() == 1


def test_what_has_found_its_row_meanwhile_stays(alice: Account, workers: Workers) -> None:
    put(STRAY)
    generation = made(alice, workers)
    orphans = compared().orphans
    mine = [one for one in adapters.current().storage.listed("pictures/") if one.key != STRAY]
    assert leftovers.remove([*orphans, *mine]) == 1
    assert {one.key for one in mine} == set(archive.keys_of(generation))
    assert compared().missing == []
