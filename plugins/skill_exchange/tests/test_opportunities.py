"""The annotation convention and search documents, field by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from echo_core.connectors import RecordError
from echo_core.model import Excluded, Mentorship, PersonRef, Project
from echo_hub_skill_exchange.annotations import CONVENTION
from echo_hub_skill_exchange.config import SkillExchangeConfig
from echo_hub_skill_exchange.entities import Component, SearchResult
from echo_hub_skill_exchange.opportunities import Reading, document_key, read_component, read_result

Make = Callable[..., SkillExchangeConfig]


def component(annotations: dict[str, str] | None = None, *, spec: Any = None, **metadata: Any) -> dict[str, Any]:
    marked = {f"echo-hub.example/{key}": value for key, value in (annotations or {}).items()}
    spec = {"type": "opportunity", "owner": "group:default/lyrics"} if spec is None else spec
    return {
        "kind": "Component",
        "metadata": {"name": "Gig-1", "title": "A gig", "uid": "u1", "annotations": marked, **metadata},
        "spec": spec,
    }


def read(config: SkillExchangeConfig, annotations: dict[str, str] | None = None, **more: Any) -> Reading:
    return read_component(Component.model_validate(component(annotations, **more)), config)


def mapped(config: SkillExchangeConfig, annotations: dict[str, str] | None = None, **more: Any) -> Any:
    return read(config, annotations, **more).record


def dropped(reading: Reading) -> list[str]:
    return [problem.field for problem in reading.problems]


@pytest.mark.parametrize(
    ("word", "entity", "detail", "seats"),
    [
        ("project", Project, "project", 1),
        ("embed", Project, "embed", 1),
        ("hack", Project, "hack", None),
        ("collab", Project, "collab", 1),
        ("Help wanted", Project, "collab", 1),
        ("hackathon", Project, "hack", None),
        ("mentorship", Mentorship, "recurring", 1),
        ("Pair Programming", Mentorship, "one_off", 1),
        ("pair", Mentorship, "one_off", 1),
        ("", Project, "project", 1),
    ],
)
def test_kinds_map_as_the_table_says(
    make_config: Make, word: str, entity: type, detail: str, seats: int | None
) -> None:
    reading = read(make_config(), {"opportunity": word})
    record: Any = reading.record
    assert type(record) is entity
    assert (record.project_kind if entity is Project else record.session) == detail
    assert record.seats == seats
    assert reading.problems == ()


def test_everything_the_convention_offers_is_read(make_config: Make) -> None:
    annotations = {
        "opportunity": "embed",
        "status": "paused",
        "start-date": "2027-01-11",
        "end-date": "2027-03-05T18:00:00+01:00",
        "weekly-hours": "16",
        "duration-weeks": "7.5",
        "location": "Stockholm\n HQ",
        "countries": "se, DE",
        "remote": "Hybrid",
        "seats": "3",
        "seats-taken": "1",
        "skills": "graphql:4, typescript, go?",
        "desired-skills": "kotlin:2, GraphQL",
        "languages": "EN, pt-br",
        "contact": "ada",
        "apply-url": "https://forms.corp.example/1",
        "direction": "offer",
    }
    assert set(annotations) == {name for name, _, _ in CONVENTION}
    reading = read(make_config(), annotations, description="Do it.\x07", tags=["graphql", "opportunity"])
    record = reading.record
    assert isinstance(record, Project)
    assert reading.problems == ()
    assert record.source_id == "component:default/gig-1"
    assert record.source_url == "https://backstage.corp.example/catalog/default/component/gig-1"
    assert (record.title, record.description, record.status) == ("A gig", "Do it.", "paused")
    assert (record.starts_on, record.ends_on) == (date(2027, 1, 11), date(2027, 3, 5))
    assert (record.hours_per_week, record.duration_weeks) == (16, 7.5)
    assert (record.location, record.countries, record.remote) == ("Stockholm HQ", ("SE", "DE"), "hybrid")
    assert (record.seats, record.seats_taken) == (3, 1)
    assert record.languages == ("en", "pt-BR")
    assert record.owner == PersonRef(scheme="source", value="user:default/ada")
    assert record.org_unit_ids == ("group:default/lyrics",)
    assert record.apply_url == "https://forms.corp.example/1"
    assert record.tags == ("graphql", "opportunity")
    assert [(requirement.label, requirement.importance, requirement.level) for requirement in record.requirements] == [
        ("graphql", "essential", 4),
        ("typescript", "essential", None),
        ("go", "desired", None),
        ("kotlin", "desired", 2),
    ]


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("opportunity", "gigantic", "project_kind", "project"),
        ("status", "opne", "status", "paused"),
        ("start-date", "soon", "starts_on", None),
        ("start-date", "2027-13-40", "starts_on", None),
        ("end-date", "11.01.2027", "ends_on", None),
        ("weekly-hours", "a few", "hours_per_week", None),
        ("weekly-hours", "nan", "hours_per_week", None),
        ("weekly-hours", "0", "hours_per_week", None),
        ("weekly-hours", "500", "hours_per_week", None),
        ("duration-weeks", "-3", "duration_weeks", None),
        ("seats", "two", "seats", 1),
        ("seats-taken", "-1", "seats_taken", 0),
        ("remote", "sometimes", "remote", None),
        ("countries", "Sweden", "countries", ()),
        ("languages", "en_US!", "languages", ()),
        ("contact", "group:default/lyrics", "owner", None),
        (
            "apply-url",
            "javascript:alert(1)",
            "apply_url",
            "https://backstage.corp.example/catalog/default/component/gig-1",
        ),
        ("skills", "python:guru", "hours_per_week", None),
    ],
)
def test_a_malformed_value_is_left_out_and_the_row_is_kept(
    make_config: Make, name: str, value: str, field: str, expected: Any
) -> None:
    reading = read(make_config(), {"opportunity": "project", name: value})
    assert isinstance(reading.record, Project)
    assert getattr(reading.record, field) == expected
    assert dropped(reading) == [name]
    assert reading.problems[0].reason


@pytest.mark.parametrize("name", [name for name, _, _ in CONVENTION])
def test_an_empty_value_is_absent_not_malformed(make_config: Make, name: str) -> None:
    reading = read(make_config(), {"opportunity": "embed", name: " "})
    assert reading.problems == ()


def test_an_end_before_the_start_is_left_out(make_config: Make) -> None:
    reading = read(make_config(), {"start-date": "2027-02-01", "end-date": "2027-01-01"})
    assert isinstance(reading.record, Project)
    assert (reading.record.starts_on, reading.record.ends_on) == (date(2027, 2, 1), None)
    assert dropped(reading) == ["end-date"]


def test_a_problem_shows_a_short_clean_value(make_config: Make) -> None:
    problem = read(make_config(), {"start-date": "x\x1b[31m" + "y" * 200}).problems[0]
    assert len(problem.value) <= 60
    assert problem.value.isprintable()


def test_a_mentor_teaches_and_a_request_asks(make_config: Make) -> None:
    offer = mapped(make_config(), {"opportunity": "mentorship", "skills": "python:5, go?"})
    assert {requirement.importance for requirement in offer.requirements} == {"teaches"}
    wish = mapped(make_config(), {"opportunity": "mentorship", "direction": "request", "skills": "python:5"})
    assert wish.direction == "request"
    assert {requirement.importance for requirement in wish.requirements} == {"essential"}


def test_a_mentorship_of_unknown_direction_is_quarantined(make_config: Make) -> None:
    with pytest.raises(RecordError) as caught:
        read(make_config(), {"opportunity": "mentorship", "direction": "both"})
    assert caught.value.field == "annotations.direction"
    assert "offer, request" in caught.value.detail


@pytest.mark.parametrize(
    ("spec", "relations", "owner", "team"),
    [
        ({"owner": "lyrics"}, [], None, "group:default/lyrics"),
        ({"owner": "user:ada"}, [], "user:default/ada", None),
        ({"owner": "x"}, [{"type": "ownedBy", "targetRef": "user:default/Bo"}], "user:default/bo", None),
        ({}, [], None, None),
        ({"owner": "not a ref"}, [], None, None),
    ],
)
def test_the_owner_is_a_person_or_a_team(
    make_config: Make, spec: dict[str, str], relations: list[dict[str, str]], owner: str | None, team: str | None
) -> None:
    raw = component({"opportunity": "project"}, spec=spec)
    raw["relations"] = relations
    record: Any = read_component(Component.model_validate(raw), make_config()).record
    assert (record.owner.value if record.owner else None) == owner
    assert record.org_unit_ids == ((team,) if team else ())


def test_a_bad_contact_leaves_the_owner(make_config: Make) -> None:
    record = mapped(make_config(), {"contact": "ask around"}, spec={"owner": "user:default/bo"})
    assert record.owner.value == "user:default/bo"


def test_tags_stand_in_for_skills_only_when_none_is_listed(make_config: Make) -> None:
    tags = ["python", "help-wanted", "audio"]
    record = mapped(make_config(), {"opportunity": "project"}, tags=tags)
    assert [(requirement.label, requirement.importance, requirement.origin) for requirement in record.requirements] == [
        ("python", "desired", "vendor_tag"),
        ("audio", "desired", "vendor_tag"),
    ]
    assert [requirement.label for requirement in mapped(make_config(), {"skills": "go"}, tags=tags).requirements] == [
        "go"
    ]
    assert mapped(make_config(tags_as_skills=False), {}, tags=tags).requirements == ()


def test_system_lifecycle_and_links_are_read(make_config: Make) -> None:
    spec = {"owner": "lyrics", "system": "player", "lifecycle": "deprecated"}
    links = [{"url": "https://git.example/x"}, {"url": "/apply/here", "type": "apply"}]
    record = mapped(make_config(), {}, spec=spec, links=links)
    assert record.tags == ("system:player",)
    assert record.status == "closed"
    assert record.apply_url == "https://backstage.corp.example/apply/here"
    assert mapped(make_config(), {"status": "open"}, spec=spec).status == "open"


def test_the_link_template_is_filled_and_encoded(make_config: Make) -> None:
    config = make_config(app_url="https://portal.corp.example", link_template="/gigs?ref={ref}&u={id}&t={title}")
    record = mapped(config, {}, title="A & B/ü")
    assert record.apply_url == (
        "https://portal.corp.example/gigs?ref=component%3Adefault%2Fgig-1&u=u1&t=A%20%26%20B%2F%C3%BC"
    )
    assert mapped(make_config(link_template="javascript:{id}"), {}).apply_url.startswith("https://backstage")


def test_a_component_without_uid_title_or_annotations_is_kept(make_config: Make) -> None:
    raw = {"kind": "Component", "metadata": {"name": "bare"}, "spec": {"type": "opportunity"}}
    record: Any = read_component(Component.model_validate(raw), make_config()).record
    assert (record.source_id, record.title, record.status) == ("component:default/bare", "bare", "open")


def document(**fields: Any) -> SearchResult:
    stored = {"title": "Pair on caches", "text": "Long.", "location": "/skill-exchange/gigs/1", **fields}
    return SearchResult.model_validate({"type": "gigs", "document": stored, "highlight": {"preTag": "<x>"}})


def result(config: SkillExchangeConfig, **fields: Any) -> Any:
    return read_result(document(**fields), config).record


def test_a_search_document_gives_title_and_link_only(make_config: Make) -> None:
    record = result(make_config())
    assert isinstance(record, Project)
    assert record.source_id == "/skill-exchange/gigs/1"
    assert record.source_url == record.apply_url == "https://backstage.corp.example/skill-exchange/gigs/1"
    assert (record.title, record.description, record.requirements, record.owner) == ("Pair on caches", "", (), None)
    assert "preTag" not in document().model_dump_json()


def test_the_field_map_widens_it(make_config: Make) -> None:
    config = make_config(
        field_map={
            "description": "text",
            "opportunity": "kind",
            "skills": "needs",
            "contact": "host.ref",
            "remote": "far",
            "weekly-hours": "hours",
            "tags": "labels",
            "seats": "gone",
        }
    )
    record = result(
        config,
        kind="pair",
        needs=["redis:3", "go"],
        host={"ref": "user:default/lars"},
        far=True,
        hours=4,
        labels=["a"],
    )
    assert isinstance(record, Mentorship)
    assert (record.session, record.description, record.remote, record.hours_per_week) == (
        "one_off",
        "Long.",
        "remote",
        4,
    )
    assert [(requirement.label, requirement.level, requirement.importance) for requirement in record.requirements] == [
        ("redis", 3, "teaches"),
        ("go", None, "teaches"),
    ]
    assert record.owner == PersonRef(scheme="source", value="user:default/lars")
    assert record.tags == ("a",)


def test_the_operator_says_what_a_document_is_when_it_does_not(make_config: Make) -> None:
    assert isinstance(result(make_config(search_kind="mentorship")), Mentorship)


def test_catalog_pages_are_left_to_the_catalog_stream(make_config: Make) -> None:
    location = "/catalog/default/component/graphql-embed"
    assert result(make_config(), location=location) == Excluded(
        entity="project", source_id=location, rule="catalog_entity"
    )
    alone = make_config(sources={"catalog_opportunities": False})
    assert isinstance(result(alone, location=location), Project)


def test_a_long_location_is_hashed_and_a_dangerous_one_opens_nothing(make_config: Make) -> None:
    long = "/gigs/" + "x" * 300
    record = result(make_config(), location=long)
    assert record.source_id.startswith("sha256:")
    assert len(record.source_id) == 71
    assert record.source_url.endswith("x")
    assert result(make_config(), location="javascript:alert(1)").apply_url is None


@pytest.mark.parametrize("fields", [{"location": None}, {"location": " "}, {"title": ""}, {"title": None}])
def test_a_document_without_title_or_location_is_quarantined(make_config: Make, fields: dict[str, Any]) -> None:
    with pytest.raises(RecordError):
        result(make_config(), **fields)


def test_the_key_of_a_broken_document_is_none() -> None:
    assert document_key({"document": None}) is None
    assert document_key({"document": {"location": 3}}) is None
