"""The lightbox: words for a picture, pictures deleted without their siblings, keys at will."""

from peewee import PostgresqlDatabase

COLUMNS = {
    True: (
        ("image", "alt", "TEXT"),
        ("account", "single_keys", "BOOLEAN NOT NULL DEFAULT TRUE"),
    ),
    False: (
        ("image", "alt", "TEXT"),
        ("account", "single_keys", "INTEGER NOT NULL DEFAULT TRUE"),
    ),
}

DELETED_IMAGE = {
    True: """CREATE TABLE deleted_image (id SERIAL NOT NULL PRIMARY KEY,
        public_id VARCHAR(22) NOT NULL,
        generation_id INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE,
        facts JSONB NOT NULL, deleted_at BIGINT NOT NULL)""",
    False: """CREATE TABLE "deleted_image" ("id" INTEGER NOT NULL PRIMARY KEY,
        "public_id" VARCHAR(22) NOT NULL, "generation_id" INTEGER NOT NULL,
        "facts" TEXT NOT NULL, "deleted_at" INTEGER NOT NULL,
        FOREIGN KEY ("generation_id") REFERENCES "generation" ("id") ON DELETE CASCADE)""",
}
INDEXES = (
    "CREATE UNIQUE INDEX deleted_image_public_id ON deleted_image (public_id)",
    "CREATE INDEX deleted_image_generation_id ON deleted_image (generation_id)",
    "CREATE INDEX deleted_image_deleted_at ON deleted_image (deleted_at)",
)


def up(migrator, db):
    is_postgres = isinstance(db, PostgresqlDatabase)
    for table, column, kind in COLUMNS[is_postgres]:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind}')
    db.execute_sql(DELETED_IMAGE[is_postgres])
    for statement in INDEXES:
        db.execute_sql(statement)
