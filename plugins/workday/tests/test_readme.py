"""The README says what the code does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from echo_core.model import Person
from echo_hub_workday import CONNECTOR
from echo_hub_workday.config import WorkdayConfig
from echo_hub_workday.contract import LANGUAGES, NOT_READ, SKILLS, WORKERS
from echo_hub_workday.mapping import map_worker
from echo_hub_workday.streams import PERSON_FIELDS
from echo_hub_workday.tables import contract_table, settings_table, support_table

TABLES: dict[str, Callable[[], str]] = {
    "workers": lambda: contract_table(WORKERS),
    "skills": lambda: contract_table(SKILLS),
    "languages": lambda: contract_table(LANGUAGES),
    "support": support_table,
    "settings": lambda: settings_table(WorkdayConfig),
}


@pytest.fixture(scope="module")
def readme() -> str:
    return (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_generated_table_is_up_to_date(readme: str, name: str) -> None:
    found = re.search(rf"<!-- table: {name} -->\n(.*?)\n<!-- end -->", readme, re.DOTALL)
    assert found is not None
    assert found[1] == TABLES[name]()


def test_the_examples_are_valid_settings(readme: str) -> None:
    examples = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)]
    connections = [one for example in examples for one in example["connections"].values()]
    assert len(connections) >= 2
    for connection in connections:
        assert connection["connector"] == CONNECTOR.name
        config = {key: value for key, value in connection["config"].items() if key not in ("password", "refresh_token")}
        secrets = {key: "invented" for key in ("password", "refresh_token") if key in connection["config"]}
        assert WorkdayConfig.model_validate({**config, **secrets}).tenant


def test_every_rule_of_exclusion_is_listed(readme: str) -> None:
    source = Path(map_worker.__code__.co_filename).read_text(encoding="utf-8")
    rules = set(re.findall(r'rule="(\w+)"', source))
    assert rules == {"erased", "left_long_ago"}
    assert all(f"`{rule}`" in readme for rule in rules)


def test_the_declaration_promises_what_the_support_table_shows() -> None:
    shown = set(re.findall(r"\| `person` \| `(\w+)` \| (?!not filled|arrive)", support_table()))
    assert shown == set(PERSON_FIELDS) == set(Person.model_fields) - {"skills", "preferences"}


def test_columns_that_are_not_read_are_named(readme: str) -> None:
    assert all(f"`{name}`" in readme for name in NOT_READ)
