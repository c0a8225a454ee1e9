"""The same promises with the real releases, the real answer keys and real job posts."""

from __future__ import annotations

import csv
import gzip
import html
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from echo_core.skills import Linker, Spotter, Taxonomy, read_esco, read_onet, starter
from echo_core.skills.taxonomy.esco import esco_id
from echo_core.skills.taxonomy.graph import GROUP, TaxonomyError

pytestmark = [pytest.mark.real_input, pytest.mark.thorough]

Shared = Callable[[str], Path]


@pytest.fixture(scope="module")
def esco(shared: Shared) -> Taxonomy:
    return read_esco(shared("data/esco/v1.1.1"))


@pytest.fixture(scope="module")
def spotters(esco: Taxonomy) -> dict[str, Spotter]:
    return {"starter": Spotter(starter()), "esco": Spotter(esco), "both": Spotter(starter().merged(esco))}


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def posts(shared: Shared) -> dict[str, str]:
    found = {}
    for path in sorted(shared("data/greenhouse-samples").glob("*.json.gz")):
        for job in json.loads(gzip.decompress(path.read_bytes()))["jobs"]:
            found[f"{path.name}: {job['title'].strip()}"] = f"{job['title']}\n{html.unescape(job['content'])}"
    return found


def test_esco_is_read_whole(esco):
    skills = [skill for skill in esco if skill.kind != GROUP]
    assert len(skills) == 13_896
    assert len(esco) == 13_896 + 640
    assert esco.problems() == []
    assert esco.sources[0].version == "1.1.1"
    assert sum(bool(skill.broader) for skill in skills) > 13_000


def test_esco_labels_of_older_releases_join(shared):
    taxonomy = read_esco(
        shared("data/esco/v1.1.1"), ("en", "de", "fr"), label_folders=[shared("data/esco/v1.0-labels")]
    )
    assert sum(skill.label_in("fr") != skill.label for skill in taxonomy) > 12_000
    assert taxonomy.languages() == {"en", "de", "fr"}


def test_an_incomplete_esco_folder_is_refused_by_name(shared):
    with pytest.raises(TaxonomyError, match=r"lacks skills_en\.csv"):
        read_esco(shared("data/esco/v1.2.0"))


def test_onet_is_read_whole(shared):
    taxonomy = read_onet(shared("data/onet/db_29_2"))
    assert taxonomy.problems() == []
    assert taxonomy.skills["onet:2.A.1.a"].label == "Reading Comprehension"
    assert len(taxonomy) > 8_500
    assert taxonomy.sources[0].version == "29.2"


def test_every_real_post_with_a_full_text_has_skills(posts, spotters):
    for title, text in list(posts.items())[::3]:
        full = len(text) > 2_000
        for name, spotter in spotters.items():
            found = {one.skill_id for one in spotter.spot(text) if one.automatic}
            least = {"starter": 5, "esco": 1, "both": 6}[name] if full else 0
            assert len(found) >= least, f"{title}: {name} finds {found}"


@pytest.mark.parametrize("starter_first", [True, False])
def test_names_of_the_real_taxonomies_are_linked_and_spotted_alike(esco, spotters, starter_first):
    spotter = spotters["both"] if starter_first else Spotter(esco.merged(starter()))
    whole = spotter.taxonomy
    linker = Linker(whole)
    assert linker.link("python").skill_id == "starter:python"
    names = [
        label.text
        for one in whole
        if one.kind != GROUP
        for label in (one.labels if one.source == "starter" else one.labels[:1])
        if label.language == "en"
    ][::21]
    apart = compared = 0
    for name in names:
        spotted = [one for one in spotter.spot(name, language="en") if one.text == name]
        compared += len(spotted)
        apart += any(one.skill_id != linker.link(name, language="en").skill_id for one in spotted)
    assert compared > 700
    assert apart == 0


@pytest.mark.parametrize(
    ("title", "wanted", "unwanted"),
    [
        ("gitlab_b.json.gz: Account Executive - Italy",
         {"sales", "account-management", "negotiation", "italian"}, {"insurance", "global-mobility"}),
        ("gitlab_b.json.gz: AI Engineer",
         {"artificial-intelligence", "large-language-models", "prompt-engineering", "python"}, {"go", "sales"}),
        ("phonepe.json.gz: Analyst, Credit Risk Management - Consumer",
         {"credit-risk", "sql", "python", "gradient-boosting"}, {"global-mobility", "insurance"}),
        ("smarterdx.json.gz: Clinical Coding Specialist", {"medical-coding", "auditing"}, {"insurance"}),
        ("smarterdx.json.gz: Client Support Analyst I",
         {"technical-support", "zendesk", "jira", "slack", "troubleshooting"}, {"insurance", "leadership"}),
        ("amplitude.json.gz: Customer Data Scientist - Experimentation",
         {"a-b-testing", "causal-inference", "statistics", "r", "snowflake"}, {"translation"}),
    ],
)  # fmt: skip
def test_real_posts_yield_the_skills_a_reader_would_name(posts, spotters, title, wanted, unwanted):
    found = {one.skill_id for one in spotters["starter"].spot(posts[title]) if one.automatic}
    assert {f"starter:{one}" for one in wanted} <= found
    assert not found & {f"starter:{one}" for one in unwanted}


@pytest.mark.parametrize(("file", "right_ones"), [("tech", 45), ("house", 30), ("techwolf", 25)])
def test_automatic_tagging_is_precise(shared, esco, spotters, file, right_ones):
    by_label = {skill.label: skill.id for skill in esco if skill.kind != GROUP}
    right: dict[str, set[str]] = {}
    for row in rows(shared(f"data/eval-skill-extraction/esco-benchmark/{file}_test_annotations.dev.csv.gz")):
        right.setdefault(row["sentence"], set()).update({by_label[row["label"]]} if row["label"] in by_label else set())
    hits = tagged = 0
    for sentence, answer in right.items():
        found = {one.skill_id for one in spotters["esco"].spot(sentence, language="en") if one.automatic}
        hits += len(found & answer)
        tagged += len(found)
    assert hits >= right_ones
    assert hits / tagged >= 0.80


@pytest.mark.parametrize(("language", "step", "recall"), [("sv", 2, 0.52), ("de", 12, 0.50)])
def test_national_skill_names_link_or_queue(shared, language, step, recall):
    taxonomy = read_esco(shared("data/esco/v1.1.1"), ("en", language), label_folders=[shared("data/esco/v1.0-labels")])
    right: dict[str, set[str]] = {}
    for row in rows(shared(f"data/eval-skill-names/national_skills_{language}_to_esco.dev.csv.gz")):
        if row["mappingRelation"] in ("skos:exactMatch", "skos:closeMatch"):
            right.setdefault(row["nationalSkillLabel"], set()).add(esco_id(row["escoSkillUri"]))
    linker = Linker(taxonomy)
    names = sorted(right)[::step]
    links = {name: linker.link(name, language=language) for name in names}
    made = [name for name, link in links.items() if link.skill_id]
    precise = sum(links[name].skill_id in right[name] for name in made) / len(made)
    within_ten = sum(bool({one for one, _ in links[name].candidates[:10]} & right[name]) for name in names) / len(names)
    assert precise >= 0.85
    assert within_ten >= recall
