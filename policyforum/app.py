"""`create_app`: the parts put together."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

from config import Config
from policyforum import paths, wiring
from policyforum.accounts import identity
from policyforum.accounts import routes as accounts
from policyforum.admin import routes as admin
from policyforum.api import document, limits
from policyforum.api import routes as api
from policyforum.api.entrance import ProgramEntrance
from policyforum.commenting import routes as commenting
from policyforum.consolidation import routes as consolidation
from policyforum.db import asking
from policyforum.db.engine import asking_engine, engine_options, prepare_engine
from policyforum.db.queue import turns_at
from policyforum.db.session import db
from policyforum.decisions import routes as decisions
from policyforum.drafting import routes as drafting
from policyforum.exports import routes as exports
from policyforum.notifications import routes as notifications
from policyforum.notifications.delivery import mails_waiting
from policyforum.organisation.current import identify
from policyforum.organisation.entrance import BrowserEntrance
from policyforum.policies import routes as policies
from policyforum.reading import layout
from policyforum.reading import routes as reading
from policyforum.web import (
    access,
    assets,
    door,
    errors,
    formats,
    forms,
    headers,
    health,
    kept,
    languages,
    logs,
    measures,
)
from policyforum.web.packing import Packing

csrf = CSRFProtect()


def create_app(config: Config) -> APIFlask:
    """The web application for these settings."""
    app = APIFlask(
        "policyforum",
        title="policyforum",
        version="1",
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
        template_folder=str(paths.TEMPLATES),
        static_folder=None,  # type: ignore[arg-type]
    )
    app.url_map.merge_slashes = False  # it would lead to whatever host the caller names
    logs.configure(config.log_format)
    _configure(app, config)
    _open_database(app, config)
    measures.register(app)
    identity.register(app)
    identify(app)
    access.guard(app)  # before what reads forms: who may not come in has none taken apart
    csrf.init_app(app)
    Packing(app)
    headers.set_headers(app, https=config.is_https)
    languages.speak(app, config)
    calls = limits.Calls(config)
    entrances = door.Entrances(BrowserEntrance(app, config), ProgramEntrance(config, calls))
    door.open_door(app, entrances, https=config.is_https)
    assets.serve(app)
    formats.register(app)
    kept.register(app, config)
    forms.register(app)
    errors.register(app)
    health.register(app, mails_waiting)
    layout.register(app)
    _register_routes(app)
    document.register(app)
    limits.register(app, api.blueprint, calls)
    return app


def _configure(app: Flask, config: Config) -> None:
    secure = config.is_https
    app.extensions["policyforum.config"] = config
    app.extensions["policyforum.listeners"] = wiring.LISTENERS
    app.extensions["policyforum.witnesses"] = wiring.WITNESSES
    app.extensions["policyforum.gates"] = wiring.PUBLICATION_GATES
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        COMPRESS_BR_LEVEL=5,
        WTF_CSRF_SSL_STRICT=False,
        OPENAPI_VERSION="3.1.0",
        TESTING=config.is_testing,
    )
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}


def _open_database(app: Flask, config: Config) -> None:
    if config.database_url.startswith("sqlite"):
        config.data_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        asking.register(app, asking_engine(config.database_url))
        app.extensions["policyforum.turn"] = turns_at(db.engine)
    Migrate(app, db, directory=str(paths.MIGRATIONS), render_as_batch=True, compare_type=True)


def _register_routes(app: APIFlask) -> None:
    for package in (
        accounts,
        admin,
        policies,
        drafting,
        commenting,
        consolidation,
        decisions,
        notifications,
        reading,
        exports,
    ):
        app.register_blueprint(package.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(api.pages)
    csrf.exempt(api.blueprint)
