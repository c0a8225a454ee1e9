"""What real people see: a sensible order, reasons that add up, and nothing they may not have.

The person is from a recorded Workday report. Recorded people reports carry no skills, so her skills come from a skills
report written by hand (conftest.SKILLS) and served by the same sandbox; everything she is matched with is real. A
second list needs no invented word: Backstage's recorded users carry recorded skills.
"""

from __future__ import annotations

from typing import Any

import pytest

from echo_core.model.message import Message
from echo_hub.services.explain import explain, opportunity
from echo_hub.services.feed import for_you
from echo_hub.services.search import search
from echo_hub.surfaces.messages.wording import worded

pytestmark = pytest.mark.real_input

ENGINEER = "workday:person:E8888"
REMOTE_US = "board-gitlab-b:job:8565469002"
REMOTE_INDIA = "board-gitlab-a:job:8556658002"


@pytest.fixture(scope="module")
def engineer(world: Any) -> Any:
    """The whole list of the Sr Staff Security Engineer in San Francisco."""
    return worded(for_you(world.snapshot, ENGINEER, limit=50))


def texts(card: Any) -> list[str]:
    return [reason.text for reason in card.reasons]


def test_her_profile_is_the_recorded_row_and_the_skills_with_who_said_so(engineer: Any) -> None:
    person = engineer.person
    assert (person.name, person.title) == ("PrefNamedHere", "Sr Staff Security Engineer")
    assert (person.country, person.time_zone, person.org_unit) == (
        "US",
        "America/Los_Angeles",
        "Test Productivity (Lead Name)",
    )
    skills = {skill.skill: (skill.level, skill.asserter, skill.linked) for skill in person.skills}
    assert skills == {
        "Python (computer programming)": (5, "person", True),
        "cyber security": (5, "manager", True),
        "JavaScript": (4, "person", True),
        "SQL": (4, "assessment", True),
        "systems thinking": (4, "person", True),
        "TypeScript": (3, "person", True),
        "cloud security and compliance": (3, "person", True),
        "Kubernetes": (4, "person", False),
    }


def test_the_remote_ai_engineer_in_her_country_comes_first(engineer: Any) -> None:
    first = engineer.cards[0]
    assert (first.id, first.kind, first.title, first.rank) == (REMOTE_US, "job", "AI Engineer", 1)
    assert sorted(texts(first)) == sorted(
        [
            "You have JavaScript at level 4, the job asks for it",
            "You have systems thinking at level 4, the job asks for it",
            "You have TypeScript at level 3, the job asks for it",
            "You have Python (computer programming) at level 5, the job asks for it",
            "Can be done remotely",
            "Is in English, which everyone is taken to understand",
            "What is on file about the skills it needs weighs no more than a self-assessment, which counts a little",
        ]
    )
    gaps = {gap.text for gap in first.gaps}
    assert "theory of constraints is not on your profile, the job asks for it" in gaps
    assert "data models is not on your profile, the job asks for it" in gaps


def test_the_list_holds_what_shares_a_skill_with_her_and_nothing_else(world: Any, engineer: Any) -> None:
    hers = {skill.skill_id for skill in engineer.person.skills if skill.skill_id}
    shares = {
        one.id for one in world.snapshot.listings if {requirement.skill_id for requirement in one.requirements} & hers
    }
    # The same role for people in India is remote within India: her country's gate is closed.
    assert {card.id for card in engineer.cards} == shares - {REMOTE_INDIA}
    assert len(engineer.cards) == engineer.total == 8
    assert {card.kind for card in engineer.cards} == {"job", "project"}
    assert "board-anthropic:job:5023394008" not in shares


def test_the_order_is_that_of_the_scores_and_the_ranks_count_it(engineer: Any) -> None:
    scores = [card.score for card in engineer.cards]
    assert scores == sorted(scores, reverse=True)
    assert [card.rank for card in engineer.cards] == list(range(1, len(scores) + 1))
    place = {card.title: card.rank for card in engineer.cards}
    # Half of what is asked before what is asked in passing; one skill of the six a post asks for comes last.
    halves = (place["AI Creative Lead"], place["Analyst, Credit Risk Management - Consumer"])
    assert place["AI Engineer"] < min(halves)
    assert max(halves) < place["Customer Data Scientist - Experimentation"] < place["AI Video Specialist"]
    assert place["Client Support Analyst I"] == len(scores)


def test_the_contributions_of_every_card_sum_to_its_score(world: Any, engineer: Any) -> None:
    everybody = [worded(for_you(world.snapshot, person.id, limit=50)) for person in world.snapshot.people]
    cards = [card for found in everybody for card in found.cards]
    assert len(cards) > len(engineer.cards)
    for card in cards:
        assert sum(reason.contribution for reason in card.reasons) == pytest.approx(card.score, abs=1e-9)
        assert 0 < card.score <= 1
        assert all(reason.text for reason in card.reasons)


def test_an_assessed_skill_says_that_it_is_more_than_a_claim(engineer: Any) -> None:
    (analyst,) = (card for card in engineer.cards if card.title.startswith("Analyst"))
    assert "You have SQL at level 4, the job asks for it" in texts(analyst)
    assert "SQL is confirmed by more than a self-assessment" in texts(analyst)
    assert [gap.text for gap in analyst.gaps] == [
        "risk management is not on your profile, only assumed from your title Sr Staff Security Engineer; "
        "the job asks for it",
        "solve problems is not on your profile, the job asks for it",
    ]


def test_recorded_projects_stand_beside_the_jobs_with_their_own_reasons(engineer: Any) -> None:
    projects = {card.title: card for card in engineer.cards if card.kind == "project"}
    assert set(projects) == {"GraphQL embed in the lyrics squad", "Lyrics hack: live translation"}
    embed = projects["GraphQL embed in the lyrics squad"]
    assert "You have TypeScript at level 3, the project would like it" in texts(embed)
    assert (embed.org_unit, str(embed.starts_on), embed.seats_left) == ("lyrics", "2027-01-11", 1)
    assert embed.source_url == "https://backstage.example/catalog/default/component/graphql-embed"


def test_a_closed_gate_is_explained_and_never_opened_by_points(world: Any) -> None:
    told = worded(explain(world.snapshot, ENGINEER, REMOTE_INDIA))
    assert told.eligible is False
    closed = [gate.text for gate in told.gates if not gate.passed]
    assert closed == ["Is open in India; you are in United States."]
    assert told.score > 0.2


def test_a_hidden_opportunity_says_which_rule_hides_it(world: Any) -> None:
    from echo_hub.services.errors import UnknownOpportunityError

    with pytest.raises(UnknownOpportunityError) as caught:
        opportunity(world.snapshot, "backstage:project:component:default/old-hack")
    assert caught.value.why == Message("hidden-not-open")


def test_somebody_without_a_skill_sees_all_four_kinds_that_are_open_to_him(world: Any) -> None:
    found = for_you(world.snapshot, "31337", limit=50)
    assert (found.person.name, found.person.worker_type, found.person.country) == ("Noble Donna", "contingent", "FR")
    assert found.person.skills == ()
    assert {card.kind for card in found.cards} == {"job", "project", "mentorship", "learning_path"}
    assert not any(reason.skill_id for card in found.cards for reason in card.reasons)
    # Remote posts limited to other countries are not for him.
    assert {REMOTE_US, REMOTE_INDIA, "board-gitlab-a:job:8503792002"} & {card.id for card in found.cards} == set()


def test_search_finds_a_real_course_by_its_words_in_any_language(world: Any) -> None:
    assert search(world.snapshot, "Cloud Security").cards[0].title == "CompTIA Cloud+: Cloud Security Controls"
    assert search(world.snapshot, "Yammer").cards[0].title == "Optimiser le travail et gérer les réseaux"
    assert [card.kind for card in search(world.snapshot, "Kubernetes mentoring").cards[:1]] == ["mentorship"]


def test_a_recorded_user_with_recorded_skills_gets_a_list_in_which_no_word_is_ours(people_by_backstage: Any) -> None:
    assert people_by_backstage.joins["profile"] == 6
    ada = worded(for_you(people_by_backstage, "ada@example.com", limit=50))
    assert {skill.skill: skill.linked for skill in ada.person.skills} == {
        "Python (computer programming)": True,
        "graphql": False,
    }
    first = ada.cards[0]
    assert (first.kind, first.title) == ("project", "Lyrics hack: live translation")
    assert texts(first)[0] == "You have Python (computer programming) (level not stated), the project would like it"
    assert {card.kind for card in ada.cards} == {"project", "job"}
    # Everything on her list names Python; nobody told the hub where she is, so no country shuts her out.
    python = next(skill.skill_id for skill in ada.person.skills if skill.linked)
    assert all(any(reason.skill_id == python for reason in card.reasons) for card in ada.cards)
    assert {REMOTE_US, REMOTE_INDIA} <= {card.id for card in ada.cards}
