"""The first form: people, sessions, the ledger, generations and their images."""

from peewee import (
    BigIntegerField,
    BlobField,
    CharField,
    Check,
    FixedCharField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    PostgresqlDatabase,
    TextField,
)

UNFINISHED = "status IN ('held', 'submitting', 'running', 'storing')"

INDEXES = (
    f"CREATE INDEX generation_waiting_work ON generation (due_at) WHERE {UNFINISHED}",
    f"CREATE INDEX generation_unfinished ON generation (account_id, id) WHERE {UNFINISHED}",
    """CREATE INDEX generation_archive ON generation (account_id, number)
    WHERE status = 'done' AND deleted_at IS NULL""",
    "CREATE INDEX purchase_waiting_work ON purchase (due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX generation_deleted ON generation (deleted_at) WHERE deleted_at IS NOT NULL",
)

APPEND_ONLY_SQLITE = (
    """CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END""",
    """CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END""",
)

APPEND_ONLY_POSTGRES = (
    """CREATE FUNCTION entries_only_grow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'entries are never changed or deleted'; END $$""",
    """CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE ON entry
    FOR EACH ROW EXECUTE FUNCTION entries_only_grow()""",
    """CREATE TRIGGER entry_is_never_truncated BEFORE TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION entries_only_grow()""",
)


def up(migrator, db):
    db.create_tables(_people(db) + _ledger_and_work(db))
    is_postgres = isinstance(db, PostgresqlDatabase)
    triggers = APPEND_ONLY_POSTGRES if is_postgres else APPEND_ONLY_SQLITE
    for statement in INDEXES + triggers:
        db.execute_sql(statement)


def _people(db):
    class Account(Model):
        identity = FixedCharField(unique=True, max_length=64)
        email = TextField(index=True)
        name = TextField()
        standing = CharField(constraints=[Check("standing IN ('active', 'suspended')")])
        age_confirmed_at = BigIntegerField()
        terms_accepted_at = BigIntegerField()
        terms_version = CharField(max_length=20)
        available = IntegerField(constraints=[Check("available >= 0")])
        held = IntegerField(constraints=[Check("held >= 0")])
        owed = IntegerField(constraints=[Check("owed >= 0")])
        daily_limit_credits = IntegerField(
            null=True, constraints=[Check("daily_limit_credits >= 0")]
        )
        generations_made = IntegerField(constraints=[Check("generations_made >= 0")])
        created_at = BigIntegerField()

        class Meta:
            database = db

    class Portrait(Model):
        account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")
        webp = BlobField()

        class Meta:
            database = db

    class Session(Model):
        token_hash = FixedCharField(unique=True, max_length=64)
        account = ForeignKeyField(Account, null=True, on_delete="CASCADE")
        data = JSONField()
        created_at = BigIntegerField()
        expires_at = BigIntegerField(index=True)

        class Meta:
            database = db

    class HeardWebhook(Model):
        event_id = CharField(unique=True, max_length=120)
        heard_at = BigIntegerField(index=True)

        class Meta:
            database = db
            legacy_table_names = False

    return [Account, Portrait, Session, HeardWebhook]


def _ledger_and_work(db):
    class Account(Model):
        class Meta:
            database = db

    class Entry(Model):
        account = ForeignKeyField(Account, on_delete="RESTRICT")
        kind = CharField(
            constraints=[
                Check(
                    "kind IN ('grant', 'buy', 'hold', 'capture', 'release', 'reverse', 'restore')"
                )
            ]
        )
        key = CharField(unique=True, max_length=80)
        generation = CharField(index=True, null=True, max_length=22)
        purchase = CharField(index=True, null=True, max_length=22)
        reason = TextField()
        available_delta = IntegerField()
        held_delta = IntegerField()
        owed_delta = IntegerField()
        available_after = IntegerField(constraints=[Check("available_after >= 0")])
        held_after = IntegerField(constraints=[Check("held_after >= 0")])
        owed_after = IntegerField(constraints=[Check("owed_after >= 0")])
        created_at = BigIntegerField()
        previous_hash = FixedCharField(max_length=64)
        hash = FixedCharField(unique=True, max_length=64)

        class Meta:
            database = db
            indexes = ((("account", "id"), False),)

    class Generation(Model):
        public_id = CharField(unique=True, max_length=22)
        account = ForeignKeyField(Account, on_delete="RESTRICT")
        number = IntegerField()
        nonce = CharField(max_length=64)
        status = CharField(
            constraints=[
                Check(
                    "status IN ('held', 'submitting', 'running', 'storing',"
                    " 'done', 'failed', 'cancelled', 'expired')"
                )
            ]
        )
        prompt = TextField()
        model = CharField(max_length=60)
        tier = CharField(max_length=20)
        aspect_ratio = CharField(max_length=8)
        count = IntegerField(constraints=[Check("count BETWEEN 1 AND 4")])
        seed = BigIntegerField()
        cost_credits = IntegerField(constraints=[Check("cost_credits > 0")])
        charged_credits = IntegerField(
            constraints=[Check("charged_credits BETWEEN 0 AND cost_credits")]
        )
        attempt = IntegerField()
        attempt_token = CharField(unique=True, null=True, max_length=43)
        submitted_at = BigIntegerField(null=True)
        prediction_id = CharField(unique=True, null=True, max_length=64)
        run_started_at = BigIntegerField(null=True)
        stored_from_at = BigIntegerField(null=True)
        percent = IntegerField(null=True)
        expected_s = IntegerField()
        failure = CharField(null=True, max_length=30)
        lease = FixedCharField(null=True, max_length=22)
        lease_until = BigIntegerField(null=True)
        due_at = BigIntegerField()
        crashes = IntegerField()
        cancel_requested_at = BigIntegerField(null=True)
        created_at = BigIntegerField()
        finished_at = BigIntegerField(null=True)
        deleted_at = BigIntegerField(null=True)

        class Meta:
            database = db
            indexes = (
                (("account", "nonce"), True),
                (("account", "number"), True),
                (("model", "tier", "id"), False),
            )

    class Image(Model):
        public_id = CharField(unique=True, max_length=22)
        generation = ForeignKeyField(Generation, on_delete="CASCADE")
        position = IntegerField()
        width = IntegerField(constraints=[Check("width > 0")])
        height = IntegerField(constraints=[Check("height > 0")])
        format = CharField(max_length=4)
        size_bytes = IntegerField()
        sha256 = FixedCharField(max_length=64)
        placeholder = FixedCharField(max_length=27)

        class Meta:
            database = db
            indexes = ((("generation", "position"), True),)

    class Purchase(Model):
        public_id = CharField(unique=True, max_length=22)
        account = ForeignKeyField(Account, on_delete="RESTRICT")
        pack = CharField(max_length=30)
        credits = IntegerField(constraints=[Check("credits > 0")])
        amount_minor = IntegerField(constraints=[Check("amount_minor > 0")])
        currency = FixedCharField(max_length=3)
        status = CharField(
            constraints=[
                Check(
                    "status IN ('created', 'open', 'processing', 'paid',"
                    " 'failed', 'expired', 'cancelled')"
                )
            ]
        )
        attempt = IntegerField()
        session_id = CharField(unique=True, null=True, max_length=120)
        payment_id = CharField(unique=True, null=True, max_length=120)
        declines = IntegerField()
        reversed_minor = IntegerField(
            constraints=[Check("reversed_minor BETWEEN 0 AND amount_minor")]
        )
        reversed_credits = IntegerField(
            constraints=[Check("reversed_credits BETWEEN 0 AND credits")]
        )
        corrections = IntegerField()
        due_at = BigIntegerField(null=True)
        consented_at = BigIntegerField()
        created_at = BigIntegerField()
        paid_at = BigIntegerField(null=True)

        class Meta:
            database = db
            indexes = ((("account", "id"), False),)

    return [Entry, Generation, Image, Purchase]
