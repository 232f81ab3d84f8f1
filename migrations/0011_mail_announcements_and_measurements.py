"""Mail to be sent, versions announced, posts published, promises measured, pages counted."""

from peewee import PostgresqlDatabase

TABLES = (
    """CREATE TABLE "mail" ({id}, "key" VARCHAR(120) NOT NULL, "kind" VARCHAR(30) NOT NULL,
    "account_id" INTEGER, "recipient" TEXT, "facts" {json} NOT NULL,
    "status" VARCHAR(255) NOT NULL
        CHECK (status IN ('waiting', 'sending', 'sent', 'undeliverable')),
    "attempts" INTEGER NOT NULL, "failure" VARCHAR(40), "lease" CHAR(22), "due_at" {moment},
    "created_at" {moment} NOT NULL, "ended_at" {moment},
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE)""",
    """CREATE TABLE "announcement" ({id}, "version" VARCHAR(20) NOT NULL,
    "texts" {json} NOT NULL, "mails" INTEGER NOT NULL, "announced_at" {moment} NOT NULL)""",
    """CREATE TABLE "publication" ({id}, "slug" VARCHAR(80) NOT NULL,
    "published_at" {moment} NOT NULL)""",
    """CREATE TABLE "measurement" ({id}, "name" VARCHAR(40) NOT NULL, "value" TEXT NOT NULL,
    "measured_at" {moment} NOT NULL)""",
    """CREATE TABLE "page_view" ({id}, "day" {moment} NOT NULL, "route" VARCHAR(120) NOT NULL,
    "views" INTEGER NOT NULL CHECK (views > 0))""",
)
INDEXES = (
    "CREATE UNIQUE INDEX mail_key ON mail (key)",
    "CREATE INDEX mail_account_id ON mail (account_id)",
    "CREATE INDEX mail_ended_at ON mail (ended_at)",
    "CREATE INDEX mail_waiting_work ON mail (due_at) WHERE due_at IS NOT NULL",
    "CREATE UNIQUE INDEX announcement_version ON announcement (version)",
    "CREATE UNIQUE INDEX publication_slug ON publication (slug)",
    "CREATE UNIQUE INDEX measurement_name ON measurement (name)",
    "CREATE UNIQUE INDEX pageview_day_route ON page_view (day, route)",
    'ALTER TABLE "account" ADD COLUMN "announcement_seen" INTEGER NOT NULL DEFAULT 0',
)


def up(migrator, db):
    is_postgres = isinstance(db, PostgresqlDatabase)
    words = {
        "id": '"id" SERIAL NOT NULL PRIMARY KEY'
        if is_postgres
        else '"id" INTEGER NOT NULL PRIMARY KEY',
        "moment": "BIGINT" if is_postgres else "INTEGER",
        "json": "JSONB" if is_postgres else "TEXT",
    }
    for statement in TABLES:
        db.execute_sql(statement.format(**words))
    for statement in INDEXES:
        db.execute_sql(statement)
