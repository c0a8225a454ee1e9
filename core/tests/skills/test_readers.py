"""ESCO and O*NET releases are read from their own files; here from a few invented rows in the same shape."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from echo_core.skills import TaxonomyError, read_esco, read_onet
from echo_core.skills.taxonomy.graph import GROUP

BASE = "http://data.europa.eu/esco/skill/"
SKILLS = f"""conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description
KnowledgeSkillCompetence,{BASE}aa-1,skill/competence,cross-sector,juggle lanterns,"toss lanterns
lantern juggling
juggle lanterns",Keep several lanterns in the air.
KnowledgeSkillCompetence,{BASE}aa-2,knowledge,cross-sector, lantern lore ,,What lanterns are.
"""
GROUPS = f"""conceptType,conceptUri,preferredLabel,altLabels,hiddenLabels,status,description,code
SkillGroup,{BASE}S9.1,handling lanterns,,,released,All about lanterns.,S9.1
"""
BROADER = f"""conceptType,conceptUri,broaderType,broaderUri
KnowledgeSkillCompetence,{BASE}aa-1,SkillGroup,{BASE}S9.1
KnowledgeSkillCompetence,{BASE}aa-1,SkillGroup,{BASE}not-there
"""
RELATED = f"""originalSkillUri,originalSkillType,relationType,relatedSkillType,relatedSkillUri
{BASE}aa-1,skill/competence,optional,knowledge,{BASE}aa-2
"""


@pytest.fixture
def esco(tmp_path: Path) -> Path:
    folder = tmp_path / "ESCO dataset - v1.1.1 - classification - en - csv"
    folder.mkdir()
    (folder / "skills_en.csv").write_text("\ufeff" + SKILLS, encoding="utf-8")
    (folder / "skillGroups_en.csv").write_text(GROUPS, encoding="utf-8")
    (folder / "broaderRelationsSkillPillar.csv").write_text(BROADER, encoding="utf-8")
    (folder / "skillSkillRelations.csv").write_text(RELATED, encoding="utf-8")
    return folder


def test_esco_skills_keep_uri_labels_and_place_in_the_hierarchy(esco):
    taxonomy = read_esco(esco)
    juggling = taxonomy.skills["esco:aa-1"]
    assert juggling.uri == f"{BASE}aa-1"
    assert [label.text for label in juggling.labels] == ["juggle lanterns", "toss lanterns", "lantern juggling"]
    assert [label.preferred for label in juggling.labels] == [True, False, False]
    assert (juggling.broader, juggling.related) == (("esco:S9.1",), ("esco:aa-2",))
    assert taxonomy.skills["esco:S9.1"].kind == GROUP
    assert taxonomy.skills["esco:aa-2"].label == "lantern lore"
    assert taxonomy.problems() == []


def test_esco_source_carries_version_licence_and_credit(esco):
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    (source,) = read_esco(esco, imported_at=moment).sources
    assert (source.key, source.version, source.imported_at) == ("esco", "1.1.1", moment)
    assert source.credit == "This service uses the ESCO classification of the European Commission."
    assert "2011/833/EU" in source.licence


def test_esco_layout_of_1_2_with_language_suffixes_and_gzip(esco):
    for name in ("broaderRelationsSkillPillar", "skillSkillRelations"):
        (esco / f"{name}.csv").rename(esco / f"{name}_en.csv")
    packed = esco / "skills_en.csv"
    (esco / "skills_en.csv.gz").write_bytes(gzip.compress(packed.read_bytes()))
    packed.unlink()
    taxonomy = read_esco(esco, version="1.2.0")
    assert taxonomy.skills["esco:aa-1"].related == ("esco:aa-2",)
    assert taxonomy.sources[0].version == "1.2.0"


def test_esco_labels_of_another_language_may_come_from_another_release(esco, tmp_path):
    other = tmp_path / "old"
    other.mkdir()
    rows = f"conceptUri,preferredLabel\n{BASE}aa-1,Laternen jonglieren\n{BASE}gone,weg\n"
    (other / "skills_de_preferred.csv").write_text(rows, encoding="utf-8")
    taxonomy = read_esco(esco, ("en", "de"), label_folders=[other])
    assert taxonomy.skills["esco:aa-1"].label_in("de") == "Laternen jonglieren"
    with pytest.raises(TaxonomyError, match="no labels in 'sv': no file skills_sv"):
        read_esco(esco, ("en", "sv"), label_folders=[other])


def test_progress_is_told_file_by_file(esco):
    told: list[tuple[str, int]] = []
    read_esco(esco, progress=lambda name, rows: told.append((name, rows)))
    assert ("skills_en.csv", 2) in told
    assert ("skillSkillRelations.csv", 1) in told


def test_a_missing_file_is_named_with_what_is_there(esco, tmp_path):
    (esco / "skills_en.csv").unlink()
    with pytest.raises(TaxonomyError, match=r"lacks skills_en.csv \(it holds broaderRelationsSkillPillar.csv"):
        read_esco(esco)
    with pytest.raises(TaxonomyError, match="nowhere is not a folder"):
        read_esco(tmp_path / "nowhere")


def test_a_missing_column_is_named_with_what_is_there(esco):
    (esco / "skills_en.csv").write_text("conceptUri,label\nx,y\n", encoding="utf-8")
    with pytest.raises(
        TaxonomyError, match="lacks the column preferredLabel, altLabels, description; it has conceptUri, label"
    ):
        read_esco(esco)


def test_a_file_that_is_no_text_is_named(esco):
    (esco / "skills_en.csv").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(TaxonomyError, match=r"skills_en\.csv cannot be read as a table"):
        read_esco(esco)


ELEMENTS = """Element ID\tElement Name\tDescription
1.A\tAbilities\tNot a skill.
2.A\tBasic Skills\tGroup.
2.A.1\tContent\tGroup.
2.A.1.z\tReading "Runes"\tUnderstanding runes.
2.C\tKnowledge\tGroup.
2.C.9\tRune Keeping\tKnowledge of runes.
"""
PRODUCTS = """O*NET-SOC Code\tTitle\tExample\tCommodity Code\tCommodity Title\tHot Technology\tIn Demand
99-0000.00\tRune Keepers\tRuneBase\t43230000\tRune software\tN\tN
99-0000.01\tRune Menders\tRunebase\t43230000\tRune software\tN\tN
99-0000.01\tRune Menders\tRune C++\t43230001\tRune compilers\tN\tN
"""


@pytest.fixture
def onet(tmp_path: Path) -> Path:
    folder = tmp_path / "db_29_2"
    folder.mkdir()
    (folder / "Content Model Reference.txt").write_text(ELEMENTS, encoding="utf-8")
    (folder / "Technology Skills.tsv").write_text(PRODUCTS, encoding="utf-8")
    return folder


def test_onet_elements_and_technologies(onet):
    taxonomy = read_onet(onet)
    assert "onet:1.A" not in taxonomy
    reading = taxonomy.skills["onet:2.A.1.z"]
    assert (reading.label, reading.broader, reading.kind) == ('Reading "Runes"', ("onet:2.A.1",), "skill")
    assert taxonomy.skills["onet:2.C.9"].kind == "knowledge"
    assert taxonomy.skills["onet:tech/runebase"].broader == ("onet:43230000",)
    assert taxonomy.skills["onet:tech/rune-c-plus-plus"].kind == "technology"
    assert taxonomy.problems() == []
    assert "onet:tech/runebase" not in read_onet(onet, technologies=False)


def test_onet_credit_follows_the_release(onet):
    (source,) = read_onet(onet).sources
    assert (source.version, source.licence) == ("29.2", "CC BY 4.0")
    assert "O*NET 29.2 Database" in source.credit
    assert "trademark of USDOL/ETA" in source.credit


def test_onet_missing_file_is_named(onet):
    (onet / "Technology Skills.tsv").unlink()
    with pytest.raises(TaxonomyError, match=r"lacks Technology Skills\.csv"):
        read_onet(onet)
