"""Occupations of ESCO and O*NET and the crosswalk between them, from invented rows in the shape of the originals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from echo_core.skills import Taxonomy, TaxonomyError, read_esco, read_onet
from echo_core.skills.taxonomy.crosswalk import BROAD, CLOSE, EXACT, Match, crossed, read_crosswalk
from echo_core.skills.taxonomy.records import GROUP, Occupation

BASE = "http://data.europa.eu/esco"
ESCO_FILES = {
    "skills_en.csv": f"""conceptUri,skillType,preferredLabel,altLabels,hiddenLabels,description
{BASE}/skill/s1,skill/competence,juggle lanterns,toss lanterns,activity,Several in the air.
{BASE}/skill/s2,knowledge,lantern lore,,,What they are.
""",
    "broaderRelationsSkillPillar.csv": "conceptUri,broaderUri\n",
    "occupations_en.csv": f"""conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,description,code
{BASE}/occupation/o1,9999,lantern keeper,"keeper of lanterns
lamp warden",lampist,Keeps lanterns.,9999.1
{BASE}/occupation/o2,9999, lantern chief ,,,Leads keepers.,
""",
    "ISCOGroups_en.csv": f"""conceptUri,code,preferredLabel,altLabels,description
{BASE}/isco/C9999,9999,Lantern people,,All of them.
""",
    "broaderRelationsOccPillar.csv": f"""conceptUri,broaderUri
{BASE}/occupation/o1,{BASE}/isco/C9999
{BASE}/occupation/o2,{BASE}/occupation/o1
{BASE}/occupation/gone,{BASE}/isco/C9999
""",
    "occupationSkillRelations.csv": f"""occupationUri,relationType,skillType,skillUri
{BASE}/occupation/o1,optional,knowledge,{BASE}/skill/s2
{BASE}/occupation/o1,essential,skill/competence,{BASE}/skill/s1
{BASE}/occupation/o2,optional,skill/competence,{BASE}/skill/s1
{BASE}/occupation/o2,essential,skill/competence,{BASE}/skill/s1
{BASE}/occupation/o2,essential,skill/competence,{BASE}/skill/gone
{BASE}/occupation/gone,essential,knowledge,{BASE}/skill/s2
""",
}
LABELS = f"""conceptUri,labelType,label
{BASE}/isco/C9999,preferred,Laternenleute
{BASE}/occupation/o1,alternative,Lampenwart
{BASE}/occupation/o1,preferred,Laternenhüter
{BASE}/occupation/gone,preferred,Niemand
"""
SCORES = "O*NET-SOC Code\tTitle\tElement ID\tElement Name\tScale ID\tData Value\n"
ONET_FILES = {
    "Content Model Reference": "Element ID\tElement Name\tDescription\n2.A\tBasic\tGroup.\n"
    "2.A.1\tRunes\tReading them.\n",
    "Occupation Data": "O*NET-SOC Code\tTitle\tDescription\n"
    "99-0000.00\tRune Keepers\tKeep runes.\n99-1.00\tAll Others\t\n",
    "Alternate Titles": "O*NET-SOC Code\tTitle\tAlternate Title\tShort Title\n"
    "99-0000.00\tRune Keepers\tChief Runist\tCR\n",
    "Sample of Reported Titles": "O*NET-SOC Code\tTitle\tReported Job Title\n99-0000.00\tRune Keepers\tRune Keepers\n"
    "98-0000.00\tUnknown\tNobody\n",
    "Skills": SCORES
    + "99-0000.00\tRune Keepers\t2.A.1\tRunes\tIM\t3\n99-0000.00\tRune Keepers\t2.A.1\tRunes\tLV\t3.5\n"
    + "99-1.00\tAll Others\t2.A.1\tRunes\tIM\t2.9\n99-1.00\tAll Others\t2.Z\tNot a skill\tIM\t5\n",
    "Technology Skills": "O*NET-SOC Code\tTitle\tExample\tCommodity Code\tCommodity Title\tIn Demand\n"
    "99-0000.00\tRune Keepers\tRuneBase\t43230000\tRune software\tN\n"
    "99-0000.00\tRune Keepers\tRunebase\t43230000\tRune software\tY\n",
    "Task Statements": "O*NET-SOC Code\tTask\n99-0000.00\tRead runes aloud.\n99-0000.00\tDust runes.\n",
    "Tasks to DWAs": "O*NET-SOC Code\tTask\tDWA ID\tDWA Title\n"
    "99-0000.00\tDust runes.\t4.A.1.I01.D02\tClean objects.\n",
    "Tools Used": "O*NET-SOC Code\tExample\tCommodity Code\tCommodity Title\n99-0000.00\tRune brush\t4410\tBrushes\n",
    "Interests": SCORES + "99-0000.00\tRune Keepers\t1.B.1.a\tRealistic\tOI\t4\n99-0000.00\tx\t1.B.1.g\tHigh\tIH\t3\n",
    "Job Zones": "O*NET-SOC Code\tTitle\tJob Zone\n99-0000.00\tRune Keepers\t4\n",
}


@pytest.fixture
def esco(tmp_path: Path) -> Path:
    folder = tmp_path / "v1.1.1"
    folder.mkdir()
    for name, text in ESCO_FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def onet(tmp_path: Path) -> Path:
    folder = tmp_path / "db_29_2"
    folder.mkdir()
    for name, text in ONET_FILES.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def asked(one: Occupation) -> dict[str, bool]:
    return {skill.skill_id: skill.essential for skill in one.skills}


def test_esco_occupations_have_names_place_code_and_skills(esco):
    found = read_esco(esco).occupations
    keeper, chief, group = (found[f"esco:{one}"] for one in ("occupation/o1", "occupation/o2", "isco/C9999"))
    assert [label.text for label in keeper.labels] == ["lantern keeper", "keeper of lanterns", "lamp warden", "lampist"]
    assert (keeper.code, keeper.broader, keeper.kind) == ("9999.1", ("esco:isco/C9999",), None)
    assert (chief.label, chief.code, chief.broader) == ("lantern chief", "9999", ("esco:occupation/o1",))
    assert (group.kind, group.skills, group.label) == (GROUP, (), "Lantern people")
    assert asked(keeper) == {"esco:s2": False, "esco:s1": True}
    assert asked(chief) == {"esco:s1": True}
    assert len(found) == 3


def test_hidden_labels_of_skills_are_left_alone(esco):
    assert [label.text for label in read_esco(esco).skills["esco:s1"].labels] == ["juggle lanterns", "toss lanterns"]


def test_esco_occupation_labels_may_come_one_a_row_from_elsewhere(esco, tmp_path):
    (tmp_path / "occupations_de.csv").write_text(LABELS, encoding="utf-8")
    taxonomy = read_esco(esco, ("en", "de"), label_folders=[tmp_path])
    keeper = taxonomy.occupations["esco:occupation/o1"]
    assert keeper.label_in("de") == "Laternenhüter"
    assert sorted(label.text for label in keeper.labels if label.language == "de") == ["Lampenwart", "Laternenhüter"]
    assert taxonomy.occupations["esco:isco/C9999"].label_in("de") == "Laternenleute"


def test_esco_relations_may_name_skills_by_label(esco):
    (esco / "occupationSkillRelations.csv").unlink()
    rows = f"occupationUri,relationType,skillPreferredLabel\n{BASE}/occupation/o1,essential,lantern lore\n"
    (esco / "occupationSkillLabels_en.csv").write_text(rows, encoding="utf-8")
    assert asked(read_esco(esco).occupations["esco:occupation/o1"]) == {"esco:s2": True}


def test_esco_without_occupations_has_skills_only(esco):
    (esco / "occupations_en.csv").unlink()
    assert read_esco(esco).occupations == {}


def test_onet_occupations_have_titles_shares_tasks_and_traits(onet):
    found = read_onet(onet).occupations
    keeper = found["onet:99-0000.00"]
    assert [label.text for label in keeper.labels] == ["Rune Keepers", "Chief Runist", "CR"]
    assert (keeper.code, keeper.zone, keeper.tasks) == ("99-0000.00", 4, ("Read runes aloud.", "Dust runes."))
    runes, product = keeper.skills
    assert (runes.skill_id, runes.essential, runes.level, runes.importance) == ("onet:2.A.1", True, 0.5, 0.5)
    assert (product.skill_id, product.essential, product.level) == ("onet:tech/runebase", True, None)
    assert {trait.id: (trait.label, trait.share) for trait in keeper.traits} == {
        "activity:4.A.1.I01.D02": ("Clean objects.", None),
        "tool:4410": ("Brushes", None),
        "tool:4410/rune-brush": ("Rune brush", None),
        "interest:1.B.1.a": ("Realistic", 0.5),
    }
    assert asked(found["onet:99-1.00"]) == {"onet:2.A.1": False}


def test_onet_names_no_skill_that_was_not_read(onet):
    taxonomy = read_onet(onet, technologies=False)
    assert {skill.skill_id for one in taxonomy.occupations.values() for skill in one.skills} == {"onet:2.A.1"}


OFFICIAL = f"""\ufeffMapping project name,Invented,,
O*NET Id,O*NET Title,ESCO or ISCO URI,Type of Match
99-0000.00,Rune Keepers,{BASE}/occupation/o2,closeMatch
99-0000.00,Rune Keepers,{BASE}/occupation/o1,exactMatch
99-1.00,All Others,{BASE}/isco/C9999,exactISCO
99-1.00,All Others,{BASE}/occupation/o1,broadMatch
99-1.00,All Others,{BASE}/occupation/unknown,exactMatch
99-1.00,All Others,,
"""


def test_the_official_crosswalk_joins_both_ways_exact_first(esco, onet, tmp_path):
    file = tmp_path / "official.csv"
    file.write_text(OFFICIAL, encoding="utf-8")
    matches = read_crosswalk(file)
    assert len(matches) == 5
    both = crossed(read_esco(esco).merged(read_onet(onet)), matches).occupations
    assert both["onet:99-0000.00"].same == ("esco:occupation/o1", "esco:occupation/o2")
    assert both["esco:occupation/o1"].same == ("onet:99-0000.00",)
    assert both["onet:99-1.00"].same == ("esco:isco/C9999",)
    wide = crossed(read_esco(esco).merged(read_onet(onet)), matches, (BROAD,)).occupations
    assert wide["esco:occupation/o1"].same == ("onet:99-1.00",)


def test_the_crosswalk_with_confidences_is_read_too(tmp_path):
    file = tmp_path / "nesta.csv"
    rows = "".join(f"99-{n}.00,{BASE}/occupation/o{n},{how}\n" for n, how in enumerate(("2.0", "1.0", "0.5")))
    file.write_text(f"onet_code,concept_uri,confidence\n{rows}", encoding="utf-8")
    assert read_crosswalk(file) == [
        Match(f"onet:99-{n}.00", f"esco:occupation/o{n}", kind) for n, kind in enumerate((EXACT, CLOSE, BROAD))
    ]


def test_what_is_no_crosswalk_is_refused(tmp_path):
    with pytest.raises(TaxonomyError, match="is not a file"):
        read_crosswalk(tmp_path / "absent.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(TaxonomyError, match="no line has the columns O\\*NET Id"):
        read_crosswalk(tmp_path / "other.csv")


@pytest.fixture(scope="module")
def real(shared: Callable[[str], Path]) -> Taxonomy:
    return read_esco(
        shared("data/esco/v1.1.1"),
        ("en", "de", "it"),
        label_folders=[
            shared("data/esco/v1.2.0"),
            shared("data/esco/v1.0-labels"),
            shared("data/esco/occupation-labels"),
        ],
    ).merged(read_onet(shared("data/onet/db_29_2")))


@pytest.mark.real_input
def test_real_occupations_are_read_whole(real):
    roles = [one for one in real.occupations.values() if one.kind != GROUP]
    assert len([one for one in roles if one.source == "esco"]) == 3_007
    assert len([one for one in roles if one.source == "onet"]) == 1_016
    assert sum(len(one.skills) for one in roles if one.source == "esco") > 123_000
    known = {skill.id for skill in real}
    assert all(asked.skill_id in known for one in roles for asked in one.skills)
    shares = [share for one in roles for asked in one.skills for share in (asked.level, asked.importance)]
    assert all(0 <= share <= 1 for share in shares if share is not None)
    assert all(above in real.occupations for one in real.occupations.values() for above in one.broader)
    assert sum(one.label_in("it") != one.label for one in roles) > 2_800


@pytest.mark.real_input
@pytest.mark.parametrize(("name", "pairs"), [("official_2022", 1_900), ("nesta_Nov2020", 1_300)])
def test_real_crosswalks_join_the_two(real, shared, name, pairs):
    matches = read_crosswalk(shared(f"data/crosswalks/esco_onet_{name}.csv.gz"))
    joined = crossed(real, matches).occupations.values()
    assert sum(len(one.same) for one in joined if one.source == "esco") > pairs
