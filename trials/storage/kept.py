"""What is found in a database afterwards, against what people were told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, text

from policyforum.commenting.models import Comment
from policyforum.db.session import db
from tests.counting import miscounted
from tests.servers import run_policyforum
from trials.storage.crowd import Crowd
from trials.storage.site import Site, let_go


@dataclass(frozen=True, slots=True)
class Kept:
    """lost: acknowledged, and not there under the id that was told. doubled: there more than once.

    unwanted: refused, and there all the same. miscounted: how much counts other than there is.
    damage: what the database and the audit record say of themselves, "" when all is well.
    """

    stored: int
    lost: int
    doubled: int
    unwanted: int
    miscounted: int
    damage: str

    @property
    def is_whole(self) -> bool:
        """Nothing lost, doubled, miscounted or damaged."""
        return not (self.lost or self.doubled or self.miscounted or self.damage)

    def __str__(self) -> str:
        words = f"{self.lost} lost, {self.doubled} doubled, {self.miscounted} miscounted"
        return f"{words}, {self.damage or 'database and record whole'}"


def look(site: Site, crowd: Crowd) -> Kept:
    """Compare the database, with no server on it, with what the crowd was told."""
    return compare(site, crowd.acknowledged, list(crowd.refused))


def compare(site: Site, acknowledged: Mapping[str, str], refused: Sequence[str]) -> Kept:
    """Compare the site's database with texts acknowledged (→ id) and texts refused."""
    with site.app.app_context():
        db.session.rollback()
        stored = db.session.execute(
            select(Comment.body, Comment.public_id).where(Comment.body.startswith("Komentar"))
        ).all()
        ids = {row.body: row.public_id for row in stored}
        kept = Kept(
            stored=len(stored),
            lost=sum(ids.get(body) != public_id for body, public_id in acknowledged.items()),
            doubled=sum(n - 1 for n in Counter(row.body for row in stored).values()),
            unwanted=sum(body in ids for body in refused),
            miscounted=len(miscounted()),
            damage=_damage(site),
        )
    let_go(site.app)
    return kept


def _damage(site: Site) -> str:
    if site.postgres is None:
        found = str(db.session.scalar(text("PRAGMA integrity_check")))
        if found != "ok":
            return f"integrity_check: {found.splitlines()[0]}"
    verdict = run_policyforum(site.settings, "audit", "verify")
    return "" if verdict.returncode == 0 else verdict.stderr.strip()
