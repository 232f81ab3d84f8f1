"""Signing in with Google and out again, over HTTP against the sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.wrappers import Response

from fluxgen import db
from fluxgen.models import Account, Portrait, Session
from fluxgen.sandbox import Sandbox
from fluxgen.settings import Settings
from tests.support import cast, signing_in
from tests.support.making import Visit, ask
from tests.support.pages import parse
from tests.support.signing_in import ALMA, BOTH, JONAS, NOOR
from tests.support.workers import pass_time

NO_MARKERS = {"email_verified", "locale"}
"""Claims whose values (`True`, `en`) are in any text."""


def test_google_is_asked_with_state_nonce_and_a_challenge(visit: Visit) -> None:
    asked = signing_in.asked(signing_in.leave(visit(None)))
    assert asked["response_type"] == "code"
    assert asked["scope"] == "openid email profile"
    assert asked["redirect_uri"] == f"{cast.ORIGIN}/signin/google/callback"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20


def test_each_sign_in_has_secrets_of_its_own(visit: Visit) -> None:
    client = visit(None)
    first, second = (signing_in.asked(signing_in.leave(client)) for _ in range(2))
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


def test_a_newcomer_is_asked_two_questions_before_anything_is_kept(visit: Visit) -> None:
    client = visit(None)
    assert signing_in.come_back(client).location == "/signin/welcome"
    page = parse(client.get("/signin/welcome").text)
    assert page.one("h1").words == "Welcome, Alma Reyes"
    assert [box["name"] for box in page.all("input")] == ["age13", "terms"]
    assert not page.checked("age13") and not page.checked("terms")
    assert Account.select().count() == 0
    assert client.get("/studio").location.startswith("/signin")


@pytest.mark.parametrize(("ticked", "missing"), [("age13", "terms"), ("terms", "age13")])
def test_one_box_is_not_enough_and_stays_ticked(visit: Visit, ticked: str, missing: str) -> None:
    client = visit(None)
    signing_in.come_back(client)
    answer = client.post("/signin/welcome", data={ticked: "yes"})
    assert answer.status_code == 422
    page = parse(answer.text)
    assert page.checked(ticked) and not page.checked(missing)
    assert page.by_id(f"{missing}-error").words
    assert page.by_id(missing)["aria-describedby"] == f"{missing}-error"
    assert Account.select().count() == 0


def test_with_both_boxes_the_account_is_made_and_the_door_opens(visit: Visit) -> None:
    client = visit(None)
    assert signing_in.sign_up(client).location == "/studio"
    assert client.get("/studio").status_code == 200
    account = Account.get()
    assert (account.email, account.name) == (ALMA.email, ALMA.name)
    assert account.available == 100
    assert account.age_confirmed_at and account.terms_accepted_at


def test_the_second_time_leads_straight_in(visit: Visit) -> None:
    signing_in.sign_up(visit(None))
    again = visit(None)
    assert signing_in.come_back(again).location == "/studio"
    assert Account.select().count() == 1


def test_the_address_follows_google_but_the_account_stays(visit: Visit) -> None:
    signing_in.sign_up(visit(None))
    Account.update(email="old@example.test").execute()
    signing_in.come_back(visit(None))
    assert Account.get().email == ALMA.email


def test_the_questions_are_for_those_who_come_from_google(visit: Visit) -> None:
    client = visit(None)
    assert client.get("/signin/welcome").location == "/signin?trouble=again"
    assert client.post("/signin/welcome", data=BOTH).location == "/signin?trouble=again"
    assert Account.select().count() == 0


def test_who_says_no_leaves_nothing_behind(visit: Visit) -> None:
    client = visit(None)
    signing_in.come_back(client)
    assert client.post("/signout").status_code == 303
    assert Session.select().count() == 0
    assert Account.select().count() == 0
    assert signing_in.token(client) is None


def test_the_database_holds_nothing_of_google_but_three_things(
    visit: Visit, sandbox: Sandbox, tmp_path: Path
) -> None:
    signing_in.sign_up(visit(None), JONAS)  # has a company's domain among his claims
    signing_in.come_back(visit(None), JONAS)
    db.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("fluxgen.db*"))
    assert JONAS.email.encode() in stored  # the scan can find something
    tokens = list(sandbox.google.grants._tokens)
    assert len(tokens) == 2
    assert JONAS.hosted_domain is not None
    secrets = [JONAS.sub, "Sandbox Camera", "Private note", *tokens, "ya29.", "eyJ", "id_token"]
    claims = ['"hd"', "email_verified", "given_name", "family_name", "locale", "azp"]
    assert [word for word in [*secrets, *claims] if word.encode() in stored] == []
    assert stored.count(JONAS.hosted_domain.encode()) == stored.count(JONAS.email.encode())


def test_what_google_says_is_in_two_columns_of_all_tables_and_its_picture_in_one(
    visit: Visit, sandbox: Sandbox, settings: Settings
) -> None:
    """Every value of every column is read, also of tables that no model knows; a picture is only
    in the portrait, and `sub` only as a hash under a key of ours."""
    client = visit(None)
    signing_in.sign_up(client, ALMA)
    assert ask(client).account.email == ALMA.email  # there is something in the other tables, too
    signing_in.come_back(visit(None), ALMA)
    claims = {name: str(said) for name, said in ALMA.claims(settings.sandbox_url).items()}
    markers = {name: said for name, said in claims.items() if name not in NO_MARKERS}
    assert {"sub", "email", "name", "given_name", "family_name", "picture"} == markers.keys()
    markers |= {f"token {n}": each for n, each in enumerate(sandbox.google.grants._tokens)}
    assert len(markers) == 8
    found = {name: _columns_with(marker) for name, marker in markers.items()}
    both = {"account.email", "account.name"}  # her address has her names in it
    where = {"email": {"account.email"}, "name": {"account.name"}}
    where |= {"given_name": both, "family_name": both}
    assert {name: columns for name, columns in found.items() if columns} == where
    assert _columns_with("RIFF") == {"portrait.webp"}


def _columns_with(marker: str) -> set[str]:
    """Where in the whole database this is written, in small or capital letters."""
    wanted = marker.casefold().encode()
    found = set()
    for table in db.database.get_tables():
        rows = db.database.execute_sql(f'SELECT * FROM "{table}"')
        names = [column[0] for column in rows.description]
        for name, value in ((n, v) for row in rows for n, v in zip(names, row, strict=True)):
            written = value if isinstance(value, bytes) else str(value).encode()
            if wanted in written.lower():
                found.add(f"{table}.{name}")
    return found


def test_the_picture_is_drawn_anew_and_served_by_us(visit: Visit) -> None:
    client = visit(None)
    signing_in.sign_up(client)
    webp = bytes(Portrait.get().webp)
    assert webp[:4] == b"RIFF" and b"EXIF" not in webp
    assert client.get("/account/picture").data == webp
    assert parse(client.get("/history").text).one("img")["src"] == "/account/picture"


def test_without_a_picture_there_are_initials(visit: Visit) -> None:
    client = visit(None)
    signing_in.sign_up(client, NOOR)
    assert Portrait.select().count() == 0
    assert client.get("/account/picture").status_code == 404
    assert parse(client.get("/studio").text).one(css="masthead__avatar").words == "NH"


def test_declining_leads_to_the_door_with_words(visit: Visit) -> None:
    client = visit(None)
    answer = client.get(signing_in.choose(signing_in.leave(client), decision="deny"))
    assert answer.location == "/signin?trouble=declined"
    alert = parse(client.get(answer.location).text).one(css="notice--bad")
    assert "declined" in alert.words and alert["role"] == "alert"


def test_an_unconfirmed_address_stays_out(visit: Visit) -> None:
    client = visit(None)
    made_up = {"email": "eve@example.test", "name": "Eve", "unverified": "1"}
    answer = client.get(signing_in.choose(signing_in.leave(client), **made_up))
    assert answer.location == "/signin?trouble=unverified"
    assert client.get("/signin/welcome").location == "/signin?trouble=again"


def test_a_callback_counts_once(visit: Visit) -> None:
    client = visit(None)
    address = signing_in.choose(signing_in.leave(client), person=ALMA.sub)
    assert client.get(address).location == "/signin/welcome"
    assert client.get(address).location == "/signin?trouble=invalid"


def test_a_forged_state_is_refused(visit: Visit) -> None:
    client = visit(None)
    address = signing_in.choose(signing_in.leave(client), person=ALMA.sub)
    state = signing_in.asked(address)["state"]
    assert client.get(address.replace(state, "forged")).location == "/signin?trouble=invalid"


def test_another_browser_cannot_use_the_answer(visit: Visit) -> None:
    address = signing_in.choose(signing_in.leave(visit(None)), person=ALMA.sub)
    victim = visit(None)
    assert victim.get(address).location == "/signin?trouble=invalid"
    assert victim.get("/signin/welcome").location == "/signin?trouble=again"


def test_an_old_sign_in_is_invalid(visit: Visit) -> None:
    client = visit(None)
    address = signing_in.choose(signing_in.leave(client), person=ALMA.sub)
    pass_time(90)  # the code lives 60 seconds
    assert client.get(address).location == "/signin?trouble=invalid"


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?error=server_error", "?error=%00"])
def test_nonsense_at_the_callback_leads_to_the_door(visit: Visit, query: str) -> None:
    answer = visit(None).get(f"/signin/google/callback{query}")
    assert answer.status_code == 303
    assert answer.location.startswith("/signin?trouble=")


class TestWithoutGoogle:
    """Nothing listens at Google's address."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        nobody = {"google_metadata_url": "http://127.0.0.1:9/.well-known/openid-configuration"}
        return settings.model_copy(update=nobody)

    def test_the_door_says_so(self, visit: Visit) -> None:
        client = visit(None)
        answer = client.get("/signin/google")
        assert answer.status_code == 503
        assert "Google does not answer" in parse(answer.text).one(css="notice--bad").words


def test_google_broken_half_way_leads_to_the_door(
    visit: Visit, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visit(None)
    address = signing_in.choose(signing_in.leave(client), person=ALMA.sub)
    monkeypatch.setattr(sandbox.google, "token", lambda _: Response("<h1>Bad gateway", 502))
    door = client.get(address).location
    assert door.startswith("/signin?trouble=")
    assert parse(client.get(door).text).one(css="notice--bad").words


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "http:evil.test",
        "javascript:alert(1)",
        "/\t/evil.test",
        "\\\\evil.test",
        "/signin",
        "/" + "x" * 300,
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(visit: Visit, onward: str) -> None:
    client = visit(None)
    assert signing_in.sign_up(client, onward=onward).location == "/studio"
    assert client.get("/signin", query_string={"next": onward}).location == "/studio"


def test_one_ends_up_where_one_wanted_to_go(visit: Visit) -> None:
    client = visit(None)
    assert client.get("/history").location == "/signin?next=/history"
    door = parse(client.get("/signin?next=/history").text)
    assert door.one("a", css="google-button")["href"] == "/signin/google?next=/history"
    assert signing_in.sign_up(client, onward="/history").location == "/history"


def test_an_unknown_trouble_is_no_way_to_put_words_on_our_page(visit: Visit) -> None:
    answer = visit(None).get("/signin?trouble=Call+0900+now")
    assert "0900" not in answer.text
    assert not parse(answer.text).all(css="notice")
