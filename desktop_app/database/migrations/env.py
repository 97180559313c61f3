"""Alembic environment: one connection given by ``schema.upgrade``, guarded by time-outs."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from desktop_app.models import Base

connection = context.config.attributes["connection"]
connection.execute(text("SET LOCAL lock_timeout = '4s'"))
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_server_default=False,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
