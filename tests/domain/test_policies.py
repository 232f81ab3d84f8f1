"""Policies: versions that never change, and everybody told once about a new one."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from fluxgen import announcements, clock, db, journal, outbox, policies
from fluxgen.errors import Refused
from fluxgen.jobs import letters, promises
from fluxgen.jobs.sweep import anchor
from fluxgen.models import Account, Announcement, AuditRow, Mail, Publication
from tests.support.cast import join
from tests.support.races import at_once

VERSION = "2026-11-27"
LATE = "A court has ordered it."


def test_no_text_differs_from_its_registered_hash() -> None:
    assert policies.complaints() == []


@pytest.mark.parametrize("policy", policies.POLICIES)
def test_a_changed_text_is_found(policy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = dataclasses.replace(policies.versions(policy)[0], sha256="0" * 64)
    real = policies.versions

    def versions(name: str) -> tuple[policies.Version, ...]:
        return (changed, *real(name)[1:]) if name == policy else real(name)

    monkeypatch.setattr(policies, "versions", versions)
    assert policies.complaints() == [
        f"{policy}/{changed.version} was changed: a changed text is a new version"
    ]


def test_what_was_announced_cannot_be_registered_anew(
    app: Flask, alice: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    runner = app.test_cli_runner()
    assert announcements.complaints() == []
    announcements.announce(VERSION, "because", LATE)
    assert runner.invoke(args=["policy", "check"]).exit_code == 0
    real = policies.versions
    changed = dataclasses.replace(real("terms")[0], sha256="0" * 64)
    known = {**policies.registered(), f"terms/{VERSION}": "0" * 64}
    monkeypatch.setattr(
        policies,
        "versions",
        lambda name: (changed, *real(name)[1:]) if name == "terms" else real(name),
    )
    monkeypatch.setattr(policies, "registered", lambda: known)
    answer = runner.invoke(args=["policy", "check", "--json"])
    assert answer.exit_code == 1
    ((line,),) = (row.values() for row in json.loads(answer.output))
    assert line.startswith(f"terms/{VERSION} is not what was announced on ")
    anchor()
    assert [record.message for record in caplog.records].count("policy changed") == 1


def test_a_version_is_in_force_from_its_day_on(monkeypatch: pytest.MonkeyPatch) -> None:
    newest, older = policies.versions("privacy")[:2]
    before = datetime.combine(newest.day, datetime.min.time(), UTC) - timedelta(seconds=1)
    monkeypatch.setattr(clock, "offset", before - datetime.now(UTC))
    assert policies.current("privacy") == older
    assert policies.coming("privacy") == newest


@pytest.mark.both_databases
def test_everybody_is_told_once_however_often_it_is_tried(alice: Account, bob: Account) -> None:
    answers = at_once(4, lambda _: announcements.announce(VERSION, "because", LATE))
    told = [one for one in answers if not isinstance(one, BaseException)]
    assert told == [2]
    assert all(isinstance(one, Refused) for one in answers if isinstance(one, BaseException))
    assert {mail.account_id for mail in Mail.select()} == {alice.id, bob.id}
    assert Mail.select().count() == 2
    assert Announcement.get().mails == 2
    assert Publication.get().slug == "new-privacy-page-and-terms"
    row = AuditRow.get(AuditRow.action == "policy.announce")
    assert row.reason == "because"


def test_what_is_missing_is_refused_in_words(alice: Account) -> None:
    for version, words in (("2026-01-01", "no version"), ("2026-11-23", "Write the post first")):
        with pytest.raises(Refused, match=words):
            announcements.announce(version, "because")
    assert Mail.select().count() == 0


def test_the_post_is_a_draft_until_then(alice: Account) -> None:
    post = journal.announcing(VERSION)
    assert post is not None
    assert journal.find(post.slug) is None
    announcements.announce(VERSION, "because", LATE)
    assert journal.find(post.slug) is not None


def test_whoever_joins_later_has_not_missed_it(alice: Account) -> None:
    announcements.announce(VERSION, "because", LATE)
    late = join("late")
    assert announcements.unread(alice) is not None
    assert announcements.unread(late) is None
    assert late.terms_version == policies.current("terms").version


def test_putting_away_new_terms_keeps_which_and_when(alice: Account) -> None:
    Account.update(terms_version="2026-11-23").execute()
    announcements.announce(VERSION, "because", LATE)
    notice = announcements.unread(alice)
    assert notice is not None
    announcements.put_away(alice, notice.version)
    after = Account.get_by_id(alice.id)
    assert (after.terms_version, after.announcement_seen) == (VERSION, notice.id)
    assert after.terms_accepted_at > alice.terms_accepted_at
    announcements.put_away(alice, notice.version)  # a second press changes nothing
    assert Account.get_by_id(alice.id).terms_accepted_at == after.terms_accepted_at
    assert announcements.unread(after) is None


def at(day: str) -> timedelta:
    """How far the clock is from that day's noon."""
    return datetime.fromisoformat(f"{day}T12:00:00+00:00") - datetime.now(UTC)


def without_new_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest version is one of the privacy page alone."""
    real, known = policies.versions, policies.registered()
    monkeypatch.setattr(
        policies, "versions", lambda name: real(name)[1:] if name == "terms" else real(name)
    )
    del known[f"terms/{VERSION}"]
    monkeypatch.setattr(policies, "registered", lambda: known)


@pytest.mark.parametrize(
    ("is_terms", "in_time", "too_late", "promised"),
    [
        (True, "2026-10-28", "2026-10-29", "Terms: promised 30 days before"),
        (False, "2026-11-26", "2026-11-27", "Privacy: promised a day before"),
    ],
)
def test_what_comes_sooner_than_promised_is_announced_with_its_reason_only(
    app: Flask,
    alice: Account,
    monkeypatch: pytest.MonkeyPatch,
    is_terms: bool,
    in_time: str,
    too_late: str,
    promised: str,
) -> None:
    if not is_terms:
        without_new_terms(monkeypatch)
    monkeypatch.setattr(clock, "offset", at(in_time))
    assert announcements.plan(VERSION).late == ""
    assert announcements.plan(VERSION, LATE).late == ""  # there is nothing to explain
    monkeypatch.setattr(clock, "offset", at(too_late))
    args = ["policy", "announce", VERSION, "--reason", "because"]
    for late in ((), ("--late", " "), ("--late", "x" * 501)):
        answer = app.test_cli_runner().invoke(args=[*args, *late])
        assert (answer.exit_code, promised in answer.output) == (1, True), answer.output
    assert Mail.select().count() == Announcement.select().count() == 0
    answer = app.test_cli_runner().invoke(args=[*args, "--late", LATE])
    assert answer.exit_code == 0, answer.output
    (posted,) = (letters.written(posting) for _ in range(1) if (posting := outbox.claim()))
    for text in (posted.text, posted.html):
        said = " ".join(text.split())
        assert f"You hear of it later than we promise. The reason: {LATE}" in said


@pytest.mark.both_databases
def test_a_version_in_force_that_nobody_was_told_of_is_a_broken_promise(
    app: Flask, alice: Account
) -> None:
    """Not the one with which an installation began."""

    def standing() -> tuple[str, int]:
        promises.measure()
        answer = app.test_cli_runner().invoke(args=["promises", "--json"])
        row = next(one for one in json.loads(answer.output) if one["promise"] == "changes_untold")
        return row["state"], row["value"]

    assert standing() == ("kept", 0)
    history = db.migrations().History
    history.update(applied=datetime(2026, 11, 26)).where(history.id == 1).execute()
    assert standing() == ("broken", 2)
    announcements.announce(VERSION, "because", LATE)
    assert standing() == ("kept", 0)
