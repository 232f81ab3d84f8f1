"""Many people's worth of clicks in the same moment: never more than the credits there are."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask

from fluxgen import accounts, credits
from fluxgen.db import database
from fluxgen.jobs import bell
from fluxgen.models import Account, Entry, Generation, Kind
from fluxgen.settings import Settings
from tests.races.crowd import in_processes, in_threads, plain_client
from tests.support.buying import numbers
from tests.support.cast import OURS, order

pytestmark = [pytest.mark.both_databases, pytest.mark.timeout(600)]

CREDITS, SUBMITS = 50, 200
ADDRESS = "bob@example.test"


def submit(app: Flask, number: int) -> int:
    """One form of one credit, from a browser of its own; the answer's status."""
    with database.connection_context():
        client = plain_client(app, accounts.find_by_email(ADDRESS))
    form = order(nonce=f"nonce-{number}")
    return client.post("/generations", data=form, headers=OURS).status_code


def submit_in_pairs(app: Flask, number: int) -> int:
    """The same, but each form is sent twice."""
    return submit(app, number // 2)


@pytest.fixture
def rich(bob: Account) -> Account:
    """Has just enough for a quarter of them."""
    bell.redis().flushdb()
    credits.grant(bob, CREDITS, "race", "fifty")
    return bob


def fifty_were_accepted(bob: Account, answers: Counter[int]) -> None:
    assert answers == {303: CREDITS, 402: SUBMITS - CREDITS}
    assert numbers(bob) == (0, CREDITS, 0)
    assert Generation.select().count() == CREDITS
    assert Entry.select().where(Entry.kind == Kind.HOLD).count() == CREDITS
    assert credits.reconcile() == []
    assert credits.verify(bob) is None


def test_of_200_threads_with_50_credits_exactly_50_are_served(app: Flask, rich: Account) -> None:
    fifty_were_accepted(rich, in_threads(app, 16, submit, range(SUBMITS)))


def test_of_200_submits_in_4_processes_exactly_50_are_served(
    settings: Settings, rich: Account
) -> None:
    fifty_were_accepted(rich, in_processes(settings, 4, submit, range(SUBMITS)))


def test_forms_that_are_sent_twice_are_paid_once(app: Flask, rich: Account) -> None:
    answers = in_threads(app, 16, submit_in_pairs, range(2 * CREDITS))
    assert answers == {303: 2 * CREDITS}
    assert numbers(rich) == (0, CREDITS, 0)
    assert Generation.select().count() == CREDITS
