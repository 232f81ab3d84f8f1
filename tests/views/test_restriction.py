"""Restriction and objection: the account page's switches really change what is done."""

from __future__ import annotations

import pytest

from fluxgen import accounts, archive, audit, catalogue, clock, generations, housekeeping
from fluxgen.accounts import Newcomer
from fluxgen.generations import reading
from fluxgen.jobs import exports
from fluxgen.models import (
    Account,
    AuditRow,
    Export,
    ExportStatus,
    Generation,
    Purchase,
    Refusal,
    Status,
)
from tests.support import life
from tests.support.buying import main
from tests.support.cast import order
from tests.support.making import Visit, ask, latest, make
from tests.support.workers import Workers, pass_time

DAY_S = 24 * 3600


def again(account: Account) -> Account:
    """The row as it is now."""
    return accounts.balance(account)


def signed_in_as(account: Account, name: str) -> Newcomer:
    """What Google says at the next sign-in, under another name and address."""
    return Newcomer(account.identity, "moved@example.test", name, "")


# Restriction


@pytest.fixture
def restricted(visit: Visit, alice: Account) -> Account:
    """Alice, who has had her data restricted on her account page."""
    answer = visit(alice).post("/account/restriction", data={"restricted": "yes"})
    assert (answer.status_code, answer.location) == (303, "/account?saved=restriction#said")
    return again(alice)


@pytest.mark.both_databases
def test_while_restricted_nothing_new_begins(visit: Visit, restricted: Account) -> None:
    client = visit(restricted)
    refused = client.post("/generations", data=order(prompt="a red fox"))
    assert refused.status_code == 422
    assert "Your data is restricted" in refused.text and "a red fox" in refused.text
    pack = next(iter(catalogue.load().packs))
    bought = client.post("/purchases", data={"pack": pack, "consent": "yes"})
    assert (bought.status_code, "nothing is bought" in bought.text) == (422, True)
    assert Purchase.select().count() == 0
    assert Generation.select().count() == 0
    client.post("/account/restriction", data={"restricted": "no"})
    assert client.post("/generations", data=order()).status_code == 303


def test_what_is_under_way_stops_and_its_credits_come_back(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    waiting = ask(client)
    client.post("/account/restriction", data={"restricted": "yes"})
    workers.work()
    assert latest(waiting).status is Status.CANCELLED
    assert (again(alice).available, again(alice).held) == (100, 0)


def test_while_restricted_no_timer_removes_anything(
    visit: Visit, alice: Account, mallory: Account
) -> None:
    ready = {"status": ExportStatus.READY, "expires_at": clock.after(DAY_S)}
    for account in (alice, mallory):
        life.failed(account)
        Export.create(account=account, total=1, **ready)
        Refusal.create(account=account, rule="minors")
    visit(alice).post("/account/restriction", data={"restricted": "yes"})
    pass_time(40 * DAY_S)
    assert archive.dismiss_old() == 1
    housekeeping.forget_expired()
    assert exports.purge() == 2  # which has its day, as the page says
    assert "but what has its day: sessions, exports" in main(visit(alice).get("/account").text)
    assert [row.account.id for row in Refusal.select()] == [alice.id]
    kept = Generation.select().where(Generation.deleted_at.is_null())
    assert [row.account_id for row in kept] == [alice.id]


def test_while_restricted_what_the_person_asks_for_still_happens(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    made = make(client, workers)
    client.post("/account/restriction", data={"restricted": "yes"})
    assert client.get(f"/generations/{made.public_id}").status_code == 200
    assert client.post(f"/generations/{made.public_id}/delete").status_code in {200, 303}
    pass_time(120)
    workers.step()
    assert Generation.select().count() == 0


def test_while_restricted_a_sign_in_brings_nothing_up_to_date(restricted: Account) -> None:
    found = accounts.recognise(signed_in_as(restricted, "Another"))
    assert found is not None
    assert (again(found).name, again(found).email) == ("Alice", "alice@example.test")
    assert not accounts.wants_portrait(found)


def test_the_page_says_since_when_and_the_audit_who(visit: Visit, restricted: Account) -> None:
    assert "Restricted since" in main(visit(restricted).get("/account").text)
    row = AuditRow.get(AuditRow.action == "accounts.restrict")
    assert (row.actor, row.subject) == (audit.PERSON, restricted.public_id)
    visit(restricted).post("/account/restriction", data={"restricted": "yes"})
    assert AuditRow.select().where(AuditRow.action == "accounts.restrict").count() == 1


# Objection


def object_to_it(visit: Visit, account: Account) -> Account:
    """Object, on the account page."""
    answer = visit(account).post("/account/objection", data={"objected": "yes"})
    assert (answer.status_code, answer.location) == (303, "/account?saved=objection#said")
    return again(account)


@pytest.mark.both_databases
@pytest.mark.parametrize("switch", ["objection", "restriction"])
def test_runs_of_whoever_objected_do_not_count_for_what_is_expected(
    visit: Visit, alice: Account, switch: str
) -> None:
    for _ in range(3):
        done = life.done(alice)
    assert reading.usual_run_s(done.model, done.tier) is not None
    field = {"objection": "objected", "restriction": "restricted"}[switch]
    visit(alice).post(f"/account/{switch}", data={field: "yes"})
    assert reading.usual_run_s(done.model, done.tier) is None
    visit(alice).post(f"/account/{switch}", data={field: "no"})
    assert reading.usual_run_s(done.model, done.tier) is not None


def test_no_news_are_counted_for_whoever_objected(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    client.get("/history")
    pass_time(5)
    life.done(alice)
    assert generations.news(again(alice)).finished == 1
    alice = object_to_it(visit, alice)
    assert alice.looked_at is None
    assert generations.news(alice) == generations.News(0, 0)
    client.get("/history")
    assert again(alice).looked_at is None
    assert "1 new" not in client.get("/looks").text


@pytest.mark.both_databases
def test_refusals_of_whoever_objected_stay_for_their_day_only(
    visit: Visit, alice: Account, mallory: Account
) -> None:
    for account in (alice, mallory):
        Refusal.create(account=account, rule="minors", created_at=clock.after(-2 * DAY_S))
        Refusal.create(account=account, rule="minors")
    object_to_it(visit, alice)
    assert Refusal.select().where(Refusal.account == alice).count() == 1
    assert Refusal.select().where(Refusal.account == mallory).count() == 2
    pass_time(DAY_S)
    housekeeping.forget_expired()
    assert Refusal.select().where(Refusal.account == alice).count() == 0
    assert Refusal.select().where(Refusal.account == mallory).count() == 2


def test_the_objection_can_be_withdrawn(visit: Visit, alice: Account) -> None:
    object_to_it(visit, alice)
    assert "You objected on" in main(visit(alice).get("/account").text)
    visit(alice).post("/account/objection", data={"objected": "no"})
    assert not again(alice).has_objected
