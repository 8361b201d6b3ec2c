"""Pages are kept by their policy's newest entry of the record

Follows: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_entries_policy_seq", "audit_entries", ["policy", "seq"])
    op.drop_index("ix_audit_entries_policy", "audit_entries")
    op.create_index("ix_endorsements_voice_id_thread_id", "endorsements", ["voice_id", "thread_id"])


def downgrade() -> None:
    op.drop_index("ix_endorsements_voice_id_thread_id", "endorsements")
    op.create_index("ix_audit_entries_policy", "audit_entries", ["policy"])
    op.drop_index("ix_audit_entries_policy_seq", "audit_entries")
