"""Google may say what it likes of a person: three things are kept, and nothing else anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fluxgen.models import Account
from fluxgen.sandbox.google_people import Person
from tests.support import erasing, log_lines, signing_in
from tests.support.making import Visit, make
from tests.support.signing_in import ALMA
from tests.support.workers import Workers

SAID_BESIDE: dict[str, Any] = {
    "given_name": "claim-given-5d1",
    "family_name": "claim-family-5d1",
    "middle_name": "claim-middle-5d1",
    "nickname": "claim-nick-5d1",
    "preferred_username": "claim-user-5d1",
    "profile": "https://people.test/claim-profile-5d1",
    "website": "https://people.test/claim-website-5d1",
    "gender": "claim-gender-5d1",
    "birthdate": "claim-birth-5d1",
    "zoneinfo": "claim-zone-5d1",
    "locale": "claim-locale-5d1",
    "phone_number": "claim-phone-5d1",
    "address": {"formatted": "claim-street-5d1", "country": "claim-country-5d1"},
    "hd": "claim-domain-5d1.test",
    "org_unit": "claim-unit-5d1",
}
MARK = b"-5d1"


def test_what_google_says_beside_is_found_nowhere(
    visit: Visit, workers: Workers, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: Any
) -> None:
    folder: Path = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    real = Person.claims
    sent: list[dict[str, object]] = []

    def claims(self: Person, base_url: str) -> dict[str, object]:
        sent.append({**real(self, base_url), **SAID_BESIDE})
        return sent[-1]

    monkeypatch.setattr(Person, "claims", claims)
    client = visit(None)
    with log_lines.recorded() as said:
        signing_in.come_back(client)
        assert sent, "Google was not asked"
        assert erasing.hits([MARK], folder) == set()  # while it waits for the two answers
        client.post("/signin/welcome", data=signing_in.BOTH)
        make(client, workers)
        client.get("/account")
        signing_in.come_back(visit(None))
    assert Account.get().email == ALMA.email
    assert erasing.hits([ALMA.email.encode()], folder) != set()  # the search finds what is there
    assert erasing.hits([MARK], folder) == set()
    assert MARK.decode() not in said.getvalue()
