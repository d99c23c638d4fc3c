"""Alembic's entry: migrations run on the connection that db/migrate.py hands over."""

from alembic import context

from clinic_desktop.models import Model

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    compare_type=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
