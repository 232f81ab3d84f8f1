"""A reference image is gone at the provider when its generation has ended, however it ended."""

from __future__ import annotations

import pytest

from fluxgen import adapters, generations
from fluxgen.errors import Refused
from fluxgen.generations import Reference
from fluxgen.jobs import references
from fluxgen.jobs.sweep import clear_away, tidy
from fluxgen.models import Account, Generation, Status
from fluxgen.sandbox import Sandbox
from tests.jobs.course import faults, wait_out
from tests.support.life import recipe, submitted
from tests.support.making import Visit, latest
from tests.support.photographs import photograph
from tests.support.referring import files, refer
from tests.support.workers import Workers, pass_time


def _is_gone(generation: Generation, sandbox: Sandbox) -> bool:
    row = latest(generation)
    assert row.had_reference
    return files(sandbox) == [] and row.reference_file is row.reference_url is None


def test_the_model_reads_it_and_then_it_is_gone(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = refer(visit(alice))
    address = generation.reference_url
    workers.work()
    assert latest(generation).status is Status.DONE
    (prediction,) = sandbox.replicate.predictions.newest_first()
    assert str(address) in str(prediction.input)
    assert _is_gone(generation, sandbox)


def test_it_stays_until_the_end(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    faults(sandbox, create_throttle=1.0)
    generation = refer(visit(alice))
    workers.step()
    tidy()
    assert not latest(generation).is_finished
    assert [file.id for file in files(sandbox)] == [generation.reference_file]


def test_it_is_gone_after_a_failure(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    faults(sandbox, predict_fail=1.0)
    generation = refer(visit(alice))
    workers.work()
    assert latest(generation).status is Status.FAILED
    assert _is_gone(generation, sandbox)


def test_it_is_gone_after_a_cancellation(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = refer(visit(alice))
    generations.cancel(generation)
    workers.work()
    assert latest(generation).status is Status.CANCELLED
    assert _is_gone(generation, sandbox)


def test_it_is_gone_when_time_runs_out(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    faults(sandbox, create_throttle=1.0)
    generation = refer(visit(alice))
    wait_out(workers, 900)
    assert latest(generation).status is Status.EXPIRED
    assert _is_gone(generation, sandbox)


def test_where_the_provider_is_silent_at_the_end_the_sweep_comes_back(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = refer(visit(alice))
    generations.cancel(generation)
    faults(sandbox, down=1.0)
    workers.step()
    assert latest(generation).is_finished
    tidy()
    assert latest(generation).reference_file is not None
    faults(sandbox, down=0)
    tidy()
    assert _is_gone(generation, sandbox)


def test_one_that_is_gone_already_is_done(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = refer(visit(alice))
    sandbox.replicate.files.delete(str(generation.reference_file))
    generations.cancel(generation)
    workers.work()
    assert _is_gone(generation, sandbox)


def test_what_was_left_between_file_and_row_is_swept_hours_later(
    alice: Account, sandbox: Sandbox
) -> None:
    left = references.hand_over(photograph(), "flux-2-klein")
    clear_away()
    assert [file.id for file in files(sandbox)] == [left.file_id]
    pass_time(references.ORPHAN_AFTER_S + 1)
    kept = references.hand_over(photograph(), "flux-2-klein")
    clear_away()
    assert [file.id for file in files(sandbox)] == [kept.file_id]


def test_a_file_that_cannot_be_deleted_holds_up_no_other(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    rows = [refer(visit(alice)) for _ in range(3)]
    faults(sandbox, down=1.0)
    for row in rows:
        generations.cancel(row)
    workers.step()
    tidy()
    faults(sandbox, down=0)
    stuck = str(latest(rows[0]).reference_file)
    sandbox.replicate.files.stuck.add(stuck)
    tidy()
    assert [file.id for file in files(sandbox)] == [stuck]
    assert [latest(row).reference_file for row in rows] == [stuck, None, None]
    sandbox.replicate.files.stuck.clear()
    tidy()
    assert _is_gone(rows[0], sandbox)


def test_orphans_are_found_on_every_page_and_one_that_stays_holds_up_no_other(
    alice: Account, sandbox: Sandbox
) -> None:
    store = adapters.current().reference_files
    ids = [store.upload(b"left", "image/jpeg").id for _ in range(215)]
    sandbox.replicate.files.stuck.add(ids[150])
    pass_time(references.ORPHAN_AFTER_S + 1)
    clear_away()
    assert [file.id for file in files(sandbox)] == [ids[150]]


def test_a_file_that_a_generation_names_is_no_orphan(alice: Account, sandbox: Sandbox) -> None:
    kept = references.hand_over(photograph(), "flux-2-klein")
    submitted(alice, model="flux-2-klein", reference=kept)
    pass_time(references.ORPHAN_AFTER_S + 1)
    clear_away()
    assert [file.id for file in files(sandbox)] == [kept.file_id]


def test_a_silent_provider_keeps_the_sweep_calm(alice: Account, sandbox: Sandbox) -> None:
    faults(sandbox, down=1.0)
    clear_away()


def test_a_twin_that_was_faster_leaves_no_second_file(
    alice: Account, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the same form arrived between the first look and the row."""
    wanted = recipe(model="flux-2-klein")
    first = references.submit(alice, wanted, "twin", photograph())
    monkeypatch.setattr(generations, "sent_before", lambda *_: None)
    second = references.submit(alice, wanted, "twin", photograph())
    assert first.id == second.id
    assert [file.id for file in files(sandbox)] == [first.reference_file]


def test_a_retry_says_that_the_picture_was_not_kept(alice: Account, sandbox: Sandbox) -> None:
    generation = submitted(alice, model="flux-2-klein", reference=Reference("gone", "http://x"))
    taken = generations.claim(generation.id)
    assert taken is not None
    generations.end(taken, "failed")
    with pytest.raises(Refused, match="was not kept"):
        generations.retry(latest(generation))
