"""Roles near a role, on the command line and over the API, with the starter roles alone and with a company."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from echo_core.skills.occupations import related
from echo_core.skills.occupations.related import RelatedOccupations
from echo_core.skills.taxonomy.starter import starter
from echo_hub.application import Hub
from echo_hub.services.related_occupations import UnknownRoleError, near_roles
from echo_hub.surfaces.cli import main

ROLE = next(one for one in sorted(starter().occupations) if "data-engineer" in one)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Nothing configured: the starter roles are all there is."""
    file = tmp_path / "echo-hub.toml"
    file.write_text('[hub]\ndata_dir = "data"\n')
    return file


@pytest.fixture
def hub(settings: Path) -> Iterator[Hub]:
    with Hub.open(settings, no_plugins=True) as opened:
        yield opened


def test_an_id_and_its_name_mean_the_same_role(hub: Hub) -> None:
    by_id = near_roles(hub, ROLE)
    by_name = near_roles(hub, by_id.title.upper())
    assert by_id.id == by_name.id == ROLE
    assert by_id.near == by_name.near


def test_the_near_ones_are_others_best_first_with_reasons(hub: Hub) -> None:
    found = near_roles(hub, ROLE, top=5).near
    assert len(found) == len({one.id for one in found}) == 5
    assert ROLE not in {one.id for one in found}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(one.reasons for one in found)
    assert found[0].reasons[0].message.id.startswith("related-shared")


def test_what_a_role_usually_takes_is_named_likeliest_first(hub: Hub) -> None:
    found = near_roles(hub, ROLE)
    asked = {one.skill_id for one in starter().occupations[ROLE].skills}
    assert len(found.skills) == len({one.id for one in found.skills}) == 12
    assert {one.id for one in found.skills[:4]} <= asked
    assert all(starter().skills[one.id].label == one.skill for one in found.skills)


def test_a_title_that_is_only_like_a_role_says_so(hub: Hub) -> None:
    found = near_roles(hub, "Senior data engineering lead (all genders), Berlin")
    assert (found.reason.message.id, found.reason.message.values["role"]) == ("role-like", found.title)


@pytest.mark.parametrize("text", ["", "  ", "###", "\x00"])
def test_what_is_no_role_is_refused_in_one_sentence(hub: Hub, text: str) -> None:
    with pytest.raises(UnknownRoleError, match="No role"):
        near_roles(hub, text)


def test_it_is_worked_out_once(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(
        related, "RelatedOccupations", lambda *given: made.append(RelatedOccupations(*given)) or made[-1]
    )
    near_roles(hub, ROLE)
    near_roles(hub, "nurse")
    assert len(made) == 1


def test_the_command_prints_ids_that_can_be_pasted_back(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(settings), "roles", ROLE, "--limit", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["id"] == ROLE
    first = found["near"][0]["id"]
    assert main(["--config", str(settings), "roles", first, "--limit", "3"]) == 0
    shown = capsys.readouterr().out
    assert first in shown
    assert main(["--config", str(settings), "roles", "###"]) == 1
    assert "No role of the taxonomy" in capsys.readouterr().err
