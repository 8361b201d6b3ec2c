"""Nobody works in two units at once

Two administrators who assigned one person at the same moment left both memberships open.

Follows: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ONE_UNIT = sa.text("unit_id IS NOT NULL AND until IS NULL")


def upgrade() -> None:
    op.execute(END_WHEN_THE_NEXT_BEGAN)
    op.create_index(
        "ix_memberships_one_unit",
        "memberships",
        ["account_id"],
        unique=True,
        sqlite_where=ONE_UNIT,
        postgresql_where=ONE_UNIT,
    )


def downgrade() -> None:
    op.drop_index("ix_memberships_one_unit", "memberships")


# That is what the record says: its entry of this moment tells of the next unit, and the check asks
# for an entry at the moment a membership ends.
END_WHEN_THE_NEXT_BEGAN = """
UPDATE memberships SET until = (
    SELECT min(later.since) FROM memberships AS later
    WHERE later.account_id = memberships.account_id
    AND later.unit_id IS NOT NULL
    AND (
        later.since > memberships.since
        OR (later.since = memberships.since AND later.id > memberships.id)
    )
)
WHERE unit_id IS NOT NULL AND until IS NULL
"""
