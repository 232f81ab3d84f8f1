"""While it runs: when it was a generation's turn, news since the last look, words refused."""

from peewee import PostgresqlDatabase

REFUSAL = {
    True: """CREATE TABLE refusal (id SERIAL NOT NULL PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        rule VARCHAR(30) NOT NULL, created_at BIGINT NOT NULL)""",
    False: """CREATE TABLE "refusal" ("id" INTEGER NOT NULL PRIMARY KEY,
        "account_id" INTEGER NOT NULL, "rule" VARCHAR(30) NOT NULL,
        "created_at" INTEGER NOT NULL,
        FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE)""",
}

INDEXES = (
    "CREATE INDEX refusal_account_id_created_at ON refusal (account_id, created_at)",
    "CREATE INDEX refusal_created_at ON refusal (created_at)",
    "CREATE INDEX entry_account_id_created_at ON entry (account_id, created_at)",
    """CREATE INDEX generation_news ON generation (account_id, finished_at)
    WHERE status = 'done' AND deleted_at IS NULL""",
)


def up(migrator, db):
    is_postgres = isinstance(db, PostgresqlDatabase)
    moment = "BIGINT" if is_postgres else "INTEGER"
    db.execute_sql(f'ALTER TABLE "generation" ADD COLUMN "turn_at" {moment}')
    db.execute_sql(REFUSAL[is_postgres])
    for statement in INDEXES:
        db.execute_sql(statement)
