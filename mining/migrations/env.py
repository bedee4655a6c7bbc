"""Alembic's entry: runs migrations on the connection that mining.schema hands over."""

from typing import Any, Literal

from alembic import context

import mining.suggestion_models  # noqa: F401  (registers its tables, and through them those below)
from capture.database import Base, UTCDateTime


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Migrations speak plain SQLAlchemy: they must still run when our own types have changed."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
