"""Names that several skills go by mean, record by record, the one that goes with what is named beside them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from echo_core.model import Job, Person, PersonRef, Requirement, SkillClaim
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy, TaxonomySource
from echo_hub.services.people import person_view
from echo_hub.snapshot.skill_graph.decisions import Decisions
from echo_hub.snapshot.update import updated
from echo_hub.store.changes import ChangedRecord, Difference
from echo_hub.store.ledger import Decision
from echo_hub.store.name_decisions import NameChoice, NameId

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


def held(snapshot, row=0):
    return {claim.name: claim.skill_id for claim in snapshot.claims_of(row)}


def meant(field, name):
    return f"own:{field}/{name.lower()}"


@pytest.mark.parametrize(("name", "beside", "field"), AMBIGUOUS)
def test_on_a_persons_record_and_on_an_opportunity_neighbours_decide_with_a_reason(company, name, beside, field):
    company.person("w1", (name, 3), *((one, 3) for one in beside))
    company.job("j", *((one, 3) for one in (*beside, name)))
    snapshot = company.snapshot()
    assert held(snapshot)[name] == meant(field, name)
    assert meant(field, name) in {requirement.skill_id for requirement in snapshot.listings[0].requirements}
    (claim,) = [one for one in snapshot.claims_of(0) if one.name == name]
    assert claim.link.id == "link-in-context"
    assert snapshot.unlinked == ()
    assert meant(field, name) in {snapshot.space.ids[at] for at in snapshot.claims.of(0).has}


@pytest.mark.parametrize("beside", [(), ("Pastry",), ("Spring", "Indonesia"), ("unheard of",), ("Go",)])
def test_where_neighbours_say_nothing_or_disagree_a_person_is_asked(company, beside):
    company.person("w1", ("Java", 3), *((one, 3) for one in beside))
    snapshot = company.snapshot()
    assert held(snapshot)["Java"] is None
    (java,) = [one for one in snapshot.unlinked if one.label == "Java"]
    assert (java.people, {one for one, _, _ in java.candidates}) == (
        1,
        {"own:programming/java", "own:asia/java"},
    )


def test_the_same_name_means_one_thing_for_one_person_and_another_for_the_next(company):
    company.person("w1", ("Java", 3), ("Spring", 3))
    company.person("w2", ("Indonesia", 3), ("Java", 4))
    company.person("w3", ("Java", 2))
    snapshot = company.snapshot()
    assert [held(snapshot, row)["Java"] for row in range(3)] == ["own:programming/java", "own:asia/java", None]
    (java,) = snapshot.unlinked
    assert java.people == 1
    assert [row for _, row, _, _ in snapshot.uses_of({key for key in snapshot.names.links if key.label == "Java"})] == [
        2
    ]


def test_what_any_system_says_of_a_person_counts_as_beside(company):
    company.person("w1", ("Chef", 3), employee_id="E1")
    company.assertion(ANA, "Ansible", level=2)
    assert held(company.snapshot(people_connection="workday"))["Chef"] == "own:operations/chef"


def test_a_decision_of_a_person_wins_over_context(company):
    company.person("w1", ("Java", 3), ("Spring", 3))
    company.job("j", ("Java", 3), ("Spring", 3))
    for action, skill_id in (("map", "own:asia/java"), ("reject", None)):
        choice = NameChoice(NameId.of("Java"), "Java", action, skill_id, "Java")
        snapshot = company.snapshot(decisions=Decisions((Decision(1, 1, choice, "hr", NOW),)))
        assert held(snapshot)["Java"] == skill_id
        assert ("own:programming/java" in {one.skill_id for one in snapshot.listings[0].requirements}) is False


def test_an_opportunity_that_does_not_settle_a_name_counts_in_the_queue_alone(company):
    company.job("a", ("Go", 3), ("Chess", 3))
    company.job("b", ("Go", 3))
    snapshot = company.snapshot()
    assert [(one.label, one.opportunities) for one in snapshot.unlinked] == [("Go", 1)]


def test_finished_learning_teaches_what_its_neighbours_make_of_a_name(company):
    company.person("w1", employee_id="E1")
    company.path("l", ("Swift", None), ("Correspondent banking", None))
    company.completed(ANA, "l")
    assert "own:payments/swift" in {one.skill_id for one in company.snapshot().claims_of(0)}


def test_the_order_in_which_records_and_names_come_changes_nothing(company):
    company.person("w1", ("Java", 3), ("Kotlin", 2), ("Spring", 3))
    company.person("w2", ("Java", 3), ("Spring", 3), ("Kotlin", 2))
    snapshot = company.snapshot()
    links = [{one.name: (one.skill_id, one.link) for one in snapshot.claims_of(row)} for row in (0, 1)]
    assert links[0] == links[1]
    assert links[0]["Java"][1].values["beside"] == "Kotlin"
    assert person_view(snapshot, 0).skills == person_view(company.snapshot(previous=snapshot), 0).skills


def test_a_market_made_from_what_changed_reads_context_as_one_made_whole(company):
    company.person("w1", ("Java", 3), ("Spring", 3))
    company.person("w2", ("Java", 3), ("Indonesia", 3))
    company.job("a", ("Go", 3), ("Chess", 3))
    company.job("b", ("Go", 3), ("Java", 2))
    before = company.snapshot()
    person = Person(source_id="w2", name="Person w2", skills=[SkillClaim(label=one) for one in ("Go", "Java", "Chess")])
    changed = [
        ("workday", person),
        ("greenhouse", Job(source_id="a", title="Job a", requirements=[Requirement(label="Go")])),
        (
            "greenhouse",
            Job(source_id="b", title="Job b", requirements=[Requirement(label=one) for one in ("Go", "Kotlin")]),
        ),
    ]
    records = tuple(
        ChangedRecord(connection, f"{one.entity}s", one.entity, one.source_id, one.model_dump_json(), 1)
        for connection, one in changed
    )
    after = updated(before, Difference(1, records, beside=False), before.names.decisions, {})
    company.rows[1:] = [type(company.rows[0])(name, f"{one.entity}s", one.entity, one) for name, one in changed]
    whole = company.snapshot()
    assert [held(after, row) for row in (0, 1)] == [held(whole, row) for row in (0, 1)]
    assert held(after, 1) == {"Go": "own:games/go", "Java": None, "Chess": "own:games/chess"}
    assert [one.requirements for one in after.listings] == [one.requirements for one in whole.listings]
    assert after.unlinked == whole.unlinked
    assert [(one.label, one.people, one.opportunities) for one in after.unlinked] == [("Go", 0, 1), ("Java", 1, 0)]
    assert held(before, 1)["Java"] == "own:asia/java"
