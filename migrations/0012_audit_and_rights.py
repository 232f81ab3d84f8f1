"""Rights: a reference for each account, and the audit, whose rows are chained and only added."""

import secrets

from peewee import PostgresqlDatabase

COLUMNS = (
    ("account", "public_id", "VARCHAR(22) NOT NULL DEFAULT ''"),
    ("account", "name_is_own", "BOOLEAN NOT NULL DEFAULT FALSE"),
    ("account", "portrait_is_off", "BOOLEAN NOT NULL DEFAULT FALSE"),
    (
        "account",
        "theme",
        "VARCHAR(255) NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark'))",
    ),
    ("account", "restricted_at", "MOMENT"),
    ("account", "objected_at", "MOMENT"),
    ("session", "public_id", "VARCHAR(22) NOT NULL DEFAULT ''"),
    ("session", "seen_on", "MOMENT"),
)

AUDIT_ROW = """CREATE TABLE "audit_row" ({id},
    "number" INTEGER NOT NULL CHECK (number > 0),
    "action" VARCHAR(60) NOT NULL, "actor" VARCHAR(60) NOT NULL, "subject" VARCHAR(22),
    "reason" TEXT, "facts" TEXT, "salt" CHAR(32), "words_hash" CHAR(64) NOT NULL,
    "closes" INTEGER CHECK (closes < number),
    "created_at" {moment} NOT NULL, "previous_hash" CHAR(64) NOT NULL,
    "hash" CHAR(64) NOT NULL)"""
AUDIT_HEAD = """CREATE TABLE "audit_head" ({id},
    "number" INTEGER NOT NULL, "hash" CHAR(64) NOT NULL)"""
RIGHTS_REQUEST = """CREATE TABLE "rights_request" ({id},
    "public_id" VARCHAR(22) NOT NULL, "account_id" INTEGER, "email" TEXT NOT NULL,
    "kind" VARCHAR(255) NOT NULL CHECK (kind IN ('access', 'rectification', 'erasure', \
'portability', 'restriction', 'objection', 'complaint')),
    "note" TEXT NOT NULL, "received_at" {moment} NOT NULL, "due_at" {moment} NOT NULL,
    "extended_at" {moment}, "closed_at" {moment}, "outcome" TEXT NOT NULL,
    "created_at" {moment} NOT NULL,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE)"""
INDEXES = (
    "CREATE UNIQUE INDEX rightsrequest_public_id ON rights_request (public_id)",
    "CREATE INDEX rightsrequest_account_id ON rights_request (account_id)",
    "CREATE INDEX rightsrequest_due_at ON rights_request (due_at)",
    "CREATE UNIQUE INDEX account_public_id ON account (public_id)",
    "CREATE UNIQUE INDEX session_public_id ON session (public_id)",
    "CREATE UNIQUE INDEX auditrow_number ON audit_row (number)",
    "CREATE UNIQUE INDEX auditrow_hash ON audit_row (hash)",
    "CREATE INDEX auditrow_subject ON audit_row (subject)",
    "CREATE INDEX auditrow_created_at ON audit_row (created_at)",
)

# What stays of a row whatever happens. Its words and its subject may only be erased, together,
# and of one that is about an account; it may only go when a later row closes it.
LASTING = (
    *("id", "number", "action", "actor", "words_hash"),
    *("closes", "created_at", "previous_hash", "hash"),
)
SAME = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in LASTING)
ERASED = " AND ".join(f"NEW.{name} IS NULL" for name in ("subject", "reason", "facts", "salt"))
ALLOWED = f"OLD.subject IS NOT NULL AND {ERASED} AND {SAME}"
CLOSED = "EXISTS (SELECT 1 FROM audit_row WHERE closes >= OLD.number)"

GUARDS_SQLITE = (
    f"""CREATE TRIGGER audit_row_is_never_changed BEFORE UPDATE ON audit_row
    WHEN NOT ({ALLOWED}) BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END""",
    f"""CREATE TRIGGER audit_row_is_never_deleted BEFORE DELETE ON audit_row
    WHEN NOT {CLOSED} BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END""",
)
GUARDS_POSTGRES = (
    f"""CREATE FUNCTION audit_rows_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF {ALLOWED} THEN RETURN NEW; END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF {CLOSED} THEN RETURN OLD; END IF;
    END IF;
    RAISE EXCEPTION 'audit rows are never changed or deleted'; END $$""",
    """CREATE TRIGGER audit_row_is_never_changed BEFORE UPDATE OR DELETE ON audit_row
    FOR EACH ROW EXECUTE FUNCTION audit_rows_only_grow()""",
    """CREATE TRIGGER audit_row_is_never_truncated BEFORE TRUNCATE ON audit_row
    FOR EACH STATEMENT EXECUTE FUNCTION audit_rows_only_grow()""",
)


def up(migrator, db):
    is_postgres = isinstance(db, PostgresqlDatabase)
    words = {
        "id": '"id" SERIAL NOT NULL PRIMARY KEY'
        if is_postgres
        else '"id" INTEGER NOT NULL PRIMARY KEY',
        "moment": "BIGINT" if is_postgres else "INTEGER",
    }
    for table, column, kind in COLUMNS:
        kind = kind.replace("MOMENT", words["moment"])
        kind = kind if is_postgres else kind.replace("BOOLEAN", "INTEGER")
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind}')
    for table in ("account", "session"):
        for (id_,) in db.execute_sql(f"SELECT id FROM {table}").fetchall():
            _name(db, table, id_)
    for table in (AUDIT_ROW, AUDIT_HEAD, RIGHTS_REQUEST):
        db.execute_sql(table.format(**words))
    db.execute_sql(f"INSERT INTO audit_head (number, hash) VALUES (0, '{'0' * 64}')")
    for statement in INDEXES + (GUARDS_POSTGRES if is_postgres else GUARDS_SQLITE):
        db.execute_sql(statement)


def _name(db, table, id_):
    while (name := secrets.token_urlsafe(16)).startswith("-"):
        pass
    db.execute_sql(f"UPDATE {table} SET public_id = '{name}' WHERE id = {id_}")
