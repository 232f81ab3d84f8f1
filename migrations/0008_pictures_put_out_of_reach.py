"""Generations know where their pictures are since they were put out of reach of old addresses."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    moment = "BIGINT" if isinstance(db, PostgresqlDatabase) else "INTEGER"
    db.execute_sql('ALTER TABLE "generation" ADD COLUMN "shelf" VARCHAR(22)')
    db.execute_sql(f'ALTER TABLE "generation" ADD COLUMN "shelved_at" {moment}')
