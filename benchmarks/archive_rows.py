"""A million generations, a hundred thousand of them one account's, made by the database itself."""

from __future__ import annotations

import secrets

from peewee import PostgresqlDatabase

from fluxgen import clock, db
from fluxgen.archive import terms
from fluxgen.models import Account, Collection, Generation

ROWS = 1_000_000
BIG, SMALL = 100_000, 100
OTHERS = 1_000
"""Accounts that share the rest."""
OLD_WORD, OLD = "daguerreotype", 2_000
"""A word that only the oldest have, and how many they are."""
SPREAD_DAYS = 3 * 365

PLACES = {
    "winter": (3, 7),
    "harbour": (10, 11),
    "lantern": (50, 13),
    "meadow": (200, 17),
    "copper": (1_000, 19),
    "violin": (5_000, 23),
    "orchard": (20_000, 29),
}
"""At each place of a prompt stands one of so many words; the stride that picks it."""
MODELS = ("flux-dev", "flux-schnell", "flux-1.1-pro")
TIERS = ("draft", "draft", "studio", "studio", "print")
LOOK = "window-light"
ANSWER = ("mood", "calm")
COLLECTION = "every-tenth-of-the-big"
"""The big account's collection, as addresses name it."""


def word(place: int, which: int) -> str:
    """A word of the made prompts."""
    return f"{list(PLACES)[place]}{which}"


def fill() -> tuple[Account, Account]:
    """Make the accounts and all their rows; the big one and the small one."""
    with db.transaction():
        accounts = [_account() for _ in range(OTHERS + 2)]
        big, small, others = (account.id for account in accounts[:3])
        made = (_generations(), _images(), _collection(big), _collected(), _entries())
        for statement in (_frames(big, small, others), *made):
            db.database.execute_sql(statement)
        db.database.execute_sql("DROP TABLE frame")
    if _is_postgres():  # as its own housekeeping does after a while
        db.database.execute_sql("VACUUM ANALYZE")
    return accounts[0], accounts[1]


def _account() -> Account:
    now = clock.now()
    return Account.create(
        identity=secrets.token_hex(32),
        email="somebody@example.test",
        name="Somebody",
        age_confirmed_at=now,
        terms_accepted_at=now,
        terms_version="2026-11-23",
    )


def _frames(big: int, small: int, others: int) -> str:
    """Whose each row is, and its number of how many."""
    both, share = BIG + SMALL, (ROWS - BIG) // OTHERS + 2
    return f"""CREATE TEMPORARY TABLE frame AS
    WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < {ROWS})
    SELECT i AS id,
        CASE WHEN i <= {BIG} THEN {big} WHEN i <= {both} THEN {small}
            ELSE {others} + {_mod("i", OTHERS)} END AS account_id,
        CASE WHEN i <= {BIG} THEN i WHEN i <= {both} THEN i - {BIG} ELSE i / {OTHERS} END AS number,
        CASE WHEN i <= {BIG} THEN {BIG} WHEN i <= {both} THEN {SMALL} ELSE {share} END AS total,
        CASE WHEN i > {BIG - 3000} AND i <= {BIG} AND {_mod("i", 100)} = 1
            THEN 'failed' ELSE 'done' END AS status
    FROM counted"""


def _generations() -> str:
    now = Generation.created_at.db_value(clock.now())
    day = 24 * 3600 * 1_000_000
    asked = f"{now} - (total - number) * ({SPREAD_DAYS * day} / total)"
    return f"""INSERT INTO generation (id, public_id, account_id, number, nonce, status, prompt,
        look, look_version, slots, model, tier, aspect_ratio, count, seed, cost_credits, charged_credits,
        had_reference, attempt, expected_s, due_at, crashes, created_at, finished_at, favourite_at)
    SELECT id, 'generation-' || id, account_id, number, 'nonce-' || id, status, {_words()},
        CASE WHEN {_mod("id", 4)} = 0 THEN '{LOOK}' END, CASE WHEN {_mod("id", 4)} = 0 THEN 1 END,
        CASE WHEN {_mod("id", 4)} = 0 THEN {_empty()} END,
        {_one_of(MODELS, 31)}, {_one_of(TIERS, 37)}, {_one_of(("1:1", "3:2", "3:4", "16:9"), 3)},
        1, id, 4, 4, {_mod("id", 20)} = 0, 1, 9, {asked}, 0, {asked}, {asked},
        CASE WHEN {_mod("id", 500)} = 0 THEN {asked} END
    FROM frame"""


def _empty() -> str:
    """No answers, as both databases keep JSON."""
    return "'{}'::json" if _is_postgres() else "'{}'"


def _images() -> str:
    return f"""INSERT INTO image (id, public_id, generation_id, position, width, height, format,
        size_bytes, sha256, placeholder)
    SELECT id, 'image-' || id, id, 0, {_one_of(("1024", "1216", "896", "1344"), 3)},
        {_one_of(("1024", "832", "1152", "768"), 3)}, 'webp', 400000, '{"0" * 64}',
        '{"abc123def" * 3}'
    FROM frame WHERE status = 'done'"""


def _collection(big: int) -> str:
    now = Collection.created_at.db_value(clock.now())
    return f"""INSERT INTO collection (public_id, account_id, name, folded, created_at)
    VALUES ('{COLLECTION}', {big}, 'Every tenth', 'every tenth', {now})"""


def _collected() -> str:
    now = Collection.created_at.db_value(clock.now())
    return f"""INSERT INTO collection_item (collection_id, generation_id, added_at)
    SELECT (SELECT id FROM collection), id, {now} FROM frame WHERE {_collected_ones()}"""


def _collected_ones() -> str:
    return f"{_mod('id', 10)} = 0 AND total = {BIG} AND status = 'done'"


def _entries() -> str:
    """The rows of the search index, as `archive.enter` would have written them."""
    owner = "account_id || CASE status WHEN 'done' THEN '.' ELSE '-' END"
    facts = [
        (terms.EVERY, ""),
        *((terms.model(slug), _is(MODELS, 31, slug)) for slug in MODELS),
        *((terms.tier(slug), _is(TIERS, 37, slug)) for slug in dict.fromkeys(TIERS)),
        (terms.look(LOOK), f"{_mod('id', 4)} = 0"),
        (terms.slot(*ANSWER), f"{_mod('id', 8)} = 0"),
        (terms.REFERENCE, f"{_mod('id', 20)} = 0"),
        (terms.FAVOURITE, f"{_mod('id', 500)} = 0"),
        (terms.collection(COLLECTION), _collected_ones()),
        (f"w{OLD_WORD}", f"number <= {OLD} AND total = {BIG}"),
    ]
    said = [
        f"CASE WHEN {when} THEN {owner} || '{term} ' ELSE '' END"
        if when
        else f"{owner} || '{term} '"
        for term, when in facts
    ]
    together = " || ".join([*said, _words(f"{owner} || 'w' || ")])
    if _is_postgres():
        return f"""INSERT INTO archive_words (generation_id, account_id, words)
            SELECT id, account_id, array_to_tsvector(string_to_array({together}, ' ')) FROM frame"""
    return f"INSERT INTO archive_words (rowid, words) SELECT id, {together} FROM frame ORDER BY id"


def _words(before: str = "") -> str:
    """The words of a prompt, as both databases write it; something before each."""
    said = [
        f"{before}'{place}' || {_mod(f'id * {stride}', every)}"
        for place, (every, stride) in PLACES.items()
    ]
    return " || ' ' || ".join(said)


def _one_of(values: tuple[str, ...], stride: int) -> str:
    """One of these, by the row's id; numbers as numbers."""
    picked = _mod(f"id * {stride}", len(values))
    cases = " ".join(
        f"WHEN {at} THEN {value if value.isdecimal() else repr(value)}"
        for at, value in enumerate(values)
    )
    return f"CASE {picked} {cases} END"


def _is(values: tuple[str, ...], stride: int, value: str) -> str:
    """Whether `_one_of` picks this value."""
    at = ", ".join(str(at) for at, other in enumerate(values) if other == value)
    return f"{_mod(f'id * {stride}', len(values))} IN ({at})"


def _mod(expression: str, by: int) -> str:
    """The rest of a division: a percent sign would be a gap to fill in."""
    return f"({expression} - ({expression}) / {by} * {by})"


def _is_postgres() -> bool:
    return isinstance(db.database.obj, PostgresqlDatabase)
