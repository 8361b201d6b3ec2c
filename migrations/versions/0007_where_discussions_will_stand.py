"""Where drafters say that discussions will stand in the revision to come

Follows: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_placements",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_planned_placements_thread_id_threads")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.id"], name=op.f("fk_planned_placements_policy_id_policies")
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"],
            ["accounts.id"],
            name=op.f("fk_planned_placements_planned_by_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_planned_placements")),
    )
    op.create_index(op.f("ix_planned_placements_policy_id"), "planned_placements", ["policy_id"])


def downgrade() -> None:
    op.drop_table("planned_placements")
