"""`echo-hub skills import, sources, show, edit, edits` as a person would call them, on an empty hub."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

BASE = "http://data.europa.eu/esco"


Call = Callable[..., Any]


@pytest.fixture
def call(tmp_path: Path, run_command: Call) -> Call:
    (tmp_path / "echo-hub.toml").write_text('[hub]\ndata_dir = "data"\n', encoding="utf-8")

    return partial(run_command, tmp_path / "echo-hub.toml", "--no-plugins")


@pytest.fixture
def esco(tmp_path: Path) -> Path:
    folder = tmp_path / "v1.1.1"
    folder.mkdir()
    write(folder, weaving="Making baskets.")
    (folder / "broaderRelationsSkillPillar.csv").write_text("conceptUri,broaderUri\n", encoding="utf-8")
    (folder / "occupations_en.csv").write_text(
        f"conceptUri,preferredLabel,altLabels,description\n{BASE}/occupation/o,weaver,,Weaves.\n", encoding="utf-8"
    )
    (folder / "occupationSkillRelations.csv").write_text(
        f"occupationUri,relationType,skillUri\n{BASE}/occupation/o,essential,{BASE}/skill/weaving\n", encoding="utf-8"
    )
    return folder


def write(folder: Path, **skills: str) -> None:
    rows = "".join(f"{BASE}/skill/{name},{name},,{text}\n" for name, text in skills.items())
    text = f"conceptUri,preferredLabel,altLabels,description\n{rows}"
    (folder / "skills_en.csv").write_text(text, encoding="utf-8")


def test_a_release_is_imported_shown_and_followed_by_the_next(call: Call, esco: Path) -> None:
    said = call("skills", "import", "esco", str(esco)).stdout
    assert "1 skills with 1 labels imported from esco. Occupations: 1." in said
    assert "esco 1.1.1: 2 added" in said
    assert "ESCO classification of the European Commission" in said
    newer = esco.with_name("v1.2.0")
    esco.rename(newer)
    write(newer, weaving="Making baskets of willow.", glazing="Panes.")
    planned = call("skills", "import", "esco", str(newer), "--dry-run").stdout
    assert "esco 1.1.1 → 1.2.0: 1 added, 1 changed, 0 removed, 1 unchanged." in planned
    assert "esco:weaving  weaving (description)" in planned
    assert "skills that go concern 0 people, 0 opportunities, 0 decisions." in planned
    assert "nothing is written" in planned
    (before,) = json.loads(call("skills", "sources", "--json").stdout)
    assert (before["version"], before["skills"], before["occupations"]) == ("1.1.1", 1, 1)
    (changes,) = json.loads(call("skills", "import", "esco", str(newer), "--json").stdout)["changes"]
    assert (changes["before"], changes["added"], changes["changed"]) == ("1.1.1", 1, 1)
    history = json.loads(call("skills", "sources", "--history", "--json").stdout)
    assert [(one["version"], one["added"]) for one in history] == [("1.2.0", 1), ("1.1.1", 2)]
    assert "1.2.0" in call("skills", "sources", "--history").stdout
    write(newer, glazing="Panes.")
    call("skills", "import", "esco", str(newer))
    assert "the source no longer has it" in call("skills", "show", "esco:weaving").stdout


def test_a_concept_is_shown_with_its_names_and_credit(call: Call, esco: Path) -> None:
    call("skills", "import", "esco", str(esco))
    said = call("skills", "show", "esco:occupation/o").stdout
    assert "weaver  (esco:occupation/o)" in said
    assert "asks for:     weaving (esco:weaving)" in said
    assert "ESCO classification" in said
    shown = json.loads(call("skills", "show", "esco:weaving", "--json").stdout)
    assert shown["concept"]["description"] == "Making baskets."
    assert "ESCO classification" in shown["credit"]
    assert "no skill or occupation 'esco:nothing'" in call("skills", "show", "esco:nothing", code=1).stderr


def test_edits_survive_and_are_credited_listed_and_undone(call: Call, esco: Path) -> None:
    call("skills", "import", "esco", str(esco))
    told = call("skills", "edit", "esco:weaving", "--label", "Wickerwork", "--alias", "osier work").stdout
    assert "esco:weaving edited: label:en, alias:en" in told
    call("skills", "edit", "esco:weaving", "--description", "Ours.")
    write(esco, weaving="Making baskets of willow.")
    clash = call("skills", "import", "esco", str(esco)).stdout
    assert "conflict esco:weaving description: here 'Ours.', the release says 'Making baskets of willow.'" in clash
    assert "Wickerwork" in call("skills", "link", "osier work").stdout
    listed = {one["field"]: one["conflict"] for one in json.loads(call("skills", "edits", "--json").stdout)}
    assert listed == {"alias:en": False, "description": True, "label:en": False}
    (source,) = json.loads(call("skills", "sources", "--json").stdout)
    assert source["modified"]
    assert "modified" in source["credit_line"]
    assert "modified it" in call("skills", "sources").stdout
    assert "3 edits of esco:weaving undone" in call("skills", "edit", "esco:weaving", "--undo").stdout
    assert "was not edited" in call("skills", "edit", "esco:weaving", "--undo").stdout
    assert call("skills", "edits").stdout == "Nothing was edited.\n"


def test_an_edit_says_what_is_wrong_with_it(call: Call, esco: Path) -> None:
    call("skills", "import", "esco", str(esco))
    assert "--undo alone" in call("skills", "edit", "esco:weaving", code=2).stderr
    assert "--undo alone" in call("skills", "edit", "esco:weaving", "--undo", "--label", "x", code=2).stderr
    assert "import starter" in call("skills", "edit", "starter:python", "--label", "x", code=1).stderr
    assert "not imported" in call("skills", "edit", "esco:weaving", "--broader", "esco:x", code=1).stderr


def test_a_company_brings_its_own_skills(call: Call, esco: Path, tmp_path: Path) -> None:
    call("skills", "import", "esco", str(esco))
    file = tmp_path / "ours.csv"
    file.write_text("id,label,broader,same as\nw,Plaiting,craft,esco:woven\nx y,Nothing,,\n", encoding="utf-8")
    told = call("skills", "import", "company", str(file), code=1).stderr
    assert "3 problems; nothing was imported" in told
    for part in ("line 2: there is no 'craft'", "line 2: there is no 'esco:woven'", "line 3: the id 'x y'"):
        assert part in told
    file.write_text("id,label,same as\nw,Plaiting,esco:weaving\n", encoding="utf-8")
    call("skills", "import", "company", str(file), "--name", "plant-two")
    assert "Plaiting  (plant-two:w)" in call("skills", "link", "weaving").stdout
    said = call("skills", "show", "plant-two:w").stdout
    assert "stands for:   weaving (esco:weaving)" in said
    assert "is one with:  Plaiting (plant-two:w)" in call("skills", "show", "esco:weaving").stdout


def test_a_crosswalk_joins_occupations(call: Call, esco: Path, tmp_path: Path) -> None:
    call("skills", "import", "esco", str(esco))
    onet = tmp_path / "db_29_2"
    onet.mkdir()
    (onet / "Content Model Reference.txt").write_text("Element ID\tElement Name\tDescription\n", encoding="utf-8")
    (onet / "Technology Skills.txt").write_text(
        "O*NET-SOC Code\tExample\tCommodity Code\tCommodity Title\tIn Demand\n", encoding="utf-8"
    )
    (onet / "Occupation Data.txt").write_text(
        "O*NET-SOC Code\tTitle\tDescription\n99-1.00\tWeavers\t\n", encoding="utf-8"
    )
    call("skills", "import", "onet", str(onet))
    file = tmp_path / "crosswalk.csv"
    file.write_text(f"onet_code,concept_uri,confidence\n99-1.00,{BASE}/occupation/o,2\n", encoding="utf-8")
    assert "1 pairs" in call("skills", "import", "crosswalk", str(file)).stdout
    assert "same as:      Weavers (onet:99-1.00)" in call("skills", "show", "esco:occupation/o").stdout
    assert "FILE" in call("skills", "import", "crosswalk", code=2).stderr
    assert "is not a file" in call("skills", "import", "crosswalk", str(tmp_path / "none"), code=1).stderr
