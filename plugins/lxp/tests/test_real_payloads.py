"""Payloads from real platforms: every record accounted for, the known figures hold, reading twice changes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from echo_hub_lxp.config import LxpConfig
from echo_hub_lxp.statements import ingest_statements

pytestmark = pytest.mark.real_input

Shared = Callable[[str], Path]
Mapped = Callable[..., Any]
Config = Callable[..., LxpConfig]


@pytest.fixture
def lxp(shared: Shared) -> Callable[[str], Any]:
    """`lxp("percipio/catalog_content.json")`, parsed; `.jsonl` as a list."""

    def read(name: str) -> Any:
        text = (shared("fixtures/lxp") / name).read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()] if name.endswith(".jsonl") else json.loads(text)

    return read


def test_every_item_of_the_genuine_catalogue_becomes_a_learning_path(
    lxp: Callable[[str], Any], mapped: Mapped, configured: Config
) -> None:
    items = lxp("percipio/catalog_content.json")
    run = mapped(configured("percipio"), "catalogue", items)
    assert (len(items), run.quarantined, run.excluded) == (24, {}, [])
    assert set(run.by_id) == {item["id"] for item in items}
    assert Counter(record.content_kind for record in run.records) == {
        "course": 7, "video": 7, "book": 3, "other": 3, "article": 2, "path": 2
    }  # fmt: skip
    assert sum(record.minutes is None for record in run.records) == 5
    assert sum(record.level is None for record in run.records) == 12
    assert all(record.status == "open" and record.title and record.languages for record in run.records)
    assert all(requirement.origin == "vendor_tag" for record in run.records for requirement in record.requirements)
    assert all(record.requirements and record.activity_ids and record.source_url for record in run.records)
    assert not any("<" in record.description or "&#" in record.description for record in run.records)


def test_a_channel_in_six_languages_is_titled_in_the_preferred_one(
    lxp: Callable[[str], Any], mapped: Mapped, configured: Config
) -> None:
    items = lxp("percipio/catalog_content.json")
    channel = next(item for item in items if item["contentType"]["percipioType"] == "CHANNEL")
    german = next(text for text in channel["localizedMetadata"] if text["localeCode"] == "de-DE")
    record = mapped(configured("percipio", locales=("de", "en")), "catalogue", items).by_id[channel["id"]]
    assert record.languages == ("en-US", "fr-FR", "de-DE", "es", "pt-BR", "zh-CN")
    assert record.title == german["title"]


def test_the_one_sample_with_skills_gives_vendor_skills(
    lxp: Callable[[str], Any], mapped: Mapped, configured: Config
) -> None:
    (record,) = mapped(configured("percipio"), "catalogue", lxp("percipio/masked_courses0.json")).records
    assert [requirement.origin for requirement in record.requirements] == ["vendor_skill"] * 5
    assert record.parents == ()


def test_masked_search_and_report_rows_map(lxp: Callable[[str], Any], mapped: Mapped, configured: Config) -> None:
    found = mapped(configured("percipio"), "catalogue", lxp("percipio/masked_search_content.json"))
    assert [(record.content_kind, record.minutes) for record in found.records] == [
        ("course", pytest.approx(5 + 23 / 60))
    ]
    config = configured("percipio", person={"field": "employeeId", "scheme": "employee_id"})
    (row,) = mapped(config, "completions", lxp("percipio/masked_report.json")).records
    assert (row.person.scheme, row.object_kind, row.state) == ("employee_id", "path", "in_progress")


def test_of_145_completed_rows_exactly_the_36_courses_are_evidence(
    lxp: Callable[[str], Any], mapped: Mapped, configured: Config
) -> None:
    rows = lxp("percipio/learning_activity_report.json")
    run = mapped(configured("percipio"), "completions", rows)
    assert (len(rows), len(run.records), run.quarantined) == (315, 315, {})
    assert len({record.source_id for record in run.records}) == 315
    assert Counter(record.state for record in run.records) == {"completed": 145, "in_progress": 170}
    courses = {row["contentUuid"] for row in rows if row["status"] == "Completed" and row["contentType"] == "Course"}
    evidence = [record for record in run.records if record.is_skill_evidence]
    assert len(evidence) == 36
    assert {record.object_id for record in evidence} == courses
    assert all(record.precision == "date" for record in run.records if record.completed_at)
    linked = mapped(configured("percipio", object_kinds={"Linked Content": "course"}), "completions", rows)
    assert sum(record.is_skill_evidence for record in linked.records) == 40


def test_no_name_or_address_of_a_report_row_is_kept(
    lxp: Callable[[str], Any], mapped: Mapped, configured: Config
) -> None:
    rows = lxp("percipio/learning_activity_report.json")
    kept = mapped(configured("percipio"), "completions", rows).pages[0].records
    assert {key for record in kept for key in record} <= {
        "%OfVideoOrBook", "completedDate", "contentTitle", "contentType", "contentUuid", "duration",
        "firstAccess", "firstScore", "highScore", "lastAccess", "lastScore", "status", "userId", "userUuid",
    }  # fmt: skip


def test_of_70_completed_videos_none_is_evidence_and_every_statement_is_accounted_for(
    lxp: Callable[[str], Any], mapped: Mapped, configured: Config
) -> None:
    statements = lxp("xapi/fun_mooc_statements.jsonl")
    run = mapped(configured("xapi"), "completions", statements)
    assert run.quarantined == {}
    assert Counter(row.rule for row in run.excluded) == {"verb_not_tracked": 200}
    assert len(run.records) == 70
    assert {(record.object_kind, record.state) for record in run.records} == {("video", "completed")}
    assert not any(record.is_skill_evidence for record in run.records)
    keys = {row.source_id for row in (*run.records, *run.excluded)}
    assert keys == {statement["id"] for statement in statements}


def test_the_specifications_own_statements_are_refused_or_left_out_as_they_should(
    lxp: Callable[[str], Any], configured: Config
) -> None:
    config = configured("xapi")
    names = (
        "default",
        "no_actor",
        "no_verb",
        "no_object",
        "object_statementref",
        "object_substatement_default",
        "unicode",
        "voiding",
    )
    found = {name: ingest_statements([lxp(f"xapi/adl_templates/statement_{name}.json")], config) for name in names}
    refused = {name: [row.error.field for row in one.refused] for name, one in found.items() if one.refused}
    assert list(refused) == ["no_actor", "no_verb", "no_object"]
    assert {name: row.rule for name, one in found.items() for row in one.excluded} == {
        "default": "verb_not_tracked",
        "object_statementref": "object_not_activity",
        "object_substatement_default": "sub_statement",
        "unicode": "verb_not_tracked",
        "voiding": "voiding",
    }
    assert found["voiding"].removed == ("8f87ccde-bb56-4c2e-ab83-44982ef22df0",)
    assert not any(one.records for one in found.values())


@pytest.mark.parametrize(
    ("agent", "scheme"),
    [
        ("mbox", "email"),
        ("mbox_sha1sum", "email_sha1"),
        ("openid", "source"),
        ("account", "employee_id"),
        ("account_no_homepage", None),
    ],
)
def test_the_specifications_own_actors_are_known_by_their_identifier(
    lxp: Callable[[str], Any], configured: Config, agent: str, scheme: str | None
) -> None:
    statement = {
        **lxp("xapi/adl_templates/statement_default.json"),
        "actor": lxp(f"xapi/adl_templates/agent_{agent}.json"),
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "result": lxp("xapi/adl_templates/result_default.json"),
        "context": lxp("xapi/adl_templates/context_parent.json"),
    }
    found = ingest_statements([statement], configured("xapi", accounts={"http://www.example.com": "employee_id"}))
    assert [record.person.scheme for record in found.records] == ([scheme] if scheme else [])
    assert [row.error.field for row in found.refused] == ([] if scheme else ["actor"])


def test_the_generated_degreed_pages_are_followed_and_all_accounted_for(
    lxp: Callable[[str], Any], stubbed: Callable[..., Any], configured: Config
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "degreed.com":
            return httpx.Response(200, json={"access_token": "minted", "expires_in": 600})
        name = request.url.path.removeprefix("/api/v2/")
        if name == "pathways":
            name = "pathways_page2" if "next" in request.url.params else "pathways_page1"
        if name.startswith("pathways/"):
            return httpx.Response(403, json=lxp("generated/degreed_error_409.json"))
        return httpx.Response(200, json=lxp(f"generated/degreed_{name}.json"))

    connection = stubbed(configured("degreed", history_days=7), answer)
    paths, content, completions = (connection.run(name) for name in ("paths", "catalogue", "completions"))
    assert sorted(paths.by_id) == ["pathway:rwoA7p5", "pathway:zQx8v9W"]
    assert paths.rules == {"pathway:PkZQnA": "private"}
    assert {key: (one.minutes, one.status) for key, one in content.by_id.items()} == {
        "zQZrYE5": (12, "open"),
        "nQaB12": (150, "closed"),
    }
    assert {key: one.is_skill_evidence for key, one in completions.by_id.items()} == {"k1": True, "k2": False}


def test_the_generated_degreed_statements_speak_the_open_dialect(lxp: Callable[[str], Any], configured: Config) -> None:
    page = lxp("generated/degreed_xapi_page.json")
    (record,) = ingest_statements(page["statements"], configured("xapi")).records
    assert record.state == "completed"
    assert record.completed_at.microsecond == 895454


@pytest.mark.parametrize(
    ("dialect", "stream", "name"),
    [
        ("percipio", "catalogue", "percipio/catalog_content.json"),
        ("percipio", "completions", "percipio/learning_activity_report.json"),
        ("xapi", "completions", "xapi/fun_mooc_statements.jsonl"),
    ],
)
def test_reading_a_fixture_twice_gives_the_same_bytes(
    lxp: Callable[[str], Any], mapped: Mapped, configured: Config, dialect: str, stream: str, name: str
) -> None:
    first, second = (mapped(configured(dialect), stream, lxp(name)) for _ in range(2))
    assert [one.model_dump_json() for one in first.records] == [one.model_dump_json() for one in second.records]
    assert [one.model_dump_json() for one in first.excluded] == [one.model_dump_json() for one in second.excluded]
