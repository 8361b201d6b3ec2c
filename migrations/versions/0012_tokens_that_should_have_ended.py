"""Tokens end that were there when their account was closed or its password reset

Follows: 0011
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(OF_CLOSED_ACCOUNTS)
    op.execute(OLDER_THAN_AN_END_ON_RECORD)


def downgrade() -> None:
    """What was revoked stays so: nothing says any more which tokens worked before."""


OF_CLOSED_ACCOUNTS = """
UPDATE api_tokens SET revoked_at = accounts.disabled_at
FROM accounts
WHERE accounts.id = api_tokens.account_id
AND accounts.disabled_at IS NOT NULL AND api_tokens.revoked_at IS NULL
"""

# An account may be open again, or have a password of its owner's own: whoever held a token when
# somebody saw reason to close or to reset it has not proven since that it is theirs.
OLDER_THAN_AN_END_ON_RECORD = """
UPDATE api_tokens SET revoked_at = ended.at
FROM (
    SELECT api_tokens.id AS token_id, min(audit_entries.at) AS at
    FROM api_tokens
    JOIN accounts ON accounts.id = api_tokens.account_id
    JOIN audit_entries ON audit_entries.subject = 'account:' || accounts.public_id
    WHERE audit_entries.at >= api_tokens.created_at AND (
        audit_entries.verb = 'account.disabled'
        OR audit_entries.verb = 'password.changed' AND audit_entries.facts LIKE '%"temporary"%'
    )
    GROUP BY api_tokens.id
) AS ended
WHERE ended.token_id = api_tokens.id AND api_tokens.revoked_at IS NULL
"""
