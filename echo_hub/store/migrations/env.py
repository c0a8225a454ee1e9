"""What Alembic runs: one connection, one transaction, one process at a time."""

from alembic import context
from sqlalchemy import Connection


def run(connection: Connection) -> None:
    """The migrations that are missing, inside the transaction that is open."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4327846512)")
    context.configure(connection=connection, transactional_ddl=False)
    context.run_migrations()


attributes = context.config.attributes
if "connection" in attributes:
    run(attributes["connection"])
else:
    with attributes["engine"].connect() as plain:
        writer = plain.execution_options(echo_hub_write=True)
        with writer.begin():
            run(writer)
