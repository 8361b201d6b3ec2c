"""The newest entry of each kind is the end of an index

Follows: 0008
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_entries_verb_seq", "audit_entries", ["verb", "seq"])
    op.drop_index("ix_audit_entries_verb", "audit_entries")


def downgrade() -> None:
    op.create_index("ix_audit_entries_verb", "audit_entries", ["verb"])
    op.drop_index("ix_audit_entries_verb_seq", "audit_entries")
