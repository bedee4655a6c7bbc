"""consent that was taken back"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recording", sa.Column("withdrawn_consent", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("recording", "withdrawn_consent")
