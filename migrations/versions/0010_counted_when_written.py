"""Who took part, and how lively threads are, is kept when something is written

Follows: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OLDEST_FIRST = "ix_thread_positions_revision_id_block_position_thread_id"
LIVELIEST = "ix_thread_positions_liveliest"
BESIDE = ["revision_id", "block_position"]


def upgrade() -> None:
    op.create_table(
        "body_activity",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("threads", sa.Integer(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_body_activity_revision_id_revisions")
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "association_id", "unit_id", name=op.f("pk_body_activity")
        ),
    )
    op.execute(COUNT_BODIES)
    op.drop_index(OLDEST_FIRST, "thread_positions")
    op.add_column("thread_positions", sa.Column("written_here", sa.Boolean(), nullable=True))
    op.add_column("thread_positions", sa.Column("liveliness", sa.Integer(), nullable=True))
    op.execute(COUNT_LIVELINESS)
    with op.batch_alter_table("thread_positions") as positions:
        positions.alter_column("written_here", existing_type=sa.Boolean(), nullable=False)
        positions.alter_column("liveliness", existing_type=sa.Integer(), nullable=False)
    op.create_index(
        LIVELIEST, "thread_positions", [*BESIDE, "written_here", "liveliness", "thread_id"]
    )


def downgrade() -> None:
    op.drop_index(LIVELIEST, "thread_positions")
    op.drop_column("thread_positions", "liveliness")
    op.drop_column("thread_positions", "written_here")
    op.create_index(OLDEST_FIRST, "thread_positions", [*BESIDE, "thread_id"])
    op.drop_table("body_activity")


COUNT_BODIES = """
INSERT INTO body_activity (revision_id, association_id, unit_id, threads, comments)
SELECT
    threads.revision_id,
    coalesce(voices.association_id, 0) AS association,
    CASE WHEN voices.association_id IS NULL THEN coalesce(voices.unit_id, 0) ELSE 0 END AS unit,
    count(*) FILTER (WHERE comments.parent_id IS NULL),
    count(*)
FROM comments
JOIN threads ON threads.id = comments.thread_id
JOIN voices ON voices.id = comments.voice_id
WHERE comments.withdrawn_at IS NULL AND comments.hidden_at IS NULL
GROUP BY threads.revision_id, association, unit
"""

COUNT_LIVELINESS = """
UPDATE thread_positions SET
    written_here = threads.revision_id = thread_positions.revision_id,
    liveliness = threads.comment_count + threads.support_count + threads.oppose_count
FROM threads
WHERE threads.id = thread_positions.thread_id
"""
