"""Exports on pages: asking, watching, fetching, and who may not."""

from __future__ import annotations

import httpx
import pytest

from fluxgen import exports
from fluxgen.jobs import exports as jobs
from fluxgen.jobs.mail import deliver
from fluxgen.jobs.sweep import tidy
from fluxgen.models import Account, Export, ExportStatus, Mail
from tests.support.buying import main
from tests.support.cast import HTMX
from tests.support.exporting import built, finished, opened
from tests.support.making import Visit, make
from tests.support.pages import parse
from tests.support.workers import Workers, pass_time
from tests.support.world import stored_files

DAY_S = 24 * 3600


@pytest.mark.both_databases
def test_it_is_asked_for_watched_and_fetched(
    visit: Visit, alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.jobs.exports.STEP_S", 0)
    monkeypatch.setattr("fluxgen.jobs.exports.contents.GENERATIONS_AT_A_TIME", 1)
    client = visit(alice)
    for n in range(2):
        make(client, workers, prompt=f"fox {n}")
    asked = client.post("/account/exports")
    assert asked.status_code == 303
    page = client.get(asked.location)
    assert "0 of 2 requests" in main(page.text)
    export = Export.get()
    seen = set()
    while export.status is not ExportStatus.READY:
        workers.step()
        export = Export.get_by_id(export.id)
        fragment = client.get(f"/partials/exports/{export.public_id}", headers=HTMX)
        seen |= {n for n in range(3) if f"{n} of 2 requests" in fragment.text}
    assert seen == {0, 1, 2}
    assert "Your export is ready" in fragment.text
    assert not parse(fragment.text).by_id("export-status").get("hx-get")
    answer = client.get(f"/account/exports/{export.public_id}/zip")
    assert answer.data == opened(export).data
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=fluxgen-")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_pressed_twice_is_once_and_a_few_a_day_are_enough(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    first = client.post("/account/exports").location
    assert client.post("/account/exports").location == first
    finished(Export.get(), workers)
    for _ in range(exports.A_DAY_MAX - 1):
        built(alice, workers)
    refused = client.post("/account/exports")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= DAY_S
    assert f"There can be {exports.A_DAY_MAX} exports a day" in refused.text
    pass_time(DAY_S)
    assert client.post("/account/exports").status_code == 303


def test_a_download_that_broke_off_goes_on(visit: Visit, alice: Account, workers: Workers) -> None:
    make(visit(alice), workers)
    export = built(alice, workers)
    whole = opened(export).data
    client, address = visit(alice), f"/account/exports/{export.public_id}/zip"
    first = client.get(address, headers={"Range": "bytes=0-99"})
    assert first.status_code == 206
    assert first.headers["Content-Range"] == f"bytes 0-99/{len(whole)}"
    tag = first.headers["ETag"]
    rest = client.get(address, headers={"Range": "bytes=100-", "If-Range": tag})
    assert rest.status_code == 206
    assert first.data + rest.data == whole
    other = client.get(address, headers={"Range": "bytes=100-", "If-Range": '"other"'})
    assert (other.status_code, other.data) == (200, whole)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    behind = client.get(address, headers={"Range": f"bytes={len(whole)}-"})
    assert behind.status_code == 416


def test_it_is_its_owners_only(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    export = built(alice, workers)
    for place in ("", "/zip", "/json"):
        address = f"/account/exports/{export.public_id}{place}"
        assert visit(mallory).get(address).status_code == 404
        assert visit(None).get(address).status_code == 303
        assert visit(alice).get(address).status_code == 200
    assert visit(alice).get(f"/account/exports/{export.public_id}/other").status_code == 404


@pytest.mark.usefixtures("bucket")
def test_from_a_bucket_it_is_fetched_by_an_address_of_its_own(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    make(visit(alice), workers)
    export = built(alice, workers)
    whole = opened(export).data
    answer = visit(alice).get(f"/account/exports/{export.public_id}/zip")
    assert answer.status_code == 302
    assert "no-store" in answer.headers["Cache-Control"]
    fetched = httpx.get(answer.location, timeout=30)
    assert (fetched.status_code, fetched.content) == (200, whole)
    name = f"fluxgen-{export.created_at:%Y-%m-%d}.zip"
    assert name in fetched.headers["Content-Disposition"]
    rest = httpx.get(answer.location, headers={"Range": "bytes=100-"}, timeout=30)
    assert (rest.status_code, rest.content) == (206, whole[100:])
    unsigned = answer.location.partition("?")[0]
    assert httpx.get(unsigned, timeout=30).status_code in {400, 403}
    pass_time(1801)
    assert httpx.get(answer.location, timeout=30).status_code in {400, 403}
    said = visit(None).get("/privacy").text
    assert "sent to an address there that is good for half an hour at most" in said


def test_what_is_not_ready_cannot_be_fetched(visit: Visit, alice: Account) -> None:
    export = exports.begin(alice)
    assert visit(alice).get(f"/account/exports/{export.public_id}/zip").status_code == 404


@pytest.mark.both_databases
def test_it_goes_after_a_week_object_and_row(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    export = built(alice, workers)
    client, address = visit(alice), f"/account/exports/{export.public_id}"
    pass_time(exports.KEPT_S - 60)
    tidy()
    assert client.get(address).status_code == 200
    pass_time(120)
    assert client.get(address).status_code == 404  # also before the timer has come by
    assert client.get(f"{address}/zip").status_code == 404
    tidy()
    assert Export.select().count() == 0
    assert not [key for key in stored_files() if key.startswith("exports/")]


def test_a_mail_says_that_it_is_ready(alice: Account, workers: Workers) -> None:
    built(alice, workers)
    (mail,) = Mail.select().where(Mail.kind == "export")
    assert mail.account_id == alice.id
    assert mail.facts["public_id"] == Export.get().public_id
    deliver(mail.id)


def test_the_account_page_lists_them(visit: Visit, alice: Account, workers: Workers) -> None:
    built(alice, workers)
    words = main(visit(alice).get("/account").text)
    assert "Take everything with you" in words
    assert "until" in words


def test_what_an_erased_account_left_of_an_export_goes(alice: Account, workers: Workers) -> None:
    export = exports.begin(alice)
    jobs.build(export.id)
    exports.forget(export)  # as an erasure does, in the middle of a step
    assert [key for key in stored_files() if key.startswith("exports/")]
    assert jobs.forget_orphans() == 1
    assert not [key for key in stored_files() if key.startswith("exports/")]
