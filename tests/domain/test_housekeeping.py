"""What leaves by itself when its time is over, and what stays."""

from __future__ import annotations

import pytest

from fluxgen import clock, housekeeping
from fluxgen.housekeeping import DRAFT, DRAFTS_KEPT_S
from fluxgen.models import Account, HeardWebhook, Session
from tests.support.races import at_once
from tests.support.workers import pass_time

WEEK_S = 7 * 24 * 3600

pytestmark = pytest.mark.both_databases


def test_an_expired_session_goes_and_a_living_one_stays(alice: Account) -> None:
    for name, lasts_s in (("a", 60), ("b", 600)):
        moments = {"created_at": clock.now(), "expires_at": clock.after(lasts_s)}
        Session.create(token_hash=name * 64, account=alice, **moments)
    pass_time(61)
    assert housekeeping.forget_expired() == 1
    assert Session.get().token_hash == "b" * 64


def test_a_draft_goes_after_a_day_and_the_rest_of_its_session_stays(alice: Account) -> None:
    now_s = int(clock.now().timestamp())
    kept = {DRAFT: {"form": {"prompt": "a fox"}, "kept_at": now_s}, "other": "é"}
    for name, data in (("a", kept), ("b", {}), ("c", {"other": 1})):
        moments = {"created_at": clock.now(), "expires_at": clock.after(30 * DRAFTS_KEPT_S)}
        Session.create(token_hash=name * 64, account=alice, data=data, **moments)
    pass_time(DRAFTS_KEPT_S - 60)
    assert housekeeping.forget_expired() == 0
    pass_time(120)
    assert housekeeping.forget_expired() == 1
    assert [row.data for row in Session.select().order_by(Session.token_hash)] == [
        {"other": "é"},
        {},
        {"other": 1},
    ]
    assert housekeeping.forget_expired() == 0


@pytest.mark.usefixtures("app")
def test_a_webhook_is_new_once() -> None:
    assert housekeeping.heard_first("msg_1")
    assert not housekeeping.heard_first("msg_1")
    assert housekeeping.heard_first("msg_2")


@pytest.mark.usefixtures("app")
def test_a_webhook_heard_by_eight_at_once_is_new_to_one() -> None:
    outcomes = at_once(8, lambda _: housekeeping.heard_first("msg_1"))
    assert [outcomes.count(True), outcomes.count(False)] == [1, 7]


@pytest.mark.usefixtures("app")
def test_a_webhook_is_forgotten_after_a_week() -> None:
    housekeeping.heard_first("msg_1")
    pass_time(WEEK_S - 60)
    assert housekeeping.forget_expired() == 0
    pass_time(120)
    assert housekeeping.forget_expired() == 1
    assert HeardWebhook.select().count() == 0
