"""The closed registry: what may move a score, and that nothing else is looked at."""

from __future__ import annotations

import dataclasses
import inspect
import re

import pytest

from echo_core.matching import FEATURES, REGISTRY, SUBTRACTED, OpportunityFacts, PersonFacts, default_weights, reasons
from echo_core.matching.registry import feature

PROTECTED = re.compile(
    r"name|pronoun|gender|sex|\bage\b|birth|photo|picture|nationality|ethnic|religion|disab|marital|\bpay|salary|address"
    r"|mail|phone|union|leave|health"
)
READS = {
    "country": "person.country",
    "country_known": "person.country",
    "languages": "person.languages",
    "languages_known": "person.languages",
    "english": "opportunity.languages",
    "prefers_hours": "preference.hours_per_week",
    "prefers_remote": "preference.remote",
    "prefers_countries": "preference.countries",
    "free_from": "preference.starts_from",
    "counted_in": "opportunity.seats",
}


def inputs() -> set[str]:
    return {one for known in REGISTRY for one in known.inputs}


def test_no_protected_attribute_name_photo_or_address_is_an_input():
    assert not [one for one in inputs() if PROTECTED.search(one)]


def test_all_that_the_scorer_is_told_of_a_person_and_a_place_is_in_the_registry():
    assert {field.name for field in dataclasses.fields(PersonFacts)} == set(READS)
    assert set(READS.values()) <= inputs()
    told = {field.name for field in dataclasses.fields(OpportunityFacts)}
    assert told == {
        "kind",
        "remote",
        "countries",
        "languages",
        "hours",
        "start",
        "id_rank",
        "anywhere",
        "any_language",
    }


def test_every_weight_belongs_to_a_registered_feature_and_every_feature_counts_somewhere():
    weights = default_weights().feature
    assert weights.shape[1] == len(REGISTRY) == len(FEATURES) == len(set(FEATURES))
    assert (weights.max(axis=0) > 0).all()
    assert FEATURES[-len(SUBTRACTED) :] == SUBTRACTED


def test_no_feature_is_forgotten_where_scores_are_taken_apart():
    source = inspect.getsource(reasons)
    assert [name for name in FEATURES if f'"{name}"' not in source] == [], "its points would have no reason"


def test_every_explained_contribution_is_of_a_registered_feature(worlds):
    world = worlds(
        worlds.offer("job", [("sql", 3, "essential"), ("kafka", 4, "desired")], countries=("DE",)),
        worlds.offer("learning_path", [("kafka", 3, "teaches")], languages=("en",), hours=3),
    )
    for breakdown in world.explain([("sql", 3, "has"), ("kafka", 0, "wants_to_learn"), ("sql", 0, "avoids")]):
        assert {part.feature for part in breakdown.contributions} <= set(FEATURES)


def test_a_feature_nobody_registered_is_refused():
    with pytest.raises(KeyError, match="no 'charm'"):
        feature("charm")
