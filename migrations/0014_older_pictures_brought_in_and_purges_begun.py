"""Whether an account's dates rise with its numbers, and from when a picture cannot come back."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    moment = "BIGINT" if isinstance(db, PostgresqlDatabase) else "INTEGER"
    db.execute_sql('ALTER TABLE "account" ADD COLUMN "dates_mixed" BOOLEAN NOT NULL DEFAULT FALSE')
    db.execute_sql(f'ALTER TABLE "deleted_image" ADD COLUMN "purged_from_at" {moment}')
