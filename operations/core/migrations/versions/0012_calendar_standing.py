"""A calendar address ends with the role, the country and the password of the account that it was made under.

Addresses that are there stand for what their accounts are now.

Revision: 0012, after: 0011
"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calendar_feed", sa.Column("made_under", sa.String(64), nullable=False, server_default=""))
    bind = op.get_bind()
    feeds = "SELECT f.id, a.role, a.country, a.password_hash FROM calendar_feed f JOIN account a ON a.id = f.account_id"
    for identifier, role, country, password in bind.execute(sa.text(feeds)).all():
        standing = hashlib.sha256("\n".join((role, country or "", password)).encode()).hexdigest()
        bind.execute(
            sa.text("UPDATE calendar_feed SET made_under = :standing WHERE id = :id"),
            {"standing": standing, "id": identifier},
        )


def downgrade() -> None:
    op.drop_column("calendar_feed", "made_under")
