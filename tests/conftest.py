"""Fixtures every test may ask for.

A test that asks for `app`, `client`, `config` or `database_url` runs twice, on SQLite and on
PostgreSQL, each time in a database of its own. `@pytest.mark.one_engine` keeps it to SQLite where
the engine cannot matter; tests in a browser keep to it anyway.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from config import Config
from policyforum.app import create_app
from policyforum.db.session import db
from tests.engines import ENGINES, Databases, PostgresDatabases, SqliteDatabases
from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
TEST_DATA = Path(os.environ.get("POLICYFORUM_TEST_DATA") or ROOT.parent / "shared" / "data")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("one_engine") is not None
        once = marked or "live_server" in metafunc.fixturenames
        metafunc.parametrize("engine", ENGINES[:1] if once else ENGINES, scope="session")


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real policies and comments, which is not part of the repository."""
    if not TEST_DATA.is_dir():
        pytest.skip(f"no test data at {TEST_DATA} (set POLICYFORUM_TEST_DATA)")
    return TEST_DATA


@pytest.fixture(scope="session")
def databases_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Databases]]:
    """`databases_of(engine)`: started when first asked for, kept for the whole run."""
    started: dict[str, Databases] = {}
    folder = tmp_path_factory.mktemp("databases")

    def migrate(url: str) -> None:
        app = create_app(make_config(url, folder))
        with app.app_context():
            flask_migrate.upgrade()
            db.engine.dispose()

    def get(engine: str) -> Databases:
        if engine not in started:
            started[engine] = (
                SqliteDatabases(migrate) if engine == "sqlite" else PostgresDatabases(migrate)
            )
        return started[engine]

    yield get
    for databases in started.values():
        databases.close()


@pytest.fixture
def database_url(engine: str, databases_of: Callable[[str], Databases]) -> Iterator[str]:
    """A migrated, empty database of this test's own."""
    databases = databases_of(engine)
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture
def blank_database_url(engine: str, databases_of: Callable[[str], Databases]) -> Iterator[str]:
    """A database without any table, for tests of the migrations and of first starts."""
    databases = databases_of(engine)
    url = databases.blank()
    yield url
    databases.drop(url)


@pytest.fixture
def config(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Config:
    # Only a server that really listens needs an address of its own.
    listens = "live_server" in request.fixturenames
    base_url = f"http://127.0.0.1:{free_port()}" if listens else "http://localhost"
    return make_config(database_url, tmp_path / "var", base_url)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Compiling templates anew for every test would take half of its time."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(config: Config, compiled_templates: BytecodeCache) -> Iterator[Flask]:
    app = create_app(config)
    app.jinja_env.bytecode_cache = compiled_templates
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def make_config(
    database_url: str, data_dir: Path, base_url: str = "http://localhost", **more: str
) -> Config:
    """Settings for a test, read as any other start reads them."""
    return Config.from_environment(
        {
            "POLICYFORUM_ENV": "testing",
            "POLICYFORUM_DATABASE_URL": database_url,
            "POLICYFORUM_DATA_DIR": str(data_dir),
            "POLICYFORUM_BASE_URL": base_url,
            "POLICYFORUM_SECRET_KEY": "only-for-tests-and-known-to-everyone",
            **more,
        }
    )
