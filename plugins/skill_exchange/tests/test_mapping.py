"""People, teams and experts: one table per rule of the mapping."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from echo_core.connectors import RecordError
from echo_core.model import Excluded, OrgUnit, Person, PersonRef, Preferences, SkillAssertion
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.entities import ExpertFinding, Group, User
from echo_hub_skill_exchange.mapping import expert_key, map_expert, map_person, map_team, read_preferences, value_at

Make = Callable[..., SkillExchangeConfig]


def person(config: SkillExchangeConfig, raw: dict[str, Any]) -> Any:
    (result,) = map_person(User.model_validate(raw), config)
    return result


def team(config: SkillExchangeConfig, raw: dict[str, Any]) -> Any:
    (result,) = map_team(Group.model_validate(raw), config)
    return result


def user(**metadata: Any) -> dict[str, Any]:
    return {"kind": "User", "metadata": {"name": "Ada", **metadata}, "spec": {"profile": {"email": "Ada@Corp.Example"}}}


def test_a_user_becomes_a_person(make_config: Make) -> None:
    raw = user(annotations={"echo-hub.example/employee-id": " E7 ", "echo-hub.example/skills": "python:4, go"})
    raw["spec"]["profile"]["displayName"] = "Ada\x00 Lovelace"
    raw["relations"] = [
        {"type": "memberOf", "targetRef": "group:default/Lyrics"},
        {"type": "ownerOf", "targetRef": "component:default/x"},
        {"type": "memberOf", "targetRef": "group:default/lyrics"},
    ]
    mapped = person(make_config(), raw)
    assert isinstance(mapped, Person)
    assert mapped.source_id == "user:default/ada"
    assert mapped.source_url == "https://backstage.corp.example/catalog/default/user/ada"
    assert (mapped.name, mapped.work_email, mapped.employee_id) == ("Ada Lovelace", "ada@corp.example", "E7")
    assert mapped.teams == ("group:default/lyrics",)
    assert [(claim.label, claim.level, claim.stance, claim.asserter) for claim in mapped.skills] == [
        ("python", 4, "has", "person"),
        ("go", None, "has", "person"),
    ]


def test_what_a_user_wants_to_learn_is_a_claim_of_another_stance(make_config: Make) -> None:
    raw = user(annotations={"echo-hub.example/skills": "python:4", "echo-hub.example/wants-to-learn": "kafka, go:2"})
    assert [(claim.label, claim.level, claim.stance) for claim in person(make_config(), raw).skills] == [
        ("python", 4, "has"),
        ("kafka", None, "wants_to_learn"),
        ("go", 2, "wants_to_learn"),
    ]


def test_what_a_user_would_like_is_written_as_for_an_opportunity(make_config: Make) -> None:
    wishes = {"weekly-hours": "8", "remote": "true", "countries": "se, DE", "start-date": "2027-01-11"}
    raw = user(annotations={f"echo-hub.example/{name}": value for name, value in wishes.items()})
    assert person(make_config(), raw).preferences == Preferences(
        hours_per_week=8, remote=True, countries=("SE", "DE"), starts_from=date(2027, 1, 11)
    )


def test_who_says_nothing_or_nothing_readable_is_open_to_all(make_config: Make) -> None:
    raw = user(annotations={"echo-hub.example/weekly-hours": "a few", "echo-hub.example/remote": "hybrid"})
    assert person(make_config(), raw).preferences is None
    _, problems = read_preferences(User.model_validate(raw), make_config())
    assert [problem.field for problem in problems] == ["weekly-hours"]


def test_relations_win_over_short_names_and_short_names_are_completed(make_config: Make) -> None:
    raw = user(namespace="guests")
    raw["spec"]["memberOf"] = ["lyrics", "group:default/platform", "not a ref"]
    assert person(make_config(), raw).teams == ("group:guests/lyrics", "group:default/platform")
    raw["relations"] = [{"type": "memberOf", "targetRef": "group:default/other"}]
    assert person(make_config(), raw).teams == ("group:default/other",)


@pytest.mark.parametrize("profile", [None, {}, {"email": None}, {"email": ""}, {"email": "nobody"}, {"email": "a b@c"}])
def test_a_user_without_a_usable_address_is_kept(make_config: Make, profile: dict[str, Any] | None) -> None:
    raw = user()
    raw["spec"]["profile"] = profile
    mapped = person(make_config(), raw)
    assert mapped.work_email is None
    assert mapped.name == "Ada"


@pytest.mark.parametrize(
    "raw",
    [
        {"kind": "User", "metadata": {"name": "ada"}},
        {"kind": "User", "metadata": {"name": "ada", "annotations": None, "namespace": None}, "spec": None},
        {"kind": "user", "metadata": {"name": "ADA", "uid": None}, "spec": {}, "relations": None},
    ],
)
def test_a_bare_user_is_a_person_too(make_config: Make, raw: dict[str, Any]) -> None:
    assert person(make_config(), raw).source_id == "user:default/ada"


def test_an_orphan_is_still_present(make_config: Make) -> None:
    raw = user(annotations={"backstage.io/orphan": "true"})
    assert User.model_validate(raw).orphan
    assert isinstance(person(make_config(), raw), Person)


def test_the_picture_is_never_kept(make_config: Make) -> None:
    raw = user()
    raw["spec"]["profile"]["picture"] = "https://avatars.example/ada.png"
    assert "avatars" not in User.model_validate(raw).model_dump_json() + person(make_config(), raw).model_dump_json()


def test_namespaces_outside_the_list_are_excluded_by_rule(make_config: Make) -> None:
    config = make_config(namespaces=["Default"])
    assert isinstance(person(config, user()), Person)
    left_out = person(config, user(namespace="guests"))
    assert left_out == Excluded(entity="person", source_id="user:guests/ada", rule="namespace")
    assert team(config, {"kind": "Group", "metadata": {"name": "x", "namespace": "guests"}}).rule == "namespace"


def test_custom_annotation_keys_are_honoured(make_config: Make) -> None:
    config = make_config(employee_id_annotation="corp.example/hr", skills_annotation="corp.example/can")
    mapped = person(config, user(annotations={"corp.example/hr": "77", "corp.example/can": "rust"}))
    assert (mapped.employee_id, mapped.skills[0].label) == ("77", "rust")


@pytest.mark.parametrize(
    ("relations", "spec", "parent"),
    [
        ([{"type": "childOf", "targetRef": "group:default/eng"}], {"parent": "other"}, "group:default/eng"),
        ([], {"parent": "eng"}, "group:default/eng"),
        ([], {"parent": "lyrics"}, None),
        ([{"type": "childOf", "targetRef": "group:default/Lyrics"}], {}, None),
        ([], {}, None),
    ],
)
def test_a_group_becomes_a_team_that_is_never_its_own_parent(
    make_config: Make, relations: list[dict[str, str]], spec: dict[str, Any], parent: str | None
) -> None:
    mapped = team(
        make_config(), {"kind": "Group", "metadata": {"name": "lyrics"}, "spec": spec, "relations": relations}
    )
    assert isinstance(mapped, OrgUnit)
    assert (mapped.source_id, mapped.unit_kind, mapped.parent_id) == ("group:default/lyrics", "team", parent)
    assert mapped.name == "lyrics"


def test_values_are_found_by_dotted_path_and_by_dotted_key() -> None:
    document = {"a": {"b": 1}, "c.d": 2, "e": {"f.g": 3}}
    assert [value_at(document, path) for path in ("a.b", "c.d", "e.f.g", "a.x", "a.b.c")] == [1, 2, 3, None, None]


def finding(**expert: Any) -> ExpertFinding:
    return ExpertFinding.model_validate(
        {"skill_id": "7", "skill_name": "Python", "skill_category": "LANGUAGES", "expert": expert}
    )


@pytest.mark.parametrize(
    ("expert", "stance", "level"),
    [
        ({"who": "user:default/ada", "level": 4, "mentors": True}, "teaches", 4),
        ({"who": "ada", "level": "expert", "mentors": "no"}, "has", 5),
        ({"who": "ada", "level": "wizard"}, "has", None),
        ({"who": "ada"}, "has", None),
    ],
)
def test_an_expert_becomes_a_claim_by_the_vendor(
    make_config: Make, expert: dict[str, Any], stance: str, level: int | None
) -> None:
    config = make_config(actions={"expert": "who", "expert_level": "level", "expert_teaches": "mentors"})
    (mapped,) = map_expert(finding(**expert), config)
    assert isinstance(mapped, SkillAssertion)
    assert mapped.person == PersonRef(scheme="source", value="user:default/ada")
    assert mapped.source_id == "user:default/ada|7" == expert_key({"skill_id": "7", "expert": expert}, config)
    claim = mapped.claim
    assert (claim.label, claim.scheme, claim.external_id) == ("Python", "skill-exchange", "7")
    assert (claim.stance, claim.level, claim.asserter) == (stance, level, "vendor")
    assert claim.evidence == "Skill Exchange category LANGUAGES"


def test_being_listed_may_mean_teaching(make_config: Make) -> None:
    (mapped,) = map_expert(finding(who="a@corp.example"), make_config(actions={"expert": "who", "stance": "teaches"}))
    assert isinstance(mapped, SkillAssertion)
    assert mapped.claim.stance == "teaches"
    assert mapped.person.scheme == "email"


@pytest.mark.parametrize("named", [None, 17, "", "two words"])
def test_an_expert_nobody_can_name_is_quarantined(make_config: Make, named: Any) -> None:
    with pytest.raises(RecordError) as caught:
        list(map_expert(finding(who=named), make_config(actions={"expert": "who"})))
    assert caught.value.field == "expert.who"
