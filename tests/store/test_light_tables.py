"""Statements and declarations name the same columns."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

import pytest
from sqlalchemy import TableClause
from sqlmodel import SQLModel

from echo_hub.store import light_tables, tables

LIGHT = {value.name: value for value in vars(light_tables).values() if isinstance(value, TableClause)}


def test_every_table_of_syncing_can_be_named_in_statements():
    declared = {
        row.__tablename__ for row in vars(tables).values() if isinstance(row, type) and hasattr(row, "__table__")
    }
    assert set(LIGHT) == declared


@pytest.mark.parametrize("name", sorted(LIGHT))
def test_a_light_table_has_the_declared_columns_with_types_that_convert_alike(name):
    declared = SQLModel.metadata.tables[name]
    assert {column.name: _python(column.type) for column in LIGHT[name].columns} == {
        column.name: _python(column.type) for column in declared.columns
    }


def _python(of):
    return datetime if isinstance(of, light_tables.Instant) else of.python_type


def test_the_sync_path_does_not_import_what_only_declares_tables():
    imported = "import sys, echo_hub.sync.kernel; print(*sorted({'sqlmodel', 'sqlalchemy.orm'} & {*sys.modules}))"
    answer = subprocess.run([sys.executable, "-c", imported], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == ""
