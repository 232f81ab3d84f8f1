"""What a monitor reads: counts and ages, of nobody, for whoever knows the token."""

from __future__ import annotations

from pathlib import Path

import pytest

import fluxgen
from fluxgen import clock
from fluxgen import settings as house_settings
from fluxgen.jobs import bell
from fluxgen.jobs.worker import beat
from fluxgen.models import Account, Generation, Status
from fluxgen.settings import Settings
from tests.support import life
from tests.support.making import Visit
from tests.support.workers import pass_time


@pytest.mark.both_databases
def test_a_monitor_reads_counts_and_the_age_of_a_worker(visit: Visit, alice: Account) -> None:
    generation = life.done(alice)
    Generation.update(status=Status.RUNNING, due_at=clock.after(-90)).execute()
    text = visit(None).get("/metrics").text
    assert "fluxgen_worker_seen_age_seconds +Inf\n" in text
    assert 'fluxgen_generations_unfinished{status="running"} 1\n' in text
    assert 'fluxgen_generations_unfinished{status="held"} 0\n' in text
    bell.ring("fluxgen.jobs.purchases.check", 10**9, "money")  # beside what other tests left there
    beat()
    pass_time(100)
    answer = visit(None).get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    found = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if line[0] != "#")
    assert 100 <= float(found["fluxgen_worker_seen_age_seconds"]) < 1000
    assert 190 <= float(found["fluxgen_step_overdue_seconds"]) < 1000
    assert found['fluxgen_promise_kept{promise="cookies"}'] == found["fluxgen_mails_due"] == "0"
    assert found["fluxgen_redis_up"] == "1"
    assert found['fluxgen_queue_jobs{queue="money"}'] == str(bell.waiting()["money"]) != "0"
    for secret in (alice.email, alice.public_id, generation.public_id):
        assert secret not in answer.text
    page = Path(fluxgen.__file__).parent.parent / "docs" / "operating.md"
    names = {name.partition("{")[0] for name in found}
    assert [name for name in names if f"`{name}`" not in page.read_text()] == []


@pytest.mark.parametrize("env", ["test", "production"])
def test_numbers_are_for_whoever_knows_the_token(
    visit: Visit, settings: Settings, env: str
) -> None:
    chosen = {"metrics_token": "t" * 40, "fluxgen_env": env}
    house_settings.use(settings.model_copy(update=chosen))
    for said in ("", "Bearer", "Bearer wrong", f"Basic {'t' * 40}", f"Bearer {'t' * 40}é"):
        answer = visit(None).get("/metrics", headers={"Authorization": said})
        assert (answer.status_code, answer.text) == (401, ""), said
    right = {"Authorization": f"Bearer {'t' * 40}"}
    assert "fluxgen_redis_up" in visit(None).get("/metrics", headers=right).text
    house_settings.use(settings.model_copy(update={"fluxgen_env": env}))
    assert visit(None).get("/metrics").status_code == (404 if env == "production" else 200)
