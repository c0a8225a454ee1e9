"""Names that several skills go by mean, record by record, the one that goes with what is named beside them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from echo_core.model import Job, Person, PersonRef, SkillClaim, SkillNeed
from echo_core.skills.taxonomy import Label, Skill, Taxonomy, TaxonomySource
from echo_hub.market.decided import Decisions
from echo_hub.market.update import updated
from echo_hub.marketplace.people import person_view
from echo_hub.store.changes import ChangedRecord, Difference
from echo_hub.store.decisions import Choice, Decision, NameId

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA = PersonRef(scheme="employee_id", value="E1")
FIELDS = {
    "programming": ("Java", "Go", "Swift", "R", "Spring", "Kubernetes", "Kotlin", "Statistics"),
    "asia": ("Java", "Indonesia", "Sumatra"),
    "games": ("Go", "Chess"),
    "payments": ("Swift", "Correspondent banking"),
    "kitchen": ("Chef", "Menu planning", "Pastry"),
    "operations": ("Chef", "Ansible", "Terraform"),
    "radio": ("R", "Antennas"),
}
AMBIGUOUS = (
    ("Java", ("Spring",), "programming"),
    ("Java", ("Indonesia",), "asia"),
    ("java", ("Sumatra", "Indonesia", "Kotlin"), "asia"),
    ("Go", ("Kubernetes", "Pastry"), "programming"),
    ("Go", ("Chess",), "games"),
    ("Swift", ("Correspondent banking",), "payments"),
    ("Chef", ("Ansible", "Terraform"), "operations"),
    ("Chef", ("Menu planning",), "kitchen"),
    ("R", ("Statistics",), "programming"),
    ("R", ("k8s",), "programming"),
)


@pytest.fixture(scope="module")
def fields() -> Taxonomy:
    """Skills of a company that uses some words twice, each below its field."""
    skills = [Skill(f"own:{field}", f"Field of {field}", source="own", kind="group") for field in FIELDS]
    for field, labels in FIELDS.items():
        for label in labels:
            aliases = (Label("k8s", "en", False),) if label == "Kubernetes" else ()
            skills.append(
                Skill(
                    f"own:{field}/{label.lower().replace(' ', '-')}",
                    label,
                    (Label(label, "en", True), *aliases),
                    broader=(f"own:{field}",),
                    source="own",
                )
            )
    return Taxonomy.of(skills, TaxonomySource("own", "Own", "1", "none", ""))


@pytest.fixture
def company(draft, fields):
    return type(draft)(fields)


def held(market, row=0):
    return {claim.name: claim.skill_id for claim in market.claims_of(row)}


def meant(field, name):
    return f"own:{field}/{name.lower()}"


@pytest.mark.parametrize(("name", "beside", "field"), AMBIGUOUS)
def test_on_a_persons_record_and_on_an_opportunity_neighbours_decide_with_a_reason(company, name, beside, field):
    company.person("w1", (name, 3), *((one, 3) for one in beside))
    company.job("j", *((one, 3) for one in (*beside, name)))
    market = company.market()
    assert held(market)[name] == meant(field, name)
    assert meant(field, name) in {need.skill_id for need in market.listings[0].needs}
    (claim,) = [one for one in market.claims_of(0) if one.name == name]
    assert "of several of this name, the one that goes with “" in claim.link
    assert market.unlinked == ()
    assert meant(field, name) in {market.space.ids[at] for at in market.claims.of(0).has}


@pytest.mark.parametrize("beside", [(), ("Pastry",), ("Spring", "Indonesia"), ("unheard of",), ("Go",)])
def test_where_neighbours_say_nothing_or_disagree_a_person_is_asked(company, beside):
    company.person("w1", ("Java", 3), *((one, 3) for one in beside))
    market = company.market()
    assert held(market)["Java"] is None
    (java,) = [one for one in market.unlinked if one.label == "Java"]
    assert (java.people, {one for one, _, _ in java.candidates}) == (
        1,
        {"own:programming/java", "own:asia/java"},
    )


def test_the_same_name_means_one_thing_for_one_person_and_another_for_the_next(company):
    company.person("w1", ("Java", 3), ("Spring", 3))
    company.person("w2", ("Indonesia", 3), ("Java", 4))
    company.person("w3", ("Java", 2))
    market = company.market()
    assert [held(market, row)["Java"] for row in range(3)] == ["own:programming/java", "own:asia/java", None]
    (java,) = market.unlinked
    assert java.people == 1
    assert [row for _, row, _, _ in market.uses_of({key for key in market.names.links if key.label == "Java"})] == [2]


def test_what_any_system_says_of_a_person_counts_as_beside(company):
    company.person("w1", ("Chef", 3), employee_id="E1")
    company.assertion(ANA, "Ansible", level=2)
    assert held(company.market(people_connection="workday"))["Chef"] == "own:operations/chef"


def test_a_decision_of_a_person_wins_over_context(company):
    company.person("w1", ("Java", 3), ("Spring", 3))
    company.job("j", ("Java", 3), ("Spring", 3))
    for action, skill_id in (("map", "own:asia/java"), ("reject", None)):
        choice = Choice(NameId.of("Java"), "Java", action, skill_id, "Java")
        market = company.market(decisions=Decisions((Decision(1, 1, choice, "hr", NOW),)))
        assert held(market)["Java"] == skill_id
        assert ("own:programming/java" in {one.skill_id for one in market.listings[0].needs}) is False


def test_an_opportunity_that_does_not_settle_a_name_counts_in_the_queue_alone(company):
    company.job("a", ("Go", 3), ("Chess", 3))
    company.job("b", ("Go", 3))
    market = company.market()
    assert [(one.label, one.opportunities) for one in market.unlinked] == [("Go", 1)]


def test_finished_learning_teaches_what_its_neighbours_make_of_a_name(company):
    company.person("w1", employee_id="E1")
    company.path("l", ("Swift", None), ("Correspondent banking", None))
    company.completed(ANA, "l")
    assert "own:payments/swift" in {one.skill_id for one in company.market().claims_of(0)}


def test_the_order_in_which_records_and_names_come_changes_nothing(company):
    company.person("w1", ("Java", 3), ("Kotlin", 2), ("Spring", 3))
    company.person("w2", ("Java", 3), ("Spring", 3), ("Kotlin", 2))
    market = company.market()
    links = [{one.name: (one.skill_id, one.link) for one in market.claims_of(row)} for row in (0, 1)]
    assert links[0] == links[1]
    assert links[0]["Java"][1].endswith("“Kotlin”")
    assert person_view(market, 0).skills == person_view(company.market(previous=market), 0).skills


def test_a_market_made_from_what_changed_reads_context_as_one_made_whole(company):
    company.person("w1", ("Java", 3), ("Spring", 3))
    company.person("w2", ("Java", 3), ("Indonesia", 3))
    company.job("a", ("Go", 3), ("Chess", 3))
    company.job("b", ("Go", 3), ("Java", 2))
    before = company.market()
    person = Person(source_id="w2", name="Person w2", skills=[SkillClaim(label=one) for one in ("Go", "Java", "Chess")])
    changed = [
        ("workday", person),
        ("greenhouse", Job(source_id="a", title="Job a", needs=[SkillNeed(label="Go")])),
        ("greenhouse", Job(source_id="b", title="Job b", needs=[SkillNeed(label=one) for one in ("Go", "Kotlin")])),
    ]
    records = tuple(
        ChangedRecord(connection, f"{one.entity}s", one.entity, one.source_id, one.model_dump_json())
        for connection, one in changed
    )
    after = updated(before, Difference(1, records, beside=False), before.names.decisions, {})
    company.rows[1:] = [type(company.rows[0])(name, f"{one.entity}s", one.entity, one) for name, one in changed]
    whole = company.market()
    assert [held(after, row) for row in (0, 1)] == [held(whole, row) for row in (0, 1)]
    assert held(after, 1) == {"Go": "own:games/go", "Java": None, "Chess": "own:games/chess"}
    assert [one.needs for one in after.listings] == [one.needs for one in whole.listings]
    assert after.unlinked == whole.unlinked
    assert [(one.label, one.people, one.opportunities) for one in after.unlinked] == [("Go", 0, 1), ("Java", 1, 0)]
    assert held(before, 1)["Java"] == "own:asia/java"
