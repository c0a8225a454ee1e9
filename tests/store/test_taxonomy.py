"""The skills graph, saved and loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy, TaxonomySource
from echo_hub.store.records import data_revision
from echo_hub.store.taxonomy import load_taxonomy, save_taxonomy, taxonomy_sources

OURS = TaxonomySource("ours", "Our words", "1", "CC0", "Ourselves", None, datetime(2026, 1, 1, tzinfo=UTC))
BIG = TaxonomySource("big", "A large one", "2", "CC-BY-4.0", "Credit the large one", "https://example.invalid/big")


def _ours(*labels):
    return Taxonomy.of(
        [
            Skill(
                f"ours:{label}",
                label,
                (Label(label, "en", True), Label(f"{label}en", "de", False)),
                None,
                "",
                (),
                (),
                None,
                "ours",
            )
            for label in labels
        ],
        OURS,
    )


def _big(count):
    return Taxonomy.of(
        [
            Skill(
                f"big:{n}",
                f"Skill {n}",
                tuple(Label(f"Label {n} {i}", "en" if i else "sv", i == 0) for i in range(7)),
                "skill" if n % 2 else None,
                f"Description of {n}",
                (f"big:{n // 10}",) if n else (),
                ("ours:python", f"big:{(n + 1) % count}"),
                f"https://example.invalid/{n}",
                "big",
            )
            for n in range(count)
        ],
        BIG,
    )


def test_nothing_imported_is_none(database):
    assert load_taxonomy(database) is None


def test_a_taxonomy_comes_back_as_it_was(database):
    taxonomy = _big(50).merged(_ours("python")) if hasattr(Taxonomy, "merged") else _big(50)
    save_taxonomy(database, taxonomy)
    loaded = load_taxonomy(database)
    assert loaded is not None
    assert dict(loaded.skills) == dict(taxonomy.skills)
    assert loaded.sources == taxonomy.sources


def test_a_source_replaces_only_itself_and_keeps_its_precedence(database):
    save_taxonomy(database, _ours("python", "sql"))
    save_taxonomy(database, _big(10))
    save_taxonomy(database, _ours("python"))
    loaded = load_taxonomy(database)
    assert "ours:sql" not in loaded.skills
    assert len(loaded.skills) == 11
    assert [source.key for source in loaded.sources] == ["ours", "big"]


def test_saving_moves_the_revision(database):
    before = data_revision(database)
    save_taxonomy(database, _ours("python"))
    assert data_revision(database) > before


def test_a_skill_of_an_unlisted_source_is_refused(database):
    stray = replace(_ours("python").skills["ours:python"], source="elsewhere")
    with pytest.raises(ValueError, match="elsewhere"):
        save_taxonomy(database, Taxonomy.of([stray], OURS))


def test_a_taxonomy_as_large_as_esco_is_saved_and_loaded_whole(database):
    save_taxonomy(database, _big(14_000))
    loaded = load_taxonomy(database)
    assert len(loaded.skills) == 14_000
    assert sum(len(skill.labels) for skill in loaded.skills.values()) == 98_000


@pytest.mark.parametrize("order", [("esco", "starter", "ours"), ("starter", "ours", "esco")])
def test_precedence_does_not_depend_on_the_order_of_imports(database, order):
    for key in order:
        label = Label("Weaving", "en", True)
        skill = Skill(f"{key}:1", "Weaving", (label,), "knowledge", "", (), (), None, key)
        save_taxonomy(database, Taxonomy.of([skill], replace(OURS, key=key)))
    loaded = load_taxonomy(database)
    assert [one.key for one in taxonomy_sources(database)] == ["ours", "starter", "esco"]
    assert loaded.sources == taxonomy_sources(database)
    assert list(loaded.skills) == ["ours:1", "starter:1", "esco:1"]
    assert {loaded.standing_for(one) for one in loaded.skills} == {"ours:1"}
