"""Rows that are gone for everybody but the disk: Postgres keeps them until it is told."""

from __future__ import annotations

import logging
import re

import pytest
from peewee import PostgresqlDatabase

from fluxgen import clock
from fluxgen.db import database
from fluxgen.models import Account, Purchase, PurchaseStatus
from tests.support.erasing import erased
from tests.support.making import Visit, ask, make
from tests.support.workers import Workers

NAME_NOBODY = {"audit_head", "measurement"}
"""Tables whose rows tell nothing of anybody."""


@pytest.mark.both_databases
def test_every_table_in_which_rows_died_is_cleared_of_them(
    visit: Visit, alice: Account, workers: Workers, caplog: pytest.LogCaptureFixture
) -> None:
    """Of somebody who never paid, so that their movements and purchases go, too."""
    make(visit(alice), workers)
    ask(visit(alice), prompt="[slow] a fox")
    bill = {"pack": "small", "credits": 1, "amount_minor": 1, "currency": "usd"}
    given_up = {"status": PurchaseStatus.CANCELLED, "consented_at": clock.now()}
    Purchase.create(account=alice, **bill, **given_up)
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        erased(alice)
    died = _died([str(one.msg[0]) for one in caplog.records if one.name == "peewee"])
    assert {"entry", "purchase", "generation", "account"} <= set(died)
    if isinstance(database.obj, PostgresqlDatabase):
        assert {table for table, is_left in died.items() if is_left} <= NAME_NOBODY
    else:
        assert database.obj.pragma("secure_delete") == 1, "it writes over them at once"


def _died(statements: list[str]) -> dict[str, bool]:
    """The tables in which rows were deleted or changed, and whether some of that has not been
    followed by a vacuum. What is changed last, as the erasure ends, names nobody."""
    died: dict[str, bool] = {}
    for statement in statements:
        for table in re.findall(r'(?:DELETE FROM|UPDATE) "(\w+)"', statement):
            died[table] = died.get(table, True)
        for table in re.findall(r'VACUUM "(\w+)"', statement):
            died[table] = False
    return died
