"""Collections of pictures; which pictures' files carry the AI mark."""

from peewee import PostgresqlDatabase

COLLECTION = {
    True: """CREATE TABLE collection (id SERIAL NOT NULL PRIMARY KEY,
        public_id VARCHAR(22) NOT NULL,
        account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        name VARCHAR(60) NOT NULL CHECK (name <> ''), folded VARCHAR(240) NOT NULL,
        created_at BIGINT NOT NULL, brought_at BIGINT)""",
    False: """CREATE TABLE "collection" ("id" INTEGER NOT NULL PRIMARY KEY,
        "public_id" VARCHAR(22) NOT NULL, "account_id" INTEGER NOT NULL,
        "name" VARCHAR(60) NOT NULL CHECK (name <> ''), "folded" VARCHAR(240) NOT NULL,
        "created_at" INTEGER NOT NULL, "brought_at" INTEGER,
        FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE)""",
}
ITEM = {
    True: """CREATE TABLE collection_item (id SERIAL NOT NULL PRIMARY KEY,
        collection_id INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
        generation_id INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE,
        added_at BIGINT NOT NULL)""",
    False: """CREATE TABLE "collection_item" ("id" INTEGER NOT NULL PRIMARY KEY,
        "collection_id" INTEGER NOT NULL, "generation_id" INTEGER NOT NULL,
        "added_at" INTEGER NOT NULL,
        FOREIGN KEY ("collection_id") REFERENCES "collection" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("generation_id") REFERENCES "generation" ("id") ON DELETE CASCADE)""",
}
INDEXES = (
    "CREATE UNIQUE INDEX collection_public_id ON collection (public_id)",
    "CREATE UNIQUE INDEX collection_account_id_folded ON collection (account_id, folded)",
    """CREATE UNIQUE INDEX collection_item_collection_id_generation_id
    ON collection_item (collection_id, generation_id)""",
    "CREATE INDEX collection_item_generation_id ON collection_item (generation_id)",
)


def up(migrator, db):
    is_postgres = isinstance(db, PostgresqlDatabase)
    truth = "BOOLEAN" if is_postgres else "INTEGER"
    db.execute_sql(f'ALTER TABLE "image" ADD COLUMN "is_marked" {truth} NOT NULL DEFAULT FALSE')
    for statement in (COLLECTION[is_postgres], ITEM[is_postgres], *INDEXES):
        db.execute_sql(statement)
