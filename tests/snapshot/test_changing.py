"""An index and facets made from the ones before answer as those made anew, and those before go on as they were."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy
from echo_hub.services.views import Filters
from echo_hub.snapshot.catalogue.reuse import carried
from echo_hub.snapshot.search.facets import Facets
from echo_hub.snapshot.search.index import SearchIndex
from echo_hub.snapshot.snapshot import Snapshot

WORDS = ("python", "kafka", "engine", "engines", "engineer", "roses", "garden", "größe", "data", "lead")
SKILLS = ("Python", "Kafka", "SQL", "Kubernetes", "C++")
QUERIES = (
    *WORDS,
    *("", "engin", "ka", "enginer", "k8s", "data lead", "python roses engineer", "-kafka", "data -lead"),
    *('"data lead"', '"python python"', "greenhouse:job:3", "C++", "structured query", "nothing like it", "germany"),
)
FILTERS = (
    Filters(),
    Filters(kind=("job",)),
    Filters(country=("SE",), hours_max=8),
    Filters(skill=("Kafka",), language=("de",)),
    Filters(country=("anywhere",), remote=("remote", "hybrid")),
)


@dataclass
class Changing:
    """A company whose jobs and courses come, go and change at random, though repeatably."""

    draft: object
    draw: random.Random
    jobs: dict[str, dict] = field(default_factory=dict)
    next: int = 0

    def add(self):
        self.jobs[f"{self.next}"] = self.written()
        self.next += 1

    def written(self):
        draw = self.draw
        return {
            "title": " ".join(draw.choices(WORDS, k=3)),
            "description": " ".join(draw.choices(WORDS, k=draw.randint(0, 40))),
            "requirements": [(draw.choice(SKILLS), draw.choice((None, 3)))],
            "countries": tuple(draw.sample(("SE", "DE", "FR"), draw.randint(0, 2))),
            "languages": tuple(draw.sample(("en", "de"), draw.randint(0, 2))),
            "remote": draw.choice((None, "remote", "hybrid")),
            "hours_per_week": draw.choice((None, 4, 20)),
            "posted_at": datetime(2026, 1, draw.randint(1, 3), tzinfo=UTC),
        }

    def step(self):
        for _ in range(self.draw.choice((0, 0, 1, 3, 12))):
            self.add()
        for _ in range(min(self.draw.choice((0, 1, 2, 9)), len(self.jobs))):
            del self.jobs[self.draw.choice(list(self.jobs))]
        for number in self.draw.sample(list(self.jobs), min(self.draw.choice((0, 1, 4)), len(self.jobs))):
            self.jobs[number] = self.written()

    def snapshot(self) -> Snapshot:
        self.draft.rows.clear()
        for number, job in self.jobs.items():
            self.draft.job(
                number, *job["requirements"], **{key: value for key, value in job.items() if key != "requirements"}
            )
        return self.draft.snapshot()


def answers(index: SearchIndex, facets: Facets):
    """What both say to all queries and filters."""
    said = []
    for query in QUERIES:
        hits = index.find(query)
        said.append((query, hits.total, hits.mask.tolist(), hits.best().tolist()))
        for filters in FILTERS:
            counts = facets.counts(hits.mask, filters)
            said.append((query, filters, facets.mask(filters).tolist(), counts))
            said.append(hits.best(facets.mask(filters), offset=1, limit=3).tolist())
    return said


@pytest.mark.parametrize("seed", range(4))
def test_a_series_of_changes_comes_to_what_is_made_anew_and_leaves_what_was(draft, tiny, seed):
    company = Changing(draft, random.Random(seed))  # noqa: S311, the same every time
    for _ in range(seed * 12):
        company.add()
    snapshot = company.snapshot()
    index, facets = SearchIndex(snapshot.listings, tiny), Facets(snapshot.listings, snapshot.space)
    for _ in range(8):
        said = answers(index, facets)
        before, facets_before = index, facets
        company.step()
        snapshot = company.snapshot()
        index = SearchIndex(snapshot.listings, tiny, before)
        facets = Facets(snapshot.listings, snapshot.space, facets_before)
        assert answers(index, facets) == answers(snapshot.index, snapshot.facets)
        before._cached.clear()
        assert answers(before, facets_before) == said


def test_only_listings_with_other_content_are_read_again(draft):
    draft.person("w1", employee_id="E1")
    for number in range(4):
        draft.job(f"{number}", ("Kafka", 3), description="Text.")
    snapshot = draft.snapshot()
    first, second, third, fourth = snapshot.listings
    same = replace(second, record=second.record.model_copy(), row=0, owners=(7,))
    other = replace(third, record=third.record.model_copy(update={"description": "Another text."}), row=1)
    moved = replace(fourth, departments=("Data",), row=2)
    assert carried((same, other, moved), snapshot.listings).tolist() == [1, -1, -1]
    assert carried((first,), snapshot.listings).tolist() == [0]


def test_other_names_of_a_skill_in_use_are_found_though_no_listing_changed(draft, tiny):
    draft.job("1", ("Kafka", 3), title="One")
    snapshot = draft.snapshot()
    kafka = tiny.skills["tiny:kafka"]
    renamed = Skill(kafka.id, kafka.label, (*kafka.labels, Label("Streamers", "en", False)), source=kafka.source)
    taxonomy = Taxonomy.of([*(skill for skill in tiny if skill.id != kafka.id), renamed], *tiny.sources)
    assert not len(snapshot.index.rows("streamers"))
    assert SearchIndex(snapshot.listings, taxonomy, snapshot.index).rows("streamers").tolist() == [0]


def test_segments_stay_few_and_hold_little_that_is_gone(draft):
    company = Changing(draft, random.Random(1))  # noqa: S311, the same every time
    for _ in range(120):
        company.add()
    index = company.snapshot().index
    sizes = []
    for _ in range(20):
        company.step()
        snapshot = company.snapshot()
        index = SearchIndex(snapshot.listings, draft.taxonomy, index)
        sizes.append([len(part.segment) for part in index._documents._parts])
        assert sum(sizes[-1]) <= 2 * len(snapshot.listings) + 1
    assert max(map(len, sizes)) <= 6
