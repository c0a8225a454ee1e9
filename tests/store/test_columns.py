"""Every stored column says whose it is, what it is for and how long it is kept."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import get_args

import pytest
from sqlalchemy import Column, MetaData, Table, Text
from sqlmodel import SQLModel

from echo_hub import store
from echo_hub.store.columns import Owner, declared

for module in iter_modules(store.__path__):
    if module.name.endswith("tables"):
        import_module(f"echo_hub.store.{module.name}")

COLUMNS = [column for table in SQLModel.metadata.sorted_tables for column in table.columns]


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_a_stored_column_names_its_owner_its_purpose_and_how_long_it_is_kept(column):
    about = declared(column)
    assert about.owner in get_args(Owner), "name the owner: owned_by(…) of the table, or owner= of the column"
    assert about.purpose, "say what the column is for: text('…'), moment('…') of echo_hub.store.columns"
    assert about.kept, "say how long it is kept: owned_by(…) of the table, or kept= of the column"


def test_a_column_without_a_declaration_has_none():
    bare = Column("bare", Text)
    Table("bare", MetaData(), bare)
    assert declared(bare) == (None, None, None, None)


def test_a_column_is_declared_by_itself_before_its_table():
    column = Column("own", Text, info={"purpose": "p", "kept": "until noon"})
    Table("both", MetaData(), column, info={"owner": "the operator", "kept": "for good"})
    assert declared(column) == ("the operator", "p", "until noon", None)


NAMING = ("person", "person_id", "employee_id", "mentor", "mentee")
NOBODY = {"schedule.claimed_by", "record.excluded_by", "event.came_by", "decision.decided_by", "decision.undone_by"}
"""A process, a rule, a way in, a key."""


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_a_column_that_names_people_says_what_becomes_of_it_when_one_is_erased(column):
    names_people = (column.name in NAMING or column.name.endswith("_by")) and str(column) not in NOBODY
    assert (declared(column).erasure is not None) is names_people, "declare erasure='row' or erasure='key'"
