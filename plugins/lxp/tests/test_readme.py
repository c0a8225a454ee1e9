"""The README says what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from echo_hub_lxp.config import LxpConfig
from echo_hub_lxp.converters import CONVERTERS
from echo_hub_lxp.dialect import load_dialect, names
from echo_hub_lxp.support import field_support

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
CONNECTIONS: list[dict[str, Any]] = [
    connection["config"]
    for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    for connection in tomllib.loads(block)["connections"].values()
]


def test_the_field_table_is_what_the_dialects_declare() -> None:
    found = re.search(r"<!-- field support:[^>]*-->\n(.*)<!-- end of field support -->", README, re.DOTALL)
    assert found is not None
    assert found[1].strip() == field_support()


def test_every_rule_that_leaves_records_out_is_listed() -> None:
    rules = {
        (exclusion.rule, name)
        for name in names()
        for stream in load_dialect(name).streams.values()
        for exclusion in stream.exclude
    }
    listed = re.findall(r"^\| `([a-z_]+)` \| ([a-z]+) \|", README, re.MULTILINE)
    assert rules == {(rule, name) for rule, name in listed if name in names()}


def test_every_converter_is_listed() -> None:
    told = README.partition("Converters: ")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([a-z_]+)`", told)) == set(CONVERTERS)


@pytest.mark.parametrize("connection", CONNECTIONS, ids=lambda connection: str(connection["dialect"]))
def test_every_example_connection_is_a_valid_configuration(connection: dict[str, Any]) -> None:
    assert LxpConfig.model_validate(connection).record.name == connection["dialect"]


def test_there_is_an_example_for_every_dialect() -> None:
    assert {connection["dialect"] for connection in CONNECTIONS} == set(names())
