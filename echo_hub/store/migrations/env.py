"""What Alembic runs: one connection, one transaction, one process at a time."""

from alembic import context

engine = context.config.attributes["engine"]

with engine.connect() as plain:
    connection = plain.execution_options(echo_hub_write=True)
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4327846512)")
        context.configure(connection=connection, transactional_ddl=False)
        context.run_migrations()
