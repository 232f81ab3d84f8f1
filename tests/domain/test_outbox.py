"""The outbox: once for each key, one worker at a time, and nothing kept longer than needed."""

from __future__ import annotations

import pytest

from fluxgen import db, outbox
from fluxgen.errors import LeaseLost
from fluxgen.models import Account, Mail, MailStatus
from tests.support.races import at_once
from tests.support.workers import pass_time

pytestmark = pytest.mark.both_databases


def queue(account: Account, key: str = "one") -> Mail:
    with db.transaction():
        outbox.queue("policy", account, key=key, facts={"subject": "marker"})
    return Mail.get(Mail.key == key)


def test_a_key_is_queued_once(alice: Account) -> None:
    first = queue(alice)
    assert queue(alice).id == first.id
    assert Mail.select().count() == 1


def test_what_is_rolled_back_is_not_sent(alice: Account) -> None:
    with pytest.raises(RuntimeError), db.transaction():
        outbox.queue("policy", alice, key="one", facts={})
        raise RuntimeError
    assert Mail.select().count() == 0


def test_of_ten_workers_one_has_the_mail(alice: Account) -> None:
    queue(alice)
    claims = at_once(10, lambda _: outbox.claim())
    assert sum(claim is not None for claim in claims) == 1


def test_a_lost_worker_is_taken_over_and_writes_nothing(alice: Account) -> None:
    queue(alice)
    lost = outbox.claim()
    assert lost is not None and not lost.is_repeat
    assert outbox.claim() is None
    pass_time(121)
    taken = outbox.claim()
    assert taken is not None and taken.is_repeat
    assert taken.message_name == lost.message_name
    with pytest.raises(LeaseLost):
        outbox.sent(lost)
    outbox.sent(taken)
    assert outbox.due() == []


def test_what_it_said_goes_when_it_is_sent(alice: Account) -> None:
    with db.transaction():
        outbox.queue("policy", None, key="last", facts={"a": "b"}, address="gone@example.test")
    posting = outbox.claim()
    assert posting is not None
    assert (posting.address, posting.facts) == ("gone@example.test", {"a": "b"})
    outbox.sent(posting)
    mail = Mail.get()
    assert (mail.recipient, mail.facts, mail.status) == (None, {}, MailStatus.SENT)


def test_everybody_is_written_to_once_except_who_is_being_erased(
    alice: Account, bob: Account, mallory: Account
) -> None:
    Account.update(erased_at=1).where(Account.id == mallory.id).execute()
    with db.transaction():
        assert outbox.queue_for_everybody("policy", key="v1", facts={"subject": "x"}) == 2
    with db.transaction():
        assert outbox.queue_for_everybody("policy", key="v1", facts={"subject": "x"}) == 0
    assert {mail.account_id for mail in Mail.select()} == {alice.id, bob.id}
    posting = outbox.claim()
    assert posting is not None
    assert posting.facts == {"subject": "x"}
    assert posting.address in {alice.email, bob.email}


def test_a_mail_that_nobody_takes_is_given_up_after_five_days(alice: Account) -> None:
    queue(alice)
    for _ in range(200):
        pass_time(3601)
        posting = outbox.claim()
        if posting is None:
            break
        outbox.put_back(posting, "451")
    mail = Mail.get()
    assert (mail.status, mail.failure) == (MailStatus.UNDELIVERABLE, "451")
    assert 100 < mail.attempts < 130
