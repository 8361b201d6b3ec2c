"""A filled application on a real port, kept for all tests of a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from policyforum.app import create_app
from policyforum.db.session import db
from tests.addresses import Address, Samples, pages
from tests.conftest import make_config
from tests.engines import Databases
from tests.servers import free_port, threaded_server


@dataclass(frozen=True, slots=True)
class Site:
    """`addresses`: every page of it, with parameters that lead somewhere."""

    app: Flask
    url: str
    addresses: tuple[Address, ...]


@contextmanager
def filled_site(
    databases: Databases, folder: Path, fill: Callable[[Flask], Samples]
) -> Iterator[Site]:
    """Serve a new application that `fill` put something into; it tells the samples."""
    database_url = databases.fresh()
    base_url = f"http://127.0.0.1:{free_port()}"
    app = create_app(make_config(database_url, folder, base_url))
    samples = fill(app)
    with app.app_context():
        addresses = tuple(pages(app, samples))
    with threaded_server(app, urlsplit(base_url).port or 0) as url:
        yield Site(app, url, addresses)
    with app.app_context():
        db.engine.dispose()
    databases.drop(database_url)
