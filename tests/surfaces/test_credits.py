"""The credits that licences ask for stand wherever the names of skills are shown."""

from __future__ import annotations

from datetime import date

import pytest

from echo_core.skills import Taxonomy, TaxonomySource, starter
from echo_hub.snapshot import Snapshot

CREDIT = "This service uses an invented classification."
SOURCE = TaxonomySource("esco", "Invented", "1.1", "With a notice", CREDIT, "https://example.invalid/", modified=True)


@pytest.fixture(scope="module")
def credited(new_hub, browse):
    hub = new_hub()
    taxonomy = starter().merged(Taxonomy.of([], SOURCE))
    hub.built = Snapshot.build(hub.rows, taxonomy, today=date(2026, 3, 2))
    return browse(hub)


@pytest.mark.parametrize("path", ["/for-you?person=E1", "/explore", "/profile?person=E1", "/skills/queue"])
def test_pages_credit_the_sources_of_their_words_with_the_notice(credited, path):
    assert SOURCE.credit_line in credited.get(path).text
    assert "modified" in SOURCE.credit_line


def test_an_opportunity_and_its_explanation_carry_the_credits(credited, awkward_id):
    asked = {"person": "E1", "opportunity_id": awkward_id}
    for answer in (
        credited.get("/api/v1/feed?person=E1"),
        credited.get("/api/v1/search?q=python"),
        credited.get("/api/v1/explanation", params=asked),
    ):
        assert answer.json()["credits"] == [SOURCE.credit_line]


def test_every_answer_links_to_the_sources(credited):
    link = credited.get("/api/v1/people?q=ada").headers["link"]
    assert link.endswith('; rel="license"')
    sources = credited.get(link.partition(">")[0].removeprefix("<")).json()
    assert [source["key"] for source in sources] == ["starter", "esco"]
    assert (sources[1]["credit"], sources[1]["modified"]) == (SOURCE.credit_line, True)
