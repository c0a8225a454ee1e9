"""A company's own skills from a CSV file: what is read, what is refused, and which skill a name belongs to then."""

from __future__ import annotations

from pathlib import Path

import pytest

from echo_core.skills import Label, Linker, Skill, Taxonomy, TaxonomyError, TaxonomySource
from echo_core.skills.taxonomy.company import CompanyFileError, read_company

HEADER = "id,label,language,alternative labels,broader,related,description,kind,same as\n"
ESCO = Taxonomy.of(
    [Skill("esco:w", "weave baskets", (Label("weave baskets", "en", True),), source="esco")],
    TaxonomySource("esco", "E", "1", "", ""),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "skills.csv"


def test_rows_become_skills_with_languages_and_relations(file):
    file.write_text(
        HEADER
        + 'crafts,Crafts,,,,,,group,\nwicker,Wicker work,en,"willow work\nosier work",crafts,cane,Bending.,method,\n'
        + "wicker,Korbflechten,de,Flechten | Weidenarbeit,,,,,\ncane,Cane work,,,crafts,company:wicker,,,\n",
        encoding="utf-8-sig",
    )
    taxonomy = read_company(file, version="2026-01-01")
    wicker = taxonomy.skills["company:wicker"]
    assert [label.text for label in wicker.labels] == [
        *("Wicker work", "willow work", "osier work", "Korbflechten", "Flechten", "Weidenarbeit")
    ]
    assert (wicker.label_in("de"), wicker.kind, wicker.broader) == ("Korbflechten", "method", ("company:crafts",))
    assert taxonomy.skills["company:cane"].related == ("company:wicker",)
    assert taxonomy.problems() == []
    assert (taxonomy.sources[0].key, taxonomy.sources[0].version) == ("company", "2026-01-01")


def test_a_file_parted_by_semicolons_under_another_name(file):
    file.write_text("id;Label;Same  As\nw;Basketry;esco:w\n", encoding="utf-8")
    assert read_company(file, key="plant-two").skills["plant-two:w"].same == ("esco:w",)


def test_a_file_as_excel_saves_it_in_germany(file):
    file.write_bytes('sep=;\r\nid;label;language;;\r\nw;"Körbe; geflochten";de;;\r\n'.encode("cp1252"))
    assert read_company(file).skills["company:w"].label == "Körbe; geflochten"


def test_a_row_that_cannot_be_taken_apart_and_a_column_that_stands_twice_are_told(file):
    file.write_text("id,label,Label\na,A,B\n", encoding="utf-8")
    with pytest.raises(CompanyFileError, match="line 1: there are two columns 'Label'"):
        read_company(file)
    file.write_text("id,label\na,Weaving, by hand\n", encoding="utf-8")
    with pytest.raises(CompanyFileError, match="line 2: It has 3 cells"):
        read_company(file)


def test_every_bad_row_is_told_at_once_with_its_line(file):
    file.write_text(
        "id,label,language,kind,broader,same as,colour\n"  # 1
        'a,"over\ntwo lines",,,nowhere,,\n'  # 2, 3
        "b b,,english,thing,,,\n"  # 4
        "\n"
        "c,Same,,,d,,\n"  # 6
        "d,same,,,c,c,\n"  # 7
        "c,Again,en,,,,\n"  # 8
        "e,Fine,,,b b,esco:unknown,\n",  # 9
        encoding="utf-8",
    )
    with pytest.raises(CompanyFileError) as caught:
        read_company(file, known=ESCO.skills)
    told = caught.value.problems
    assert [problem.split(":")[0] for problem in told] == [
        *("line 1", "line 2", "line 4", "line 4", "line 4", "line 4", "line 6", "line 7", "line 7", "line 7", "line 8"),
        "line 9",
    ]
    text = str(caught.value)
    for part in (
        "no column 'colour'",
        "no 'nowhere'",
        "'thing' is not one of",
        "'english' is no code",
        "'b b' is empty",
        "c is broader than itself",
        "'same' is the label of c in line 6",
        "'c' in 'same as' is no id of another",
        "has labels in 'en' from line 6 on",
        "no 'esco:unknown'",
    ):
        assert part in text


def test_missing_columns_and_unusable_names_are_told(file):
    file.write_text("name,description\nx,y\n", encoding="utf-8")
    with pytest.raises(CompanyFileError, match="column id and label is missing"):
        read_company(file)
    for key in ("esco", "Our Skills", ""):
        with pytest.raises(TaxonomyError, match="cannot name a source"):
            read_company(file, key=key)
    with pytest.raises(TaxonomyError, match="is not a file"):
        read_company(file.with_name("absent.csv"))
    file.write_bytes(b"id,label\n\x81\x8d,x\n")
    with pytest.raises(TaxonomyError, match="UTF-8"):
        read_company(file)


def test_the_company_comes_first_and_stands_for_what_it_names_as_the_same(file):
    file.write_text("id,label,same as\nw,Wicker craft,esco:w\n", encoding="utf-8")
    both = ESCO.merged(read_company(file))
    assert [source.key for source in both.sources] == ["company", "esco"]
    assert both.standing_for("esco:w") == "company:w"
    assert Linker(both).link("weave baskets", language="en").skill_id == "company:w"


@pytest.mark.parametrize("name", ["???", "—", "++", "#", "💡", "\u200b\u2060"])
def test_a_name_without_a_letter_or_digit_is_refused_with_its_line(file, name):
    file.write_text(f"id,label,alternative labels\nfine,C++,李\nbad,{name},\nalias,Fine,{name}\n", encoding="utf-8")
    with pytest.raises(CompanyFileError) as caught:
        read_company(file)
    assert caught.value.problems == tuple(
        f"line {line}: the name {name!r} has no letter or digit that is seen, so nobody could find the skill by it"
        for line in (3, 4)
    )
