"""since when modules are on offer"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MODULE = sa.table(
    "module",
    sa.column("id", sa.Integer()),
    sa.column("source", sa.String()),
    sa.column("added_at", sa.DateTime(timezone=True)),
    sa.column("offered_on", sa.Date()),
)
PROGRAMME = sa.table("programme", sa.column("id", sa.Integer()), sa.column("slug", sa.String()))


def upgrade() -> None:
    op.add_column("module", sa.Column("offered_on", sa.Date(), nullable=True))
    _date_published_drafts()
    op.drop_column("peer_group", "why")
    # SQLite drops a unique column only by copying the table; `mining.schema` sees to what refers to its rows.
    with op.batch_alter_table("programme") as table:
        table.drop_constraint(op.f("uq_programme_slug"), type_="unique")
        table.drop_column("slug")


def _date_published_drafts() -> None:
    """They were on offer from the moment they came into the catalogue; of what files brought nobody knows."""
    connection = op.get_bind()
    for module in connection.execute(sa.select(MODULE.c.id, MODULE.c.source, MODULE.c.added_at)).all():
        if re.fullmatch(r"draft \d+", module.source):
            change = sa.update(MODULE).where(MODULE.c.id == module.id)
            connection.execute(change.values(offered_on=module.added_at.date()))


def downgrade() -> None:
    op.add_column("programme", sa.Column("slug", sa.String(length=80), nullable=True))
    op.execute(sa.update(PROGRAMME).values(slug=sa.literal("programme-").concat(sa.cast(PROGRAMME.c.id, sa.String()))))
    with op.batch_alter_table("programme") as table:
        table.alter_column("slug", existing_type=sa.String(length=80), nullable=False)
        table.create_unique_constraint(op.f("uq_programme_slug"), ["slug"])
    op.add_column("peer_group", sa.Column("why", sa.Text(), server_default="", nullable=False))
    op.drop_column("module", "offered_on")
