"""Imports as differences, local edits laid over them, occupations and the crosswalk; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echo_core.skills import read_esco
from echo_core.skills.linking.linker import Linker
from echo_core.skills.taxonomy.crosswalk import CLOSE, EXACT, Match
from echo_core.skills.taxonomy.graph import GROUP, Label, Occupation, OccupationSkill, Skill, Taxonomy, TaxonomySource
from echo_core.skills.taxonomy.records import Trait
from echo_hub.store.migrate import configuration
from echo_hub.store.records import data_revision
from echo_hub.store.taxonomy import (
    load_taxonomy,
    retired_concept,
    save_crosswalk,
    save_taxonomy,
    taxonomy_sources,
)
from echo_hub.store.taxonomy_edits import EditError, edit_concept, list_edits, undo_edits
from echo_hub.store.taxonomy_log import list_imports, list_sources

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SOURCE = TaxonomySource("esco", "A large one", "1.0", "Free with a notice", "Credit the large one.")
ONET = TaxonomySource("onet", "Another", "9.0", "CC BY 4.0", "Credit the other.")


def skill(name, *aliases, source="esco", **more):
    labels = (Label(name, "en", True), *(Label(alias, "en", False) for alias in aliases))
    return Skill(f"{source}:{name}", name, labels, "knowledge", f"About {name}.", source=source, **more)


def role(name, *skills, source="esco", **more):
    asked = tuple(OccupationSkill(one, n == 0, 0.25 * n, None) for n, one in enumerate(skills))
    return Occupation(f"{source}:role/{name}", name, (Label(name, "en", True),), skills=asked, source=source, **more)


def release(*skills, version="1.0", roles=(), source=SOURCE):
    return Taxonomy.of(skills, replace(source, version=version), occupations=roles)


FIRST = release(
    skill("glazing"), skill("weaving", "basketry"), skill("cooping"), roles=[role("weaver", "esco:weaving")]
)


def test_occupations_come_back_as_they_were(database):
    full = role(
        "keeper",
        *("esco:weaving", "esco:glazing"),
        description="Keeps.",
        code="9999.1",
        broader=("esco:group",),
        tasks=("Do this.", "Do that – twice."),
        uri="https://example.invalid/keeper",
        traits=(Trait("activity:1", "Doing", None), Trait("style:2", "Style", 0.25)),
        zone=3,
    )
    group = Occupation("esco:group", "Keepers", source="esco", kind=GROUP)
    taxonomy = release(skill("weaving", same=("onet:x",)), skill("glazing"), roles=[full, group])
    save_taxonomy(database, taxonomy)
    assert load_taxonomy(database) == taxonomy


def test_a_second_import_of_the_same_changes_nothing(database):
    save_taxonomy(database, FIRST, by="ada", now=NOW)
    before = data_revision(database)
    [changes] = save_taxonomy(database, FIRST, by="ada", now=NOW)
    assert (changes.added, changes.changed, changes.removed, changes.unchanged) == (0, 0, 0, 4)
    assert not changes.matters
    assert data_revision(database) == before


SECOND = release(
    skill("weaving", "basketry", "wickerwork"),
    skill("cooping"),
    skill("thatching"),
    roles=[role("weaver", "esco:weaving", "esco:cooping")],
    version="1.1",
)


def test_a_new_release_is_a_difference_with_counts_and_samples(database):
    save_taxonomy(database, FIRST)
    [changes] = save_taxonomy(database, SECOND)
    assert (changes.before, changes.version) == ("1.0", "1.1")
    assert (changes.added, changes.changed, changes.removed, changes.unchanged) == (1, 2, 1, 1)
    named = {what: [(one.id, one.fields) for one in sample] for what, sample in changes.samples.items()}
    assert named == {
        "added": [("esco:thatching", ())],
        "changed": [("esco:weaving", ("labels",)), ("esco:role/weaver", ("skills",))],
        "removed": [("esco:glazing", ())],
    }
    loaded = load_taxonomy(database)
    assert dict(loaded.skills) == dict(SECOND.skills)
    assert loaded.occupations == SECOND.occupations


def test_a_renamed_concept_is_told_with_its_old_name(database):
    save_taxonomy(database, FIRST)
    renamed = replace(FIRST.skills["esco:cooping"], label="cooperage", labels=(Label("cooperage", "en", True),))
    [changes] = save_taxonomy(database, release(renamed))
    assert [(one.label, one.was) for one in changes.samples["changed"]] == [("cooperage", "cooping")]


def test_a_dry_run_tells_the_same_and_writes_nothing(database):
    [planned] = save_taxonomy(database, FIRST, dry_run=True)
    assert load_taxonomy(database) is None
    assert [planned] == list(save_taxonomy(database, FIRST))
    before = data_revision(database), list_imports(database)
    [planned] = save_taxonomy(database, SECOND, dry_run=True)
    assert (data_revision(database), list_imports(database)) == before
    assert dict(load_taxonomy(database).skills) == dict(FIRST.skills)
    assert [planned] == list(save_taxonomy(database, SECOND))


def test_what_vanishes_is_retired_and_may_return(database):
    save_taxonomy(database, FIRST, now=NOW)
    save_taxonomy(database, SECOND, now=NOW + timedelta(days=1))
    gone = retired_concept(database, "esco:glazing")
    assert gone == (FIRST.skills["esco:glazing"], NOW + timedelta(days=1))
    assert [state.retired for state in list_sources(database)] == [1]
    [changes] = save_taxonomy(database, FIRST)
    assert changes.added == 1
    assert retired_concept(database, "esco:glazing") is None
    weaving = replace(FIRST.skills["esco:weaving"], labels=SECOND.skills["esco:weaving"].labels)
    assert dict(load_taxonomy(database).skills) == {**FIRST.skills, "esco:weaving": weaving}


def test_every_import_is_logged_with_who_and_what(database):
    save_taxonomy(database, FIRST, by="ada", now=NOW)
    save_taxonomy(database, SECOND, by="bo", now=NOW + timedelta(days=1))
    save_taxonomy(database, release(skill("x", source="onet"), source=ONET), by="ada", now=NOW)
    found = [
        (one.source, one.version, one.imported_by, one.added, one.changed, one.removed)
        for one in list_imports(database)
    ]
    assert found == [
        ("onet", "1.0", "ada", 1, 0, 0),
        ("esco", "1.1", "bo", 1, 2, 1),
        ("esco", "1.0", "ada", 4, 0, 0),
    ]
    assert list_imports(database, "esco")[0].imported_at == NOW + timedelta(days=1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(releases=st.lists(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["", "one", "two"])), max_size=4))
def test_after_any_imports_the_graph_is_the_last_release(database, releases):
    for content in releases:
        taxonomy = release(*(skill(name, *filter(None, (alias,))) for name, alias in content.items()))
        [changes] = save_taxonomy(database, taxonomy)
        loaded = load_taxonomy(database)
        kept = {item.id: set(item.labels) - set(taxonomy.skills[item.id].labels) for item in loaded.skills.values()}
        assert {label.preferred for labels in kept.values() for label in labels} <= {False}
        without = {
            skill_id: replace(item, labels=tuple(label for label in item.labels if label not in kept[skill_id]))
            for skill_id, item in loaded.skills.items()
        }
        assert without == dict(taxonomy.skills)
        assert changes.added + changes.changed + changes.unchanged == len(content)


def test_edits_are_laid_over_the_import_and_survive_the_next(database):
    save_taxonomy(database, FIRST)
    edit_concept(
        database,
        "esco:weaving",
        {
            "label:en": "Wicker weaving",
            "alias:en": ("osier work",),
            "label:de": "Flechten",
            "broader": ("esco:cooping",),
        },
        by="ada",
        now=NOW,
    )
    edit_concept(database, "esco:weaving", {"alias:en": ("cane work",), "description": ""}, by="bo", now=NOW)
    edit_concept(database, "esco:role/weaver", {"alias:en": ("Basket maker",)}, by="bo", now=NOW)
    save_taxonomy(database, FIRST)
    loaded = load_taxonomy(database)
    weaving = loaded.skills["esco:weaving"]
    assert (weaving.label, weaving.label_in("de"), weaving.description) == ("Wicker weaving", "Flechten", "")
    assert {label.text for label in weaving.labels if not label.preferred} == {
        *("weaving", "basketry", "osier work", "cane work")
    }
    assert weaving.broader == ("esco:cooping",)
    assert [label.text for label in loaded.occupations["esco:role/weaver"].labels] == ["weaver", "Basket maker"]
    assert undo_edits(database, "esco:weaving") == 5
    assert undo_edits(database, "esco:weaving") == 0
    assert load_taxonomy(database).skills["esco:weaving"] == FIRST.skills["esco:weaving"]


def test_an_edited_source_is_credited_as_modified(database):
    save_taxonomy(database, FIRST)
    assert load_taxonomy(database).credits() == ("Credit the large one.",)
    edit_concept(database, "esco:weaving", {"description": "Ours."}, by="ada", now=NOW)
    [source] = taxonomy_sources(database)
    assert source.modified
    [line] = load_taxonomy(database).credits()
    assert line.startswith("Credit the large one. ")
    assert "modified" in line
    assert [state.edits for state in list_sources(database)] == [1]
    undo_edits(database, "esco:weaving")
    assert load_taxonomy(database).credits() == ("Credit the large one.",)


def test_a_release_that_changes_an_edited_field_is_a_conflict_until_it_is_settled(database):
    save_taxonomy(database, FIRST)
    edit_concept(database, "esco:cooping", {"description": "Ours.", "alias:en": ("barrels",)}, by="ada", now=NOW)
    edit_concept(database, "esco:glazing", {"label:en": "glass work"}, by="ada", now=NOW)
    new = replace(FIRST.skills["esco:cooping"], description="Theirs.")
    [changes] = save_taxonomy(database, release(new, FIRST.skills["esco:weaving"]), dry_run=True)
    assert changes.conflicts == save_taxonomy(database, release(new, FIRST.skills["esco:weaving"]))[0].conflicts
    told = {(one.id, one.field): (one.here, one.before, one.now) for one in changes.conflicts}
    assert told == {
        ("esco:cooping", "description"): ("Ours.", "About cooping.", "Theirs."),
        ("esco:glazing", "label:en"): ("glass work", "glazing", ""),
    }
    assert load_taxonomy(database).skills["esco:cooping"].description == "Ours."
    listed = {(one.id, one.field): one.conflict for one in list_edits(database)}
    assert listed == {
        ("esco:cooping", "alias:en"): False,
        ("esco:cooping", "description"): True,
        ("esco:glazing", "label:en"): True,
    }
    edit_concept(database, "esco:cooping", {"description": "Both."}, by="ada", now=NOW)
    assert not any(one.conflict for one in list_edits(database) if one.id == "esco:cooping")


@pytest.mark.parametrize(
    ("concept", "fields", "says"),
    [
        ("esco:absent", {"description": "x"}, "Nothing imported has the id esco:absent"),
        ("esco:weaving", {"label:en": " "}, "label of esco:weaving cannot be empty"),
        ("esco:weaving", {"label:en": "💡"}, "'💡' cannot name esco:weaving"),
        ("esco:weaving", {"alias:de": ("Weben", "++")}, r"'\+\+' cannot name esco:weaving"),
        ("esco:weaving", {"broader": ("esco:absent",)}, "cannot be below esco:absent, which is not imported"),
        ("esco:weaving", {"broader": ("esco:weaving",)}, "cannot be below esco:weaving"),
        ("esco:weaving", {"broader": ("esco:cooping",)}, "which is below esco:weaving itself"),
    ],
)
def test_an_edit_that_would_break_the_graph_is_refused_whole(database, concept, fields, says):
    save_taxonomy(database, FIRST)
    edit_concept(database, "esco:cooping", {"broader": ("esco:weaving",)}, by="ada", now=NOW)
    before = data_revision(database)
    with pytest.raises(EditError, match=says):
        edit_concept(database, concept, {"alias:en": ("fine",), **fields}, by="ada", now=NOW)
    assert data_revision(database) == before
    assert len(list_edits(database)) == 1


def test_the_crosswalk_is_kept_whichever_is_imported_first(database):
    pairs = [
        Match("onet:role/weaver", "esco:role/weaver", EXACT),
        Match("onet:role/weaver", "esco:role/weaver", EXACT),
        Match("onet:role/unknown", "esco:role/weaver", CLOSE),
    ]
    assert save_crosswalk(database, pairs) == 2
    save_taxonomy(database, release(roles=[role("weaver", source="onet")], source=ONET))
    save_taxonomy(database, FIRST)
    save_taxonomy(database, FIRST)
    occupations = load_taxonomy(database).occupations
    assert occupations["esco:role/weaver"].same == ("onet:role/weaver",)
    assert occupations["onet:role/weaver"].same == ("esco:role/weaver",)
    save_crosswalk(database, [])
    assert load_taxonomy(database).occupations["esco:role/weaver"].same == ()


def test_skills_stored_by_the_first_tables_move_over(database_kind, request, open_url, tmp_path):
    if database_kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = request.getfixturevalue("postgres_databases").run("CREATE DATABASE {}", "echo_old")
    database = open_url(url)
    command.upgrade(configuration(database.engine), "0001")
    with database.writing() as transaction:
        transaction.run(
            "INSERT INTO taxonomy_source (key, position, title, version, licence, credit)"
            " VALUES ('esco', 0, ?, ?, ?, ?)",
            (SOURCE.title, SOURCE.version, SOURCE.licence, SOURCE.credit),
        )
        for place, name in enumerate(("weaving", "cooping")):
            transaction.run(
                "INSERT INTO skill (id, position, source, label, kind, description) VALUES (?, ?, 'esco', ?, ?, ?)",
                (f"esco:{name}", place, name, "knowledge", f"About {name}."),
            )
        transaction.many(
            "INSERT INTO skill_label (skill_id, position, text, language, preferred) VALUES (?, ?, ?, 'en', ?)",
            [
                ("esco:weaving", 1, "“basketry”", False),
                ("esco:weaving", 0, "weaving", True),
                ("esco:cooping", 0, "cooping", True),
            ],
        )
        transaction.many(
            "INSERT INTO skill_relation (skill_id, kind, position, target) VALUES ('esco:weaving', ?, ?, ?)",
            [("related", 0, "esco:other"), ("broader", 1, "esco:b"), ("broader", 0, "esco:a")],
        )
    database.migrate()
    weaving = skill("weaving", "“basketry”", broader=("esco:a", "esco:b"), related=("esco:other",))
    assert load_taxonomy(database) == release(weaving, skill("cooping"))
    [changes] = save_taxonomy(database, release(weaving, skill("cooping")))
    assert changes.unchanged == 2


def test_an_unchanged_graph_is_read_once_and_every_change_is_seen(database):
    save_taxonomy(database, FIRST)
    loaded = load_taxonomy(database)
    assert load_taxonomy(database) is loaded
    save_taxonomy(database, FIRST)
    assert load_taxonomy(database) is loaded
    for change in (
        lambda: edit_concept(database, "esco:weaving", {"description": "Ours."}, by="ada", now=NOW),
        lambda: edit_concept(database, "esco:weaving", {"description": "Ours again."}, by="ada", now=NOW),
        lambda: undo_edits(database, "esco:weaving"),
        lambda: save_crosswalk(database, [Match("onet:role/weaver", "esco:role/weaver", EXACT)]),
        lambda: save_taxonomy(database, SECOND),
    ):
        change()
        assert load_taxonomy(database) is not loaded
        loaded = load_taxonomy(database)


@pytest.mark.thorough
@pytest.mark.real_input
def test_the_next_release_of_esco_is_a_small_difference(shared, new_database_url, open_url, tmp_path):
    old, new = shared("data/esco/v1.1.1"), shared("data/esco/v1.2.0")
    folder = tmp_path / "v1.2.0"
    folder.mkdir()
    # The stored copy of 1.2.0 lacks the skills and their relations to occupations by id.
    for file in (*new.glob("*_en.csv.gz"), old / "skills_en.csv.gz"):
        (folder / file.name).symlink_to(file)
    database = open_url(new_database_url())
    save_taxonomy(database, read_esco(old))
    [changes] = save_taxonomy(database, read_esco(folder), dry_run=True)
    assert (changes.before, changes.version) == ("1.1.1", "1.2.0")
    assert (changes.added, changes.removed) == (35, 3)
    assert changes.unchanged > 10_000


def renamed_to(label, *more):
    return release(replace(skill(label), id="esco:cooping"), *more, version="1.1")


def test_the_old_label_of_a_living_concept_goes_on_linking(database):
    save_taxonomy(database, release(skill("cooping")))
    for _ in range(2):
        save_taxonomy(database, renamed_to("cooperage"))
    loaded = load_taxonomy(database)
    assert loaded.skills["esco:cooping"].label == "cooperage"
    assert loaded.skills["esco:cooping"].labels == (Label("cooperage", "en", True), Label("cooping", "en", False))
    assert Linker(loaded).link("cooping").skill_id == "esco:cooping"


def test_a_release_that_is_imported_again_changes_nothing_for_kept_old_labels(database):
    save_taxonomy(database, release(skill("cooping")))
    save_taxonomy(database, renamed_to("cooperage"))
    [changes] = save_taxonomy(database, renamed_to("cooperage"))
    assert (changes.changed, changes.unchanged, changes.matters) == (0, 1, False)


def test_an_old_label_that_a_release_gives_to_another_concept_means_that_one(database):
    save_taxonomy(database, release(skill("cooping")))
    save_taxonomy(database, renamed_to("cooperage"))
    other = replace(skill("barrel care", "Cooping"), id="esco:other")
    save_taxonomy(database, renamed_to("cooperage", other))
    loaded = load_taxonomy(database)
    assert loaded.skills["esco:cooping"].labels == (Label("cooperage", "en", True),)
    assert Linker(loaded).link("cooping").skill_id == "esco:other"


def test_the_names_in_a_language_that_is_no_longer_read_go(database):
    both = replace(skill("cooping"), labels=(Label("cooping", "en", True), Label("Böttcherei", "de", True)))
    save_taxonomy(database, release(both))
    save_taxonomy(database, release(skill("cooping")))
    assert load_taxonomy(database).skills["esco:cooping"].labels == (Label("cooping", "en", True),)
