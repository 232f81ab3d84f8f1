"""Whether an account's dates rise with its numbers, and from when a picture cannot come back."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    flag, moment = ("BOOLEAN", "BIGINT") if isinstance(db, PostgresqlDatabase) else ("INTEGER",) * 2
    db.execute_sql(f'ALTER TABLE "account" ADD COLUMN "dates_mixed" {flag} NOT NULL DEFAULT FALSE')
    db.execute_sql(f'ALTER TABLE "deleted_image" ADD COLUMN "purged_from_at" {moment}')
