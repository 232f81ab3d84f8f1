"""People: known by a keyed hash, created once, and only after they have agreed."""

from __future__ import annotations

import hashlib

import pytest

from fluxgen import accounts, clock, credits, policies, settings, suspension
from fluxgen.accounts import EMAIL_MAX, NAME_MAX, Newcomer
from fluxgen.errors import Refused
from fluxgen.models import Account, Entry, Kind, Portrait, Session, Standing
from tests.support import cast
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("app")

ALICE = Newcomer(
    identity="a" * 64, email="alice@example.test", name="Alice", picture_url="https://p.test/a"
)


def sign_up(newcomer: Newcomer = ALICE) -> Account:
    return accounts.sign_up(newcomer, age_confirmed=True, terms_accepted=True)


def test_an_identity_is_hashed_with_our_key() -> None:
    known = accounts.identity_hash("https://accounts.google.com", "1234567890")
    assert len(known) == 64
    assert "1234567890" not in known
    assert known != hashlib.sha256(b"https://accounts.google.com\n1234567890").hexdigest()
    settings.use(settings.current().model_copy(update={"identity_key": "another"}))
    assert accounts.identity_hash("https://accounts.google.com", "1234567890") != known


def test_issuer_and_subject_both_count_and_do_not_run_into_each_other() -> None:
    hashes = {accounts.identity_hash(*pair) for pair in (("i", "s"), ("i", "t"), ("j", "s"))}
    assert len(hashes) == 3
    assert accounts.identity_hash("ab", "c") != accounts.identity_hash("a", "bc")


@pytest.mark.parametrize(
    ("age", "terms", "field"), [(False, True, "age13"), (True, False, "terms")]
)
def test_without_consent_there_is_no_account(age: bool, terms: bool, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        accounts.sign_up(ALICE, age_confirmed=age, terms_accepted=terms)
    assert refusal.value.field == field
    assert Account.select().count() == 0


def test_consent_is_on_record(app: object) -> None:
    account = accounts.balance(sign_up())
    assert account.terms_version == policies.current("terms").version
    for moment in (account.age_confirmed_at, account.terms_accepted_at):
        assert abs((clock.now() - moment).total_seconds()) < 60


@pytest.mark.both_databases
def test_the_sandbox_welcomes_with_a_hundred_credits() -> None:
    account = accounts.balance(sign_up())
    assert (account.available, account.held) == (100, 0)
    assert [entry.kind for entry in credits.entries(account)] == [Kind.GRANT]


def test_real_pictures_are_not_given_away() -> None:
    settings.use(settings.current().model_copy(update={"replicate_api_token": "r8_real"}))
    assert accounts.balance(sign_up()).available == 0
    assert Entry.select().count() == 0


@pytest.mark.both_databases
def test_signing_up_twice_is_one_account() -> None:
    assert sign_up() == sign_up()
    assert accounts.balance(Account.get()).available == 100


@pytest.mark.both_databases
def test_signing_up_from_eight_tabs_at_once_is_one_account() -> None:
    outcomes = at_once(8, lambda _: sign_up())
    assert {one.id for one in outcomes if isinstance(one, Account)} == {Account.get().id}
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert accounts.balance(Account.get()).available == 100


def test_what_is_far_too_long_is_cut() -> None:
    account = sign_up(Newcomer("b" * 64, "e" * 999, "n" * 999, ""))
    assert (len(account.email), len(account.name)) == (EMAIL_MAX, NAME_MAX)


def test_a_new_address_and_name_at_google_are_taken_over() -> None:
    account = sign_up()
    moved = Newcomer(ALICE.identity, "alice@new.test", "Other", "")
    known = accounts.recognise(moved)
    assert known == account
    assert accounts.balance(account).email == "alice@new.test"
    assert accounts.balance(account).name == "Other"


def test_the_same_address_under_another_identity_is_somebody_else() -> None:
    sign_up()
    assert accounts.recognise(Newcomer("c" * 64, ALICE.email, "Alice", "")) is None


def test_a_portrait_replaces_the_last_one_or_goes() -> None:
    account = sign_up()
    assert not accounts.has_portrait(account)
    for webp in (b"first", b"second"):
        accounts.keep_portrait(account, webp)
        assert accounts.portrait(account) == webp
    accounts.keep_portrait(account, None)
    assert accounts.portrait(account) is None
    assert Portrait.select().count() == 0


def test_an_account_is_found_by_its_address() -> None:
    alice = sign_up()
    assert accounts.find_by_email(ALICE.email.upper()) == alice
    assert accounts.find_by_email(alice.public_id) == alice
    with pytest.raises(Refused, match="nobody@example.test"):
        accounts.find_by_email("nobody@example.test")


def test_of_several_with_one_address_none_is_guessed() -> None:
    old = sign_up()
    new = sign_up(Newcomer("d" * 64, ALICE.email.title(), "Younger", ""))
    with pytest.raises(Refused) as refused:
        accounts.find_by_email(ALICE.email)
    assert old.public_id in refused.value.words and new.public_id in refused.value.words
    assert accounts.find_by_email(old.public_id) == old


def test_an_account_is_suspended_and_restored() -> None:
    account, other = sign_up(), cast.join("other")
    suspension.suspend(account, "abuse")
    assert accounts.balance(account).standing is Standing.SUSPENDED
    assert accounts.balance(other).standing is Standing.ACTIVE
    suspension.restore(account, "a mistake")
    assert accounts.balance(account).standing is Standing.ACTIVE


def test_signing_out_everywhere_ends_ones_own_sessions_only() -> None:
    account, other = sign_up(), cast.join("other")
    for n, owner in enumerate((account, account, other)):
        moments = {"created_at": clock.now(), "expires_at": clock.after(60)}
        Session.create(token_hash=str(n) * 64, account=owner, **moments)
    assert accounts.sign_out_everywhere(account) == 2
    assert Session.get().account_id == other.id


def test_accounts_are_listed_newest_first() -> None:
    first, second = sign_up(), cast.join("other")
    assert accounts.listing() == [second, first]
    assert accounts.listing(limit=1) == [second]
