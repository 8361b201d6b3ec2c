"""Each section's text cut into words, stored beside it

Follows: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from policyforum.text.words import pack, tokenise

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BATCH = 1000


def upgrade() -> None:
    op.add_column("revision_sections", sa.Column("tokens", sa.LargeBinary(), nullable=True))
    sections = sa.table(
        "revision_sections",
        sa.column("id", sa.Integer),
        sa.column("text", sa.Text),
        sa.column("tokens", sa.LargeBinary),
    )
    fill = (
        sections.update()
        .where(sections.c.id == sa.bindparam("row"))
        .values(tokens=sa.bindparam("cut"))
    )
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(
        sa.select(sections.c.id, sections.c.text)
        .where(sections.c.id > last)
        .order_by(sections.c.id)
        .limit(_BATCH)
    ).all():
        connection.execute(fill, [{"row": row.id, "cut": pack(tokenise(row.text))} for row in rows])
        last = rows[-1].id


def downgrade() -> None:
    op.drop_column("revision_sections", "tokens")
