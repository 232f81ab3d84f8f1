"""Erasures: their rows, who was erased as a keyed hash, and books that outlive the person."""

from peewee import PostgresqlDatabase

UNLESS_ERASED = "(SELECT erased_at FROM account WHERE account.id = OLD.account_id)"

SQLITE = (
    """CREATE TABLE "erasure" ("id" INTEGER NOT NULL PRIMARY KEY,
    "public_id" VARCHAR(22) NOT NULL, "account_id" INTEGER,
    "scope" VARCHAR(255) NOT NULL CHECK (scope IN ('account', 'archive')),
    "cause" VARCHAR(255) NOT NULL CHECK (cause IN ('person', 'operator', 'underage', 'backup')),
    "status" VARCHAR(255) NOT NULL
        CHECK (status IN ('planned', 'running', 'done', 'cancelled')),
    "step" VARCHAR(20) NOT NULL, "reached" VARCHAR(40) NOT NULL, "last_mail_to" TEXT, "counts" TEXT NOT NULL, "certificate" TEXT,
    "lease" CHAR(22), "lease_until" INTEGER, "crashes" INTEGER NOT NULL, "due_at" INTEGER,
    "asked_at" INTEGER NOT NULL, "begins_at" INTEGER NOT NULL, "up_to" INTEGER, "began_at" INTEGER,
    "finished_at" INTEGER,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL)""",
    """CREATE TABLE "erased" ("id" INTEGER NOT NULL PRIMARY KEY, "proof" CHAR(64) NOT NULL,
    "scope" VARCHAR(255) NOT NULL CHECK (scope IN ('account', 'archive')),
    "erased_at" INTEGER NOT NULL)""",
    "DROP TRIGGER entry_is_never_deleted",
    f"""CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry WHEN {UNLESS_ERASED} IS NULL
    BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END""",
)

POSTGRES = (
    """CREATE TABLE erasure (id SERIAL NOT NULL PRIMARY KEY,
    public_id VARCHAR(22) NOT NULL,
    account_id INTEGER REFERENCES account (id) ON DELETE SET NULL,
    scope VARCHAR(255) NOT NULL CHECK (scope IN ('account', 'archive')),
    cause VARCHAR(255) NOT NULL CHECK (cause IN ('person', 'operator', 'underage', 'backup')),
    status VARCHAR(255) NOT NULL CHECK (status IN ('planned', 'running', 'done', 'cancelled')),
    step VARCHAR(20) NOT NULL, reached VARCHAR(40) NOT NULL, last_mail_to TEXT, counts JSONB NOT NULL, certificate TEXT,
    lease CHAR(22), lease_until BIGINT, crashes INTEGER NOT NULL, due_at BIGINT,
    asked_at BIGINT NOT NULL, begins_at BIGINT NOT NULL, up_to BIGINT, began_at BIGINT, finished_at BIGINT)""",
    """CREATE TABLE erased (id SERIAL NOT NULL PRIMARY KEY, proof CHAR(64) NOT NULL,
    scope VARCHAR(255) NOT NULL CHECK (scope IN ('account', 'archive')),
    erased_at BIGINT NOT NULL)""",
    f"""CREATE OR REPLACE FUNCTION entries_only_grow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF TG_OP = 'DELETE' AND {UNLESS_ERASED} IS NOT NULL THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'entries are never changed or deleted';
    END $$""",
)

INDEXES = (
    "CREATE UNIQUE INDEX erasure_public_id ON erasure (public_id)",
    "CREATE INDEX erasure_account_id ON erasure (account_id)",
    "CREATE INDEX erasure_finished_at ON erasure (finished_at)",
    """CREATE UNIQUE INDEX erasure_under_way ON erasure (account_id)
    WHERE status IN ('planned', 'running')""",
    "CREATE INDEX erased_erased_at ON erased (erased_at)",
    "CREATE UNIQUE INDEX erased_proof_scope_erased_at ON erased (proof, scope, erased_at)",
    "CREATE INDEX account_erased_at ON account (erased_at)",
)


def up(migrator, db):
    is_postgres = isinstance(db, PostgresqlDatabase)
    moment = "BIGINT" if is_postgres else "INTEGER"
    db.execute_sql(f'ALTER TABLE "account" ADD COLUMN "erased_at" {moment}')
    for statement in (POSTGRES if is_postgres else SQLITE) + INDEXES:
        db.execute_sql(statement)
