"""The encoder learned from a taxonomy: what it knows, that it is the same every time, and how it fails."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from echo_core.skills.embeddings.own_encoder import OwnEncoder, train_encoder
from echo_core.skills.embeddings.text_pieces import COLUMNS, TextPieces
from echo_core.skills.embeddings.training_pairs import NamePairs
from echo_core.skills.taxonomy.graph import Taxonomy, TaxonomyError
from echo_core.skills.taxonomy.records import Label, Occupation, OccupationSkill, Skill

pytestmark = pytest.mark.thorough

VERBS = {"build": "construct", "paint": "decorate", "sell": "snapshot", "repair": "mend", "inspect": "audit"}
GERMAN = {"build": "bauen", "paint": "malen", "sell": "verkaufen", "repair": "reparieren", "inspect": "prüfen"}
SYLLABLES = product(("bri", "cot", "lam", "vor", "gul", "tes"), ("dol", "mek", "zan", "fir"))
THINGS = [first + second for first, second in SYLLABLES]


@pytest.fixture(scope="module")
def taxonomy():
    """Five verbs with a synonym and a translation each, over two dozen made-up things."""
    skills = [
        Skill(
            id=f"own:{verb}-{thing}",
            label=f"{verb} {thing}",
            labels=(
                Label(f"{verb} {thing}", "en", preferred=True),
                Label(f"{VERBS[verb]} {thing}", "en", preferred=False),
                Label(f"{VERBS[verb]} all {thing} works", "en", preferred=False),
                Label(f"{thing} {GERMAN[verb]}", "de", preferred=True),
            ),
            description=f"Someone has to {VERBS[verb]} {thing} of every size. They {verb} {thing} with care.",
        )
        for verb, thing in product(VERBS, THINGS)
    ]
    roles = [
        Occupation(
            id=f"own:role/{thing}",
            label=f"{thing} builder",
            labels=(Label(f"{thing} builder", "en", preferred=True), Label(f"{thing} maker", "en", preferred=False)),
            skills=tuple(OccupationSkill(f"own:{verb}-{thing}", essential=True) for verb in VERBS),
            tasks=(f"Construct {thing} for customers.",),
        )
        for thing in THINGS
    ]
    return Taxonomy.of(skills, occupations=roles)


@pytest.fixture(scope="module")
def encoder(taxonomy):
    return train_encoder(taxonomy, passes=20)


def nearness(encoder, one, other):
    left, right = encoder.encode([one, other])
    return float(left @ right)


def test_synonyms_and_translations_are_learned(encoder):
    for verb, synonym in VERBS.items():
        others = [other for other in VERBS if other != verb]
        own = np.mean([nearness(encoder, f"{synonym} {thing}", f"{verb} {thing}") for thing in THINGS[:6]])
        strange = np.mean(
            [nearness(encoder, f"{synonym} {thing}", f"{other} {thing}") for thing in THINGS[:6] for other in others]
        )
        translated = np.mean([nearness(encoder, f"{thing} {GERMAN[verb]}", f"{verb} {thing}") for thing in THINGS[:6]])
        assert own > strange + 0.1
        assert translated > strange + 0.1


def test_rows_are_unit_vectors_and_empty_texts_are_zero(encoder):
    rows = encoder.encode(["build bridol", "BUILD Bridol", "", "!?", "build bridol " * 500])
    assert rows.shape == (5, 128)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 1, 0, 0, 1], atol=1e-5)
    assert np.array_equal(rows[0], rows[1])
    assert np.allclose(rows[0], rows[4], atol=1e-4)
    assert encoder.encode([]).shape == (0, 128)


def test_the_same_taxonomy_and_seed_give_the_same_model(taxonomy, tmp_path):
    one, other = train_encoder(taxonomy, passes=1), train_encoder(taxonomy, passes=1)
    assert np.allclose(one.encode(["mend cotmek"]), other.encode(["mend cotmek"]), atol=1e-6)
    one.save(tmp_path / "deep" / "own.npz")
    kept = OwnEncoder.open(tmp_path / "deep" / "own.npz")
    assert np.allclose(kept.encode(["mend cotmek"]), one.encode(["mend cotmek"]), atol=1e-2)
    assert kept.name == one.name
    assert not list(tmp_path.glob("deep/*.part"))


def test_progress_is_told_batch_by_batch(taxonomy):
    seen = []
    train_encoder(taxonomy, passes=2, progress=lambda done, every: seen.append((done, every)))
    assert [done for done, _ in seen] == list(range(1, seen[0][1] + 1))


def test_a_taxonomy_too_small_to_learn_from_is_refused():
    small = Taxonomy.of([Skill(id="own:a", label="a", labels=(Label("a", "en", preferred=True),))])
    with pytest.raises(TaxonomyError, match="0 pairs of names to learn from"):
        train_encoder(small)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"not a model"])
def test_a_broken_file_is_an_error_that_says_so(tmp_path, content):
    file = tmp_path / "own.npz"
    file.write_bytes(content)
    with pytest.raises(ValueError):  # noqa: PT011, the text is numpy's for some of them
        OwnEncoder.open(file)


def test_pairs_name_every_kind_and_no_text_twice(taxonomy):
    name_pairs = NamePairs.of(taxonomy)
    assert len(set(name_pairs.texts)) == len(name_pairs.texts)
    assert name_pairs.pairs.keys() == {
        "skill alias", "skill translation", "skill description", "skill passage", "role alias", "role skill", "task",
    }  # fmt: skip
    assert all(one != other for pairs in name_pairs.pairs.values() for one, other in pairs)


def test_a_word_counts_one_and_its_letter_runs_one_together():
    row = TextPieces().rows(["data", ""])
    assert row.shape == (2, COLUMNS)
    assert row.sum() == pytest.approx(2.0)
    assert row[[1]].nnz == 0
