"""Signing in while, or just before, the account is erased."""

from __future__ import annotations

import pytest

from fluxgen import privacy
from fluxgen.models import Account, Cause, Portrait, Scope, Session
from fluxgen.sandbox import Sandbox
from fluxgen.views import signin
from tests.support import signing_in
from tests.support.buying import bought
from tests.support.erasing import erased
from tests.support.making import Visit
from tests.support.pages import parse


def test_nobody_signs_in_while_they_are_being_erased(visit: Visit) -> None:
    signing_in.sign_up(visit(None))
    erasure = privacy.plan(Account.get(), Scope.ACCOUNT, Cause.PERSON)
    mine = privacy.claim(erasure.id)
    assert mine is not None
    privacy.begin(mine)
    privacy.close(mine)
    client = visit(None)
    door = signing_in.come_back(client).location
    assert "being erased" in parse(client.get(door).text).one(css="notice--bad").words
    assert Session.select().where(Session.account.is_null(False)).count() == 0
    assert signing_in.ALMA.name not in str([row.data for row in Session.select()])


@pytest.mark.both_databases
@pytest.mark.parametrize("has_paid", [True, False])
def test_whoever_is_erased_while_google_sends_their_picture_stays_out(
    visit: Visit, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, has_paid: bool
) -> None:
    signing_in.sign_up(visit(None))
    account = Account.get()
    if has_paid:
        bought(sandbox, account)
    real = signin._portrait

    def slow(url: str) -> bytes | None:
        erased(account)
        return real(url)

    monkeypatch.setattr(signin, "_portrait", slow)
    client = visit(None)
    assert "erasing" in signing_in.come_back(client).location
    assert Portrait.select().count() == 0
    assert Session.select().where(Session.account.is_null(False)).count() == 0
    assert [one.email for one in Account.select()] == [""] * has_paid
