"""Money: refunds under way, cards refused by when, how far news were heard, longer keys."""

from peewee import PostgresqlDatabase

COLUMNS = (
    ("purchase", "declined_at", "BIGINT"),
    ("purchase", "asked_at", "BIGINT"),
    ("purchase", "refunding_minor", "INTEGER NOT NULL DEFAULT 0 CHECK (refunding_minor >= 0)"),
)

HEARD_UNTIL = {
    True: """CREATE TABLE heard_until (id SERIAL NOT NULL PRIMARY KEY,
        provider VARCHAR(20) NOT NULL, moment BIGINT NOT NULL)""",
    False: """CREATE TABLE "heard_until" ("id" INTEGER NOT NULL PRIMARY KEY,
        "provider" VARCHAR(20) NOT NULL, "moment" INTEGER NOT NULL)""",
}
ONE_A_PROVIDER = "CREATE UNIQUE INDEX heard_until_provider ON heard_until (provider)"


def up(migrator, db):
    is_postgres = isinstance(db, PostgresqlDatabase)
    for table, column, kind in COLUMNS:
        words = kind if is_postgres else kind.replace("BIGINT", "INTEGER")
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {words}')
    db.execute_sql(HEARD_UNTIL[is_postgres])
    db.execute_sql(ONE_A_PROVIDER)
    if is_postgres:  # SQLite takes any length, whatever the column says
        db.execute_sql("ALTER TABLE entry ALTER COLUMN key TYPE VARCHAR(160)")
