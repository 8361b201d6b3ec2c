"""The one who writes while it is noted down what reaches the disk: run by `power` under strace.

`python -m trials.storage.writer SETTINGS COUNT SEED [FAULT]`: comments by the services themselves,
each in a `transaction()` of its own. After each it says "ACK n id" on its standard output, so that
the trace holds writes, syncs and acknowledgements in one order.
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from config import Config
from policyforum.accounts.queries import account_by_email
from policyforum.app import create_app
from policyforum.commenting.models import Thread
from policyforum.commenting.services import reply
from policyforum.db.session import db, transaction
from policyforum.organisation.acting import actor_for
from tests.engines import PostgresServer
from trials.storage.broken import FAULTS

CHECKPOINT_EVERY = 25  # comments; so that PostgreSQL, too, writes to its tables now and then


def main() -> None:
    """Write as told by the arguments."""
    settings_file, count, seed, *faults = sys.argv[1:]
    for name in faults:
        FAULTS[name]()
    told = json.loads(Path(settings_file).read_text("utf-8"))
    write(told["settings"], told["postgres"], Path(told["folder"]), int(count), int(seed))


def write(
    settings: dict[str, str],
    postgres: dict[str, str] | None,
    folder: Path,
    count: int,
    seed: int,
) -> None:
    """Write comments of lengths that differ by seed; start PostgreSQL first if it has settings."""
    chance = random.Random(seed)
    server = PostgresServer(folder / "postgresql", postgres) if postgres is not None else None
    app = create_app(Config.from_environment(settings))
    with app.app_context():
        for number in range(count):
            now = datetime.now(UTC)
            body = f"Komentar {number} " + "x" * chance.randrange(4_000)
            account = account_by_email(f"warga{number % 4}@kota.example")
            assert account is not None
            with transaction():
                threads = db.session.scalars(select(Thread).order_by(Thread.id)).all()
                comment = reply(chance.choice(threads), actor_for(account, now), body, None, now)
                public_id = comment.public_id
            os.write(1, f"ACK {number} {public_id}\n".encode())
            if server is not None and number % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1:
                db.session.execute(db.text("CHECKPOINT"))
        db.session.remove()
        db.engine.dispose()
    if server is not None:
        server.shut_down()


if __name__ == "__main__":
    main()
