"""The same records through the Singer SDK: a tap piped into a target that upserts into SQLite.

Usage: python kernel_singer.py tap COUNT | python kernel_singer.py target DATABASE_FILE
"""

from __future__ import annotations

import json
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from kernel_data import pages
from singer_sdk import Stream, Tap
from singer_sdk import typing as th
from singer_sdk.sql import SQLConnector, SQLSink, SQLTarget
from sqlalchemy import text


class Employees(Stream):
    """Generated records."""

    name = "employees"
    primary_keys = ("id",)
    schema = th.PropertiesList(
        th.Property("id", th.IntegerType, required=True),
        *(th.Property(name, th.StringType) for name in ("first_name", "last_name", "email", "title", "department")),
        th.Property(
            "location", th.ObjectType(*(th.Property(n, th.StringType) for n in ("city", "country", "building")))
        ),
        th.Property("teams", th.ArrayType(th.StringType)),
        th.Property("manager_id", th.IntegerType),
        th.Property("fte", th.NumberType),
        th.Property("created_at", th.DateTimeType),
        th.Property("updated_at", th.DateTimeType),
    ).to_dict()

    def get_records(self, context):  # noqa: ARG002 -- the SDK's signature
        """Every record."""
        for page in pages(self.config["count"]):
            yield from page


class BenchTap(Tap):
    """One stream."""

    name = "tap-bench"
    config_jsonschema = th.PropertiesList(th.Property("count", th.IntegerType)).to_dict()

    def discover_streams(self):
        """The one stream."""
        return [Employees(self)]


class BenchConnector(SQLConnector):
    """SQLite."""

    allow_merge_upsert = True

    def get_sqlalchemy_url(self, config):
        """The file's address."""
        return f"sqlite:///{config['path']}"


class BenchSink(SQLSink):
    """Upserts a batch at a time."""

    connector_class = BenchConnector
    max_size = 1000

    def bulk_insert_records(self, full_table_name, schema, records):
        """INSERT … ON CONFLICT DO UPDATE, nested values as JSON text."""
        columns = list(schema["properties"])
        updates = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "id")
        statement = text(
            f"INSERT INTO {full_table_name} ({', '.join(columns)}) VALUES ({', '.join(':' + name for name in columns)})"  # noqa: S608 -- our own names
            f" ON CONFLICT (id) DO UPDATE SET {updates}"
        )
        rows = [{name: _storable(one.get(name)) for name in columns} for one in records]
        with self.connector._connect() as connection, connection.begin():
            connection.execute(statement, rows)
        return len(rows)


def _storable(value):
    """SQLite's driver takes neither nested values nor the decimals the SDK parses numbers into."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    return float(value) if isinstance(value, Decimal) else value


class BenchTarget(SQLTarget):
    """One sink."""

    name = "target-bench"
    default_sink_class = BenchSink
    config_jsonschema = th.PropertiesList(th.Property("path", th.StringType)).to_dict()


def main() -> None:
    """Runs the tap or the target."""
    kind, value = sys.argv[1:3]
    config = {"count": int(value)} if kind == "tap" else {"path": value}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.json"
        path.write_text(json.dumps(config))
        sys.argv = [sys.argv[0], "--config", str(path)]
        (BenchTap if kind == "tap" else BenchTarget).cli()


if __name__ == "__main__":
    main()
