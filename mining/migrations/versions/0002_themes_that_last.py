"""themes that last"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_decision_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_event_id"), "decision", ["event_id"], unique=False)

    op.create_table(
        "strand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("embedder", sa.String(length=200), nullable=False),
        sa.Column("centre", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_strand_event_id_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strand")),
    )
    op.create_index(op.f("ix_strand_event_id"), "strand", ["event_id"], unique=False)

    # Columns are added in place: a table that is copied on SQLite takes with it what refers to its rows.
    op.add_column("analysis", sa.Column("trust", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("analysis", sa.Column("lineage", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("analysis", sa.Column("concluded", sa.Integer(), server_default="0", nullable=False))
    op.add_column("passage", sa.Column("found", sa.Integer(), nullable=True))
    op.add_column("passage", sa.Column("facet", sa.Integer(), nullable=True))
    op.add_column("passage", sa.Column("aside", sa.String(length=120), nullable=True))
    op.add_column("passage", sa.Column("vector", sa.LargeBinary(), nullable=True))
    op.add_column("passage", sa.Column("mined", sa.Text(), server_default="", nullable=False))
    op.add_column("theme", sa.Column("named_by", sa.String(length=200), nullable=True))
    op.add_column("theme", sa.Column("coarse", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("theme", sa.Column("change", sa.JSON(), nullable=True))
    op.add_column("theme", sa.Column("statement", sa.JSON(), nullable=True))
    op.add_column("theme", sa.Column("shared", sa.Integer(), nullable=True))
    op.add_column("theme", sa.Column("kinds", sa.JSON(), server_default="{}", nullable=False))
    strand = sa.ForeignKey("strand.id", name=op.f("fk_theme_strand_id_strand"))
    op.add_column("theme", sa.Column("strand_id", sa.Integer(), strand, nullable=True), inline_references=True)
    op.create_index(op.f("ix_theme_strand_id"), "theme", ["strand_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_theme_strand_id"), table_name="theme")
    for column in ("strand_id", "kinds", "shared", "statement", "change", "coarse", "named_by"):
        op.drop_column("theme", column)
    for column in ("mined", "vector", "aside", "facet", "found"):
        op.drop_column("passage", column)
    for column in ("concluded", "lineage", "trust"):
        op.drop_column("analysis", column)
    op.drop_table("strand")
    op.drop_table("decision")
