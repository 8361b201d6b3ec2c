"""What drafters say before publishing: where sections come from

Follows: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "origin_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("previous_section_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.id"], name=op.f("fk_origin_choices_policy_id_policies")
        ),
        sa.ForeignKeyConstraint(
            ["previous_section_id"],
            ["sections.id"],
            name=op.f("fk_origin_choices_previous_section_id_sections"),
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["accounts.id"], name=op.f("fk_origin_choices_chosen_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origin_choices")),
        sa.UniqueConstraint(
            "policy_id",
            "version",
            "position",
            name=op.f("uq_origin_choices_policy_id_version_position"),
        ),
    )


def downgrade() -> None:
    op.drop_table("origin_choices")
