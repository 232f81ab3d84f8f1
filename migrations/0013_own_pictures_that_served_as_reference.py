"""Which of somebody's own pictures was a generation's reference image, whatever it came of."""

COLUMNS = (
    ("source_id", 'INTEGER REFERENCES "generation" ("id") ON DELETE SET NULL'),
    ("source_position", "INTEGER"),
)
KNOWN = """
UPDATE generation SET source_id = parent_id, source_position = COALESCE(parent_position, 0)
WHERE had_reference AND parent_id IS NOT NULL AND origin IN ('reference', 'edit', 'upscale')"""


def up(migrator, db):
    for column, kind in COLUMNS:
        db.execute_sql(f'ALTER TABLE "generation" ADD COLUMN "{column}" {kind}')
    db.execute_sql("CREATE INDEX generation_source_id ON generation (source_id)")
    db.execute_sql(KNOWN)
