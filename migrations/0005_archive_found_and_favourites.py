"""The archive: favourites, the search index, days and endings found by an index."""

from peewee import PostgresqlDatabase

INDEXES = (
    """CREATE INDEX generation_ended ON generation (account_id, number)
    WHERE status IN ('failed', 'cancelled', 'expired') AND deleted_at IS NULL""",
    "CREATE INDEX generation_account_id_created_at ON generation (account_id, created_at)",
)

WORDS_SQLITE = (
    """CREATE VIRTUAL TABLE archive_words USING fts5(
    words, tokenize = "ascii tokenchars '.-'", detail = none, columnsize = 0)""",
)

WORDS_POSTGRES = (
    """CREATE TABLE archive_words (
    generation_id INTEGER NOT NULL PRIMARY KEY REFERENCES generation (id) ON DELETE CASCADE,
    account_id INTEGER NOT NULL, words TSVECTOR NOT NULL)""",
    "CREATE INDEX archive_words_words ON archive_words USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX archive_words_newest ON archive_words (account_id, generation_id)",
)


def up(migrator, db):
    is_postgres = isinstance(db, PostgresqlDatabase)
    moment = "BIGINT" if is_postgres else "INTEGER"
    db.execute_sql(f'ALTER TABLE "generation" ADD COLUMN "favourite_at" {moment}')
    for statement in INDEXES + (WORDS_POSTGRES if is_postgres else WORDS_SQLITE):
        db.execute_sql(statement)
