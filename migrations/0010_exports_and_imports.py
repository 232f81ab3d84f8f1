"""Exports asked for and built in steps, and what was brought in from another FluxGen."""

from peewee import PostgresqlDatabase

EXPORT = """CREATE TABLE "export" (
    "id" {id}, "public_id" VARCHAR(22) NOT NULL, "account_id" INTEGER NOT NULL{account},
    "by_operator" {flag} NOT NULL, "status" VARCHAR(255) NOT NULL
    CHECK (status IN ('waiting', 'building', 'ready', 'failed', 'withdrawn')),
    "total" INTEGER NOT NULL, "done" INTEGER NOT NULL, "missing" INTEGER NOT NULL,
    "size_bytes" {big}, "json_size_bytes" {big}, "sha256" CHAR(64), "state" VARCHAR(22),
    "lease" CHAR(22), "lease_until" {moment}, "due_at" {moment} NOT NULL, "crashes" INTEGER NOT NULL,
    "created_at" {moment} NOT NULL, "ready_at" {moment}, "expires_at" {moment}{owner})"""

IMPORT = """CREATE TABLE "import" (
    "id" {id}, "public_id" VARCHAR(22) NOT NULL, "account_id" INTEGER NOT NULL{account},
    "sha256" CHAR(64) NOT NULL, "origin" TEXT NOT NULL, "exported_at" {moment} NOT NULL,
    "imported_at" {moment} NOT NULL, "records_bytes" INTEGER NOT NULL{owner})"""

INDEXES = (
    "CREATE UNIQUE INDEX export_public_id ON export (public_id)",
    "CREATE INDEX export_account_id ON export (account_id)",
    "CREATE INDEX export_expires_at ON export (expires_at)",
    """CREATE UNIQUE INDEX export_one_at_a_time ON export (account_id)
    WHERE status IN ('waiting', 'building') AND NOT by_operator""",
    """CREATE INDEX export_waiting_work ON export (due_at)
    WHERE status IN ('waiting', 'building')""",
    "CREATE UNIQUE INDEX import_public_id ON import (public_id)",
    "CREATE INDEX import_account_id ON import (account_id)",
    "CREATE UNIQUE INDEX import_account_id_sha256 ON import (account_id, sha256)",
)

IN_POSTGRES = {
    "id": "SERIAL NOT NULL PRIMARY KEY",
    "account": " REFERENCES account (id) ON DELETE CASCADE",
    "owner": "",
    "flag": "BOOLEAN",
    "big": "BIGINT",
    "moment": "BIGINT",
}
IN_SQLITE = {
    "id": "INTEGER NOT NULL PRIMARY KEY",
    "account": "",
    "owner": ', FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE',
    "flag": "INTEGER",
    "big": "INTEGER",
    "moment": "INTEGER",
}


def up(migrator, db):
    words = IN_POSTGRES if isinstance(db, PostgresqlDatabase) else IN_SQLITE
    for statement in (EXPORT, IMPORT, *INDEXES):
        db.execute_sql(statement.format(**words))
