"""What production starts with, and what it refuses: loudly, and with words that say what to set."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import fluxgen
from fluxgen import create_app, db, production
from fluxgen import settings as house_settings
from fluxgen.errors import Misconfigured
from fluxgen.sandbox.plan import Plan
from fluxgen.settings import Settings

ROOT = Path(fluxgen.__file__).parent.parent
START_LIMIT_S = 120.0
GIVEN = {
    "FLUXGEN_ENV": "production",
    "SECRET_KEY": "s" * production.KEY_MIN,
    "IDENTITY_KEY": "i" * production.KEY_MIN,
    "PUBLIC_URL": "https://flux.test",
    "DATABASE_URL": "postgresql://localhost/fluxgen",
    "GOOGLE_CLIENT_ID": "id",
    "GOOGLE_CLIENT_SECRET": "secret",
    "REPLICATE_API_TOKEN": "r8_token",
    "REPLICATE_WEBHOOK_SECRET": "whsec_cmVwbGljYXRl",
    "STRIPE_SECRET_KEY": "sk_live_key",
    "STRIPE_WEBHOOK_SECRET": "whsec_stripe",
    "R2_BUCKET": "pictures",
    "R2_ACCOUNT_ID": "account",
    "R2_ACCESS_KEY_ID": "id",
    "R2_SECRET_ACCESS_KEY": "secret",
    "SMTP_URL": "smtps://mail.flux.test",
    "MAIL_FROM": "FluxGen <hello@flux.test>",
    "SUPPORT_EMAIL": "help@flux.test",
    "CONTROLLER": "Example Ltd, 1 Example Street, Dublin",
    "PROCESSORS": "google,replicate,stripe,cloudflare,mail=Example Post,hosting=Example Host",
}
"""All that a production needs."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which a process starts, with nothing in its environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **changes: str) -> None:
    """All that production needs, with these changes, into `.env`; an empty one is left out."""
    lines = [f"{name}={value}" for name, value in (GIVEN | changes).items() if value]
    (folder / ".env").write_text("\n".join(lines) + "\n")


def refusal(folder: Path, **changes: str) -> str:
    write(folder, **changes)
    with pytest.raises(Misconfigured) as refused:
        Settings.load()
    assert not (folder / "instance").exists()
    return str(refused.value)


class TestProductionFromAFile:
    def test_is_production_and_makes_up_no_key(self, folder: Path) -> None:
        assert refusal(folder, SECRET_KEY="", IDENTITY_KEY="") == (
            "production needs SECRET_KEY, IDENTITY_KEY"
        )

    def test_uses_no_key_that_was_made_up_before(self, folder: Path) -> None:
        (folder / ".env").write_text("INSTANCE_DIR=instance\n")
        kept = Settings.load()
        assert len(kept.secret_key) >= production.KEY_MIN
        write(folder, IDENTITY_KEY="")
        with pytest.raises(Misconfigured, match="needs IDENTITY_KEY$"):
            Settings.load()

    @pytest.mark.parametrize("where", ["file", "environment"])
    def test_takes_the_rest_from_there_whoever_says_that_it_is_one(
        self, folder: Path, where: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(folder, **({} if where == "file" else {"FLUXGEN_ENV": ""}))
        if where == "environment":
            monkeypatch.setenv("FLUXGEN_ENV", "production")
        monkeypatch.setenv("SUPPORT_EMAIL", "environment@flux.test")
        (folder / "instance").mkdir()
        (folder / "instance" / "run.env").write_text("SANDBOX_URL=http://localhost:1\n")
        found = Settings.load()
        assert found.is_production and found.secret_key == GIVEN["SECRET_KEY"]
        assert (found.support_email, found.sandbox_url) == ("environment@flux.test", "")

    def test_is_none_for_the_plan_of_make_run_either(self, folder: Path) -> None:
        write(folder, PORT="9000")
        plan = Plan.read(folder, {})
        assert (plan.pretended, plan.port, plan.host) == ((), 9000, "flux.test")

    def test_that_is_spelt_wrongly_starts_nothing_and_makes_no_key(self, folder: Path) -> None:
        assert "FLUXGEN_ENV" in refusal(folder, FLUXGEN_ENV="Production")

    def test_refuses_at_the_door_in_one_line(self, folder: Path) -> None:
        write(folder, SECRET_KEY="")
        known = {"PATH", "HOME", "LANG"}
        ended = subprocess.run(
            [sys.executable, "-c", "import wsgi"],
            env={name: value for name, value in os.environ.items() if name in known}
            | {"PYTHONPATH": str(ROOT)},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=START_LIMIT_S,
        )
        assert ended.returncode == 1
        assert ended.stderr == "FluxGen cannot start: production needs SECRET_KEY\n"


def test_development_needs_nothing_and_keeps_its_keys(folder: Path) -> None:
    first, again = Settings.load(), Settings.load()
    assert first.secret_key and first.identity_key
    assert (again.secret_key, again.identity_key) == (first.secret_key, first.identity_key)
    assert (folder / "instance" / "keys.env").is_file()


def test_the_keys_are_in_the_instance_that_the_file_names(folder: Path) -> None:
    (folder / ".env").write_text("INSTANCE_DIR=elsewhere\n")
    Settings.load()
    assert (folder / "elsewhere" / "keys.env").is_file() and not (folder / "instance").exists()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "x", "a random SECRET_KEY of at least 32 characters"),
        ("IDENTITY_KEY", "y" * 31, "a random IDENTITY_KEY of at least 32 characters"),
        ("STRIPE_SECRET_KEY", "foo", "a STRIPE_SECRET_KEY that begins with sk_live_ or rk_live_"),
        ("STRIPE_SECRET_KEY", "rk_test_1", "begins with sk_live_ or rk_live_"),
        ("PUBLIC_URL", "http://flux.test", "a PUBLIC_URL that starts with https://"),
        ("SANDBOX_URL", "http://localhost:1", "no SANDBOX_URL"),
        ("R2_ACCOUNT_ID", "", "R2_ACCOUNT_ID"),
        ("DATABASE_URL", "", "DATABASE_URL"),
        ("SUPPORT_EMAIL", "", "SUPPORT_EMAIL"),
        ("SUPPORT_EMAIL", "help", "a SUPPORT_EMAIL with a mail address"),
        ("MAIL_FROM", "FluxGen", "a MAIL_FROM with a mail address"),
        ("CONTROLLER", "", "CONTROLLER"),
        ("METRICS_TOKEN", "short", "a random METRICS_TOKEN of at least 32 characters"),
        ("PROCESSORS", "google,replicate,stripe,cloudflare", "mail in PROCESSORS"),
        ("ANALYTICS", "vercel", "vercel in PROCESSORS"),
    ],
)
def test_what_is_dangerous_is_refused(folder: Path, name: str, value: str, words: str) -> None:
    assert refusal(folder, **{name: value}).endswith(words)


@pytest.mark.parametrize(
    ("processors", "words"),
    [
        ("nonsense=1", "nonsense=1 is none of google, replicate"),
        ("hosting", "hosting needs the name of whoever it is: hosting=Example Company"),
    ],
)
def test_a_processor_that_nobody_knows_starts_nothing(
    settings: Settings, processors: str, words: str
) -> None:
    with pytest.raises(Misconfigured, match=words):
        create_app(settings.model_copy(update={"processors": processors}))
    house_settings.use(settings)


def test_what_lies_on_one_disk_alone_is_said(folder: Path) -> None:
    write(folder)
    assert production.warnings(Settings.load()) == []
    write(folder, R2_BUCKET="", DATABASE_URL="sqlite:///here.db")
    said = production.warnings(Settings.load())
    assert [words.split(":")[0] for words in said] == ["no R2_BUCKET", "DATABASE_URL is SQLite"]


def test_a_database_is_for_nobody_else_on_this_machine(folder: Path) -> None:
    path = folder / "new" / "fluxgen.db"
    real: Any = db.connect(f"sqlite:///{path}")
    with real.connection_context():
        real.execute_sql("CREATE TABLE one (one)")
        found = [path.parent, *path.parent.iterdir()]
        modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in found}
    real.close()
    assert modes.pop("new") == 0o700
    assert len(modes) == 3 and set(modes.values()) == {0o600}
