"""How alembic runs here: on the connection that `db.migrate` hands over, in its transaction."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from db.migrate import include_name
from db.tables import SCHEMAS, metadata

connection = context.config.attributes["connection"]
for schema in SCHEMAS:
    connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table="schema_version",
    include_schemas=True,
    include_name=include_name,
)
with context.begin_transaction():
    context.run_migrations()
