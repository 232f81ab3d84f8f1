"""The studio: Looks with their slots, where a generation came from, references, flaws."""

from peewee import PostgresqlDatabase

ORIGINS = "'retry', 'remix', 'vary', 'slot', 'unpack', 'sheet', 'reference', 'edit', 'upscale'"

COLUMNS = (
    ("generation", "look", "VARCHAR(40)"),
    ("generation", "look_version", "INTEGER"),
    ("generation", "slots", "JSON"),
    ("generation", "parent_id", 'INTEGER REFERENCES "generation" ("id") ON DELETE SET NULL'),
    ("generation", "parent_position", "INTEGER"),
    ("generation", "origin", f"VARCHAR(255) CHECK (origin IN ({ORIGINS}))"),
    ("generation", "sheet", "VARCHAR(22)"),
    ("generation", "had_reference", "BOOLEAN NOT NULL DEFAULT FALSE"),
    ("generation", "reference_file", "VARCHAR(120)"),
    ("generation", "reference_url", "TEXT"),
    ("image", "flaw", "VARCHAR(20)"),
    ("account", "looked_at", "BIGINT"),
)

INDEXES = (
    "CREATE INDEX generation_parent_id ON generation (parent_id)",
    """CREATE INDEX generation_reference ON generation (reference_file)
    WHERE reference_file IS NOT NULL""",
    "CREATE INDEX generation_sheet ON generation (account_id, sheet) WHERE sheet IS NOT NULL",
)

IN_SQLITE = {
    "JSON": "TEXT",
    "BIGINT": "INTEGER",
    "BOOLEAN NOT NULL DEFAULT FALSE": "INTEGER NOT NULL DEFAULT FALSE",
}
IN_POSTGRES = {"JSON": "JSONB"}


def up(migrator, db):
    words = IN_POSTGRES if isinstance(db, PostgresqlDatabase) else IN_SQLITE
    for table, column, kind in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {words.get(kind, kind)}')
    for statement in INDEXES:
        db.execute_sql(statement)
