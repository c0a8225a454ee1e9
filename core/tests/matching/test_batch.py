"""Everybody's lists at once are the lists made one by one."""

from __future__ import annotations

from copy import copy
from dataclasses import fields, is_dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from echo_core.matching import (
    ELIGIBILITY_RULES,
    FEATURES,
    IMPORTANCES,
    KINDS,
    LEVELS,
    REGISTRY,
    STANCES,
    SUBTRACTED,
    Assumption,
    ClaimIndex,
    Claims,
    EligibilityFacts,
    EligibilityPerson,
    Feature,
    Growth,
    OpportunityFacts,
    PersonFacts,
    Requirements,
    Scorer,
    build_block,
    build_profile,
    build_space,
    default_weights,
    eligible,
    in_order,
    mixed,
    read_weights,
    recommends,
)
from echo_core.matching.batch import BatchRanker, compiled
from echo_core.matching.candidates import Candidates
from echo_core.matching.claims_by_skill import ClaimsBySkill
from echo_core.matching.congestion import Congestion
from echo_core.matching.forms import CodeTable, PairScalar, SkillProduct
from echo_core.matching.person_columns import PersonColumns
from echo_core.matching.registry import FeatureSet
from echo_core.matching.weights import Weights
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy

TOP = 20


def skill(number: int) -> Skill:
    """A tree, three wide, with a few relations across."""
    broader = (f"t:{(number - 1) // 3:04}",) if number else ()
    related = (f"t:{number * 5 // 7:04}",) if number % 4 == 1 else ()
    return Skill(f"t:{number:04}", f"S{number}", (Label(f"S{number}", "en", True),), broader, related, source="t")


class World:
    """A random snapshot. Person 0 has said nothing at all, person 1 has every skill there is."""

    def __init__(
        self,
        seed: int,
        *,
        people: int = 60,
        offers: int = 90,
        skills: int = 40,
        kinds: tuple[float, ...] = (0.3, 0.2, 0.2, 0.2, 0.1),
        weights: Weights | None = None,
    ) -> None:
        draw = self.draw = np.random.default_rng(seed)
        self.weights = weights or default_weights()
        self.count = people
        ids = [f"t:{n:04}" for n in range(skills)]
        self.space = build_space(Taxonomy({f"t:{n:04}": skill(n) for n in range(skills)}, ()), ids, self.weights)
        self.claims = self._claims(people, skills)
        self.facts = OpportunityFacts(
            kind=draw.choice(len(KINDS), offers, p=kinds),
            remote=draw.random(offers) < 0.3,
            countries=draw.random((offers, 3)) < 0.3,
            languages=draw.random((offers, 2)) < 0.3,
            hours=np.where(draw.random(offers) < 0.5, np.nan, draw.integers(0, 40, offers)),
            id_rank=draw.permutation(offers),
            start=draw.choice((0, 10, 20), offers),
        )
        self.eligibility = self._eligibility(people, offers)
        block = build_block(self._requirements(offers, skills), self.facts, skills, self.weights)
        pairs = np.unique(draw.integers(0, people * offers, people * 3))
        free = np.where(
            self.eligibility.seats < 0, -1, np.maximum(self.eligibility.seats - self.eligibility.seats_taken, 0)
        )
        self.scorer = Scorer(block, self.weights, Congestion(free, pairs // offers, pairs % offers, 1.5))
        self.kind_codes = np.array([0, 1, 2, 3, 2])[self.facts.kind]
        self.diversity_groups = draw.integers(-1, 6, (3, offers))
        roles = [
            Assumption("A title", confidence, np.sort(draw.permutation(skills)[:9]), draw.random(9))
            for confidence in (0.2, 0.6, 1.0)
        ]
        self.roles = [None, None, *(roles[one] if one >= 0 else None for one in draw.integers(-1, 3, people - 2))]
        self.people = [self._person(row) for row in range(people)]

    def _claims(self, people: int, skills: int) -> ClaimIndex:
        draw, count = self.draw, 9 * people
        person = np.r_[draw.integers(2, people, count), np.ones(skills, dtype=np.int64)]
        whole = len(person)
        return ClaimIndex(
            Claims(
                person,
                np.r_[draw.integers(0, skills, count), np.arange(skills)],
                np.r_[draw.choice(len(STANCES), count, p=(0.5, 0.2, 0.1, 0.1, 0.1)), np.zeros(skills, dtype=np.int64)],
                draw.integers(0, LEVELS + 1, whole),
                draw.random(whole),
            ),
            people,
            skills,
            unknown=int(self.weights.number("level", "unknown_claim")),
        )

    def _requirements(self, offers: int, skills: int) -> Requirements:
        draw = self.draw
        asked = [
            (row, one) for row in range(offers) for one in np.sort(draw.permutation(skills)[: draw.integers(0, 9)])
        ]
        table = np.array(asked, dtype=np.int64).reshape(-1, 2)
        count = len(table)
        return Requirements(
            table[:, 0],
            table[:, 1],
            draw.integers(0, len(IMPORTANCES), count),
            draw.integers(0, LEVELS + 1, count),
            draw.choice((1.0, 0.8, 0.5), count),
        )

    def _eligibility(self, people: int, offers: int) -> EligibilityFacts:
        draw = self.draw
        owner = draw.integers(-1, people, offers)
        return EligibilityFacts(
            facts=self.facts,
            open=draw.random(offers) < 0.95,
            seats=draw.integers(-1, 4, offers),
            seats_taken=draw.integers(0, 3, offers),
            owner=owner,
            owner_active=draw.random(offers) < 0.9,
            owner_enter=owner,
            owner_leave=np.where(owner < 0, -1, owner + 1 + owner % 5),
            mentoring=np.isin(self.facts.kind, (2, 4)),
            movable=draw.random(offers) < 0.4,
            countries=("A", "B", "C"),
            languages=("x", "y"),
            owner_zone=draw.integers(-1, 3, offers),
            zone_gaps=np.array([[0.0, 6.0, 9.0], [6.0, 0.0, 3.0], [9.0, 3.0, 0.0]]),
            most_apart=6.0,
        )

    def _person(self, row: int) -> EligibilityPerson:
        draw = self.draw
        wishes = draw.random(6) < 0.3
        counted = self.scorer.congestion
        assert counted is not None
        facts = PersonFacts(
            country=int(draw.integers(-1, 3)),
            country_known=bool(draw.random() < 0.8),
            languages=tuple(np.flatnonzero(draw.random(2) < 0.5).tolist()),
            languages_known=bool(draw.random() < 0.8),
            english=int(draw.integers(-1, 2)),
            prefers_hours=float(draw.integers(1, 20)) if wishes[0] else None,
            prefers_remote=bool(draw.random() < 0.5) if wishes[1] else None,
            prefers_countries=(int(draw.integers(0, 3)),) if wishes[2] else None,
            free_from=15 if wishes[3] else None,
            counted_in=counted.counts(row) if row % 7 else None,
        )
        done = np.flatnonzero((self.facts.kind == 3) & (draw.random(len(self.facts)) < 0.2))
        status = ("active", "active", "active", "on_leave", "left")[row % 5]
        return EligibilityPerson(row, status, facts, row, row + 1 + row % 5, zone=int(draw.integers(-1, 3)), done=done)

    def everyone(self) -> BatchRanker:
        """All of them, at once."""
        return BatchRanker(
            self.scorer,
            self.space,
            self.claims,
            self.eligibility,
            self.kind_codes,
            self.diversity_groups,
            self.people.__getitem__,
            self.roles.__getitem__,
        )

    def scores(self, row: int):
        """One person's profile, and all scores."""
        facts = self.people[row].facts
        profile = build_profile(self.claims.of(row), facts, self.space, self.weights, self.roles[row])
        return profile, self.scorer.score(profile, self.scorer.growth(profile))

    def one_by_one(self, row: int) -> tuple[list[int], np.ndarray]:
        """One person's list, and all scores."""
        profile, scores = self.scores(row)
        shown = eligible(self.people[row], self.eligibility)
        known = (profile.skills.has, profile.skills.learn, profile.skills.use, profile.skills.teach)
        if profile.assumed is not None or any(one.size for one in known):
            shown = shown & recommends(scores, self.weights)
        rows = np.flatnonzero(shown)
        order = in_order(scores.total[rows], self.facts.id_rank[rows])
        order = mixed(order, scores.total[rows], self.kind_codes[rows], self.diversity_groups[:, rows], self.weights)
        return rows[order].tolist()[:TOP], scores.total


def assert_same(world: World, *, threads: int = 2) -> None:
    """Everybody's list is what it is one by one, and so are the scores."""
    found = world.everyone().lists(range(world.count), TOP, threads)
    for row in range(world.count):
        expected, total = world.one_by_one(row)
        listed = [one for one in found.rows[row].tolist() if one >= 0]
        assert listed == expected, f"person {row}"
        assert np.allclose(found.totals[row, : len(listed)], total[listed], rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_everybody_gets_the_list_they_would_get_alone(seed: int) -> None:
    assert_same(World(seed))


def test_the_random_worlds_have_every_feature() -> None:
    seen = np.zeros(len(FEATURES), dtype=bool)
    for seed in range(3):
        world = World(seed)
        for row in range(world.count):
            seen |= (world.scores(row)[1].contributions != 0).any(axis=1)
    assert seen.all(), [name for name, had in zip(FEATURES, seen, strict=True) if not had]


def test_somebody_with_two_thousand_skills_is_matched_like_anybody() -> None:
    assert_same(World(99, people=20, skills=2000))


def test_more_people_than_fit_the_room_for_circumstances_are_matched_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("echo_core.matching.batch.ranker._SLOTS_BYTES", 1)
    assert_same(World(5))


def test_changed_weights_change_the_lists_of_all_alike() -> None:
    usual = default_weights()
    tables = {name: dict(table) for name, table in usual.tables.items()}
    tables["floors"] |= {"per_kind": 1, "first": 5, "least_relevance": 0.1, "same_team": 1}
    tables["shrink"] |= {"intent": 3.0, "teaches": 2.0, "dilution": 1.0}
    tables["near_roles"] |= {"count": 3, "least_coverage": 0.1}
    tables["calibration"] |= {"usual_best": 0.4, "job": 0.8}
    feature = usual.feature[:, ::-1].copy()
    feature[:, -2:] = 0.3
    assert_same(World(7, weights=replace(usual, tables=tables, feature=feature)))


def test_a_team_that_has_everything_leaves_a_whole_list_to_be_put_in_order() -> None:
    world = World(11, offers=400)
    world.diversity_groups[:] = 0
    assert_same(world)


def test_equal_scores_stand_in_the_order_of_ids() -> None:
    world = World(3, kinds=(1.0, 0.0, 0.0, 0.0, 0.0))
    world.claims = ClaimIndex(
        Claims(*(np.zeros(0, dtype=np.int64) for _ in range(4)), np.zeros(0)), world.count, len(world.space), unknown=2
    )
    assert_same(world)


def test_one_thread_and_three_find_the_same() -> None:
    world = World(2)
    one, three = world.everyone().lists(range(60), 5, 1), world.everyone().lists(range(60), 5, 3)
    assert np.array_equal(one.rows, three.rows)
    assert np.array_equal(one.totals, three.totals)
    assert np.array_equal(one.strongest, three.strongest)


def mapped(value: Any, folder: Path) -> Any:
    """The same object over arrays mapped read-only from files, as another process would have it."""
    if isinstance(value, np.ndarray):
        file = folder / f"{len(list(folder.iterdir()))}.npy"
        np.save(file, value)
        return np.load(file, mmap_mode="r")
    if isinstance(value, Weights | Scorer) or (not hasattr(value, "__dict__") and not is_dataclass(value)):
        return value
    other, names = copy(value), [*getattr(value, "__dict__", {})] or [field.name for field in fields(value)]
    for name in names:
        object.__setattr__(other, name, mapped(getattr(value, name), folder))
    return other


def test_arrays_mapped_from_files_give_the_same_lists_by_the_same_code(tmp_path: Path) -> None:
    from echo_core.matching.batch.run import run

    world, elsewhere = World(6), World(6)
    expected = world.everyone().lists(range(60), TOP)
    compiled_before = len(run.signatures)
    elsewhere.claims = mapped(world.claims, tmp_path)
    elsewhere.eligibility = mapped(world.eligibility, tmp_path)
    assert not elsewhere.claims.level.flags.writeable
    block = mapped(world.scorer.block, tmp_path)
    assert not block.essential.data.flags.writeable
    elsewhere.scorer = Scorer(block, world.weights, mapped(world.scorer.congestion, tmp_path))
    lists = elsewhere.everyone().lists(range(60), TOP)
    assert np.array_equal(lists.rows, expected.rows)
    assert np.array_equal(lists.totals, expected.totals)
    assert len(run.signatures) == compiled_before
    assert_same(elsewhere)


def test_what_adds_most_to_a_score_is_named() -> None:
    world = World(4)
    found = world.everyone().lists([2], 3, 1)
    _, scores = world.scores(2)
    for place, row in enumerate(found.rows[0].tolist()):
        gains = scores.contributions[:14, row]
        best = [code for code in np.argsort(-gains, kind="stable")[:3].tolist() if gains[code] > 0]
        assert [code for code in found.strongest[0, place].tolist() if code < 255] == best


def test_an_unknown_personal_rule_is_never_left_out_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiled()
    more = replace(ELIGIBILITY_RULES[0], name="wears_a_hat", personal=True)
    monkeypatch.setattr("echo_core.matching.batch.ranker.ELIGIBILITY_RULES", (*ELIGIBILITY_RULES, more))
    assert not compiled()
    with pytest.raises(ValueError, match="every personal rule"):
        World(1).everyone()


ADDED = {
    "a code table": Feature(
        "added",
        "circumstance",
        ("preference.remote",),
        CodeTable(
            lambda people: people.wishes_remote.astype(np.int64) + people.remote,
            lambda facts: facts.kind % 2,
            lambda weights: np.array([[0.5, 0.5], [0.1, 0.9], [weights.number("place", "unknown"), 0.0]]),
        ),
    ),
    "a number for each pair": Feature(
        "added",
        "circumstance",
        ("preference.starts_from",),
        PairScalar(lambda people, facts, _: 1.0 / (1.0 + np.abs(people.free_from[:, None] - facts.start))),
    ),
    "a plain share": Feature("added", "wish", ("claim.skill",), SkillProduct("learn", ("asked",))),
    "a plain share by an index of its own": Feature(
        "added", "wish", ("claim.skill",), SkillProduct("use", ("desired",))
    ),
    "a saturated wish": Feature("added", "wish", ("claim.skill",), SkillProduct("teach", ("named",), "saturated")),
    "a faded share": Feature("added", "skill", ("claim.skill",), SkillProduct("strength", ("asked",), "faded")),
    "a doubled share": Feature("added", "wish", ("claim.skill",), SkillProduct("use", ("named",), "doubled")),
    "a share of what is taught": Feature(
        "added", "wish", ("claim.skill",), SkillProduct("use", ("taught",), "taught_share")
    ),
    "lessons in what is missing": Feature(
        "added", "growth", ("claim.skill",), SkillProduct("lessons_missing", ("taught",), "saturated")
    ),
    "something to take away": Feature(
        "added", "wish", ("claim.skill",), SkillProduct("use", ("desired",)), subtracted=True
    ),
}


def weights_with(added: Feature) -> Weights:
    """The shipped weights with one feature more: its number in every kind, taken from the largest."""
    at = len(FEATURES) if added.subtracted else len(FEATURES) - len(SUBTRACTED)
    features = FeatureSet((*REGISTRY[:at], added, *REGISTRY[at:]))
    text = (files("echo_core.matching") / "weights.toml").read_text(encoding="utf-8")
    for number, less in (
        ("skills = 0.72", 0.52),
        ("skills = 0.54", 0.34),
        ("skills = 0.5\n", 0.3),
        ("teaches_wanted = 0.52", 0.32),
    ):
        name, value = number.split(" = ")
        text = text.replace(number, f"{name} = {float(value) if added.subtracted else less}\nadded = 0.2\n")
    return read_weights(text, features)


@pytest.mark.parametrize("added", ADDED.values(), ids=ADDED.keys())
def test_a_new_feature_counts_alike_for_one_for_all_and_for_candidates_with_its_definition_and_its_weight_alone(
    added: Feature,
) -> None:
    world = World(8, people=40, weights=weights_with(added))
    code = world.weights.features.code("added")
    assert compiled()
    assert_same(world)
    assert any((world.scores(row)[1].contributions[code] != 0).any() for row in range(world.count))
    facts, everybody = world.facts, np.arange(world.count)
    candidates = Candidates(
        world.scorer,
        world.space,
        ClaimsBySkill(world.claims, world.count, len(world.space), unknown=2),
        PersonColumns([person.facts for person in world.people], facts),
        everybody,
        world.roles,
        everybody,
    )
    turned = np.array([candidates.score(row) for row in range(len(facts))])
    congestion = world.scorer.congestion
    assert congestion is not None
    for row in range(world.count):
        counted = replace(world.people[row].facts, counted_in=congestion.counts(row))
        profile = build_profile(world.claims.of(row), counted, world.space, world.weights, world.roles[row])
        alone = world.scorer.score(profile, Growth.nothing(len(world.space))).total
        assert np.abs(turned[:, row] - alone).max() <= 1e-12


def test_a_feature_of_a_form_that_is_not_its_evidence_is_refused() -> None:
    with pytest.raises(ValueError, match="SkillProduct, which is no circumstance"):
        Feature("added", "circumstance", (), SkillProduct("use", ("asked",)))
    with pytest.raises(ValueError, match="knows no 'luck'"):
        SkillProduct("luck", ("asked",))
    with pytest.raises(ValueError, match="over skills and levels"):
        SkillProduct("coverage", ("named",))
