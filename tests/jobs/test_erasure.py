"""An erasure from its plan to its end, whatever happens between."""

from __future__ import annotations

import pytest

from fluxgen import accounts, credits
from fluxgen.models import (
    Account,
    Entry,
    Generation,
    Image,
    Purchase,
    Session,
    Standing,
)
from fluxgen.sandbox import Sandbox
from tests.support.buying import bought
from tests.support.erasing import erased
from tests.support.making import Visit, make
from tests.support.workers import Workers
from tests.support.world import stored_files

DAY_S = 24 * 3600


@pytest.mark.both_databases
def test_an_account_without_payments_goes_as_a_whole(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    mine, others = make(visit(alice), workers), make(visit(mallory), workers)
    erasure = erased(alice)
    assert erasure.account_id is None and erasure.last_mail_to is None
    assert Account.get_or_none(Account.id == alice.id) is None
    assert [one.public_id for one in Generation.select()] == [others.public_id]
    assert Image.select().count() == 1
    assert Session.select().count() == 1
    assert not any(mine.public_id in key for key in stored_files())
    assert len(stored_files()) == 3
    assert {entry.account.id for entry in Entry.select()} == {mallory.id}
    assert credits.reconcile() == []


@pytest.mark.both_databases
def test_payments_stay_without_the_person(
    sandbox: Sandbox, visit: Visit, alice: Account, workers: Workers
) -> None:
    bought(sandbox, alice)
    make(visit(alice), workers)
    before = [entry.hash for entry in Entry.select()]
    erased(alice)
    left = Account.get()
    assert (left.email, left.name, left.standing) == ("", "", Standing.SUSPENDED)
    assert left.identity != alice.identity and left.public_id != alice.public_id
    assert left.erased_at is not None
    assert left.available == alice.available + 1000 - 1
    assert [entry.hash for entry in Entry.select()] == before
    assert Purchase.select().count() == 1
    assert credits.verify(left) is None
    assert credits.reconcile() == []
    assert accounts.listing() == []
