"""Lines of the inbox and mails know the policy they are about

Follows: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("notifications", "outbox_mails")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("policy_id", sa.Integer(), nullable=True))
    op.execute(BY_THREAD)
    op.execute(BY_POLICY)
    op.execute(MAILED_WITH_A_LINE)
    for table in TABLES:
        with op.batch_alter_table(table) as told:
            told.create_foreign_key(
                op.f(f"fk_{table}_policy_id_policies"), "policies", ["policy_id"], ["id"]
            )
    with op.batch_alter_table("notifications") as lines:
        lines.alter_column("policy_id", existing_type=sa.Integer(), nullable=False)


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as told:
            told.drop_constraint(op.f(f"fk_{table}_policy_id_policies"), type_="foreignkey")
            told.drop_column("policy_id")


BY_THREAD = """
UPDATE notifications SET policy_id = threads.policy_id
FROM threads
WHERE threads.public_id = substr(notifications.path, length('/threads/') + 1)
"""

BY_POLICY = """
UPDATE notifications SET policy_id = policies.id
FROM policies
WHERE notifications.path = '/policies/' || policies.slug
OR notifications.path LIKE '/policies/' || policies.slug || '/%'
"""

MAILED_WITH_A_LINE = """
UPDATE outbox_mails SET policy_id = notifications.policy_id
FROM notifications
WHERE notifications.account_id = outbox_mails.account_id
AND notifications.created_at = outbox_mails.created_at
"""
