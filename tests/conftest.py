"""What every test may ask for: a database of its own, an app over it, people, workers.

`app` runs on SQLite. A test, class or module marked `both_databases` runs on Postgres too.
"""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from fluxgen import adapters, clock, create_app, db
from fluxgen import settings as house_settings
from fluxgen.models import Account
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.s3 import SANDBOX_ACCESS_KEY_ID, SANDBOX_BUCKET, SANDBOX_SECRET_ACCESS_KEY
from fluxgen.settings import Settings
from tests.support import cast
from tests.support.cast import Browser
from tests.support.postgres import Postgres
from tests.support.sandboxes import SandboxServer
from tests.support.workers import Workers

pytest_plugins = ["tests.support.plugin", "tests.support.addresses", "tests.support.order"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: run on SQLite and on Postgres")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        engines = ["sqlite", "postgres"] if both else ["sqlite"]
        metafunc.parametrize("engine", engines, indirect=True)


def _migrate(url: str) -> None:
    real: Any = db.connect(url)
    with real.connection_context():
        db.migrations().up()
    real.close_all()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy for each test."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """A migrated Postgres database to copy for each test."""
    return postgres.template("template", _migrate)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """Which database this test runs on."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own."""
    if engine == "sqlite":
        path = tmp_path / "fluxgen.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        with server.fresh_database(request.getfixturevalue("postgres_template")) as url:
            yield url


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[SandboxServer]:
    with SandboxServer().running() as server:
        yield server


@pytest.fixture(autouse=True)
def the_tests_own_signals() -> Iterator[None]:
    """A worker in the test's process listens for signals; the next test is not stopped by it."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def the_tests_own_clock() -> Iterator[None]:
    """However far a test moves the clock, the next one starts in the present."""
    yield
    clock.offset = timedelta()


@pytest.fixture
def sandbox(sandbox_server: SandboxServer) -> Iterator[Sandbox]:
    """The providers of this test, with their fault switches."""
    with sandbox_server.fresh() as fresh:
        yield fresh


@pytest.fixture
def settings(
    database_url: str, sandbox_server: SandboxServer, redis_url: str, tmp_path: Path
) -> Settings:
    return Settings(
        fluxgen_env="test",
        secret_key="test-secret",
        identity_key="test-identity",
        public_url=cast.ORIGIN,
        instance_dir=tmp_path,
        database_url=database_url,
        redis_url=redis_url,
        sandbox_url=sandbox_server.url,
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Templates are compiled once a test process, not once a test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, sandbox: Sandbox, compiled_templates: BytecodeCache) -> Iterator[Flask]:
    """The whole house over a database of its own."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled_templates
    app.testing = False  # errors are answered as in production
    yield app
    db.database.obj.close_all()


@pytest.fixture
def workers(app: Flask, sandbox: Sandbox) -> Workers:
    return Workers(sandbox)


@pytest.fixture
def visit(app: Flask) -> Callable[[Account | None], Browser]:
    return lambda account: cast.visit(app, account)


@pytest.fixture
def alice(app: Flask) -> Account:
    """Has 100 credits: the sandbox's welcome."""
    return cast.join("alice")


@pytest.fixture
def bob(app: Flask) -> Account:
    """Has no credits."""
    return cast.penniless("bob")


@pytest.fixture
def mallory(app: Flask) -> Account:
    """A stranger to everybody else's things."""
    return cast.join("mallory")


@pytest.fixture
def bucket(app: Flask, settings: Settings, sandbox_server: SandboxServer) -> str:
    """Make the process store into R2's stand-in; the bucket's name."""
    changed = settings.model_copy(
        update={
            "r2_endpoint_url": f"{sandbox_server.url}/s3",
            "r2_access_key_id": SANDBOX_ACCESS_KEY_ID,
            "r2_secret_access_key": SANDBOX_SECRET_ACCESS_KEY,
            "r2_bucket": SANDBOX_BUCKET,
        }
    )
    house_settings.use(changed)
    adapters.use(adapters.connect(changed))
    return SANDBOX_BUCKET
