"""Nothing gets lost: every real record is stored, in quarantine with a reason, or left out by a rule with a name."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from echo_hub.services.actor import OPERATOR
from echo_hub.services.intents.taxonomy import credit_lines
from echo_hub.snapshot.catalogue.visibility import RULES
from echo_hub.store.quarantine import list_quarantine

pytestmark = pytest.mark.real_input

READ: dict[tuple[str, str], tuple[int, int, dict[str, int]]] = {
    # The recorded people reports have two rows and one. The skills are those of conftest.SKILLS.
    ("workday", "workers"): (2, 2, {}),
    ("workday", "worker_skills"): (8, 8, {}),
    ("workday-flags", "workers"): (1, 1, {}),
    # 10/05/2020 can be read two ways and this connection does not say which: the row waits, it is not guessed.
    ("workday-undated", "workers"): (1, 0, {}),
    ("greenhouse", "users"): (2, 2, {}),
    # The vendor's sample team: two hiring managers, three recruiters, three coordinators and two sourcers.
    ("greenhouse", "hiring_team"): (10, 10, {}),
    # Two of the vendor's samples and 14 recorded departments; three samples and 11 recorded offices.
    ("greenhouse", "departments"): (16, 16, {}),
    ("greenhouse", "offices"): (14, 14, {}),
    ("greenhouse", "jobs"): (2, 2, {}),
    # The vendor's two sample posts belong to jobs its samples do not hold, so who may see them is not known.
    ("greenhouse", "job_posts"): (3, 1, {"requisition_hidden": 2}),
    # A board's lists begin with "No Department" and "No Office" (id 0), which are neither.
    ("board-phonepe", "board_departments"): (6, 5, {"placeholder": 1}),
    ("board-phonepe", "board_offices"): (4, 3, {"placeholder": 1}),
    ("board-phonepe", "board_posts"): (5, 5, {}),
    ("board-amplitude", "board_departments"): (3, 2, {"placeholder": 1}),
    ("board-amplitude", "board_offices"): (3, 2, {"placeholder": 1}),
    ("board-amplitude", "board_posts"): (2, 2, {}),
    ("board-smarterdx", "board_departments"): (3, 2, {"placeholder": 1}),
    ("board-smarterdx", "board_offices"): (2, 1, {"placeholder": 1}),
    ("board-smarterdx", "board_posts"): (2, 2, {}),
    ("board-gitlab-a", "board_departments"): (4, 3, {"placeholder": 1}),
    ("board-gitlab-a", "board_offices"): (3, 2, {"placeholder": 1}),
    ("board-gitlab-a", "board_posts"): (3, 3, {}),
    ("board-gitlab-b", "board_departments"): (3, 2, {"placeholder": 1}),
    ("board-gitlab-b", "board_offices"): (3, 2, {"placeholder": 1}),
    ("board-gitlab-b", "board_posts"): (2, 2, {}),
    ("board-anthropic", "board_departments"): (3, 2, {"placeholder": 1}),
    ("board-anthropic", "board_offices"): (7, 6, {"placeholder": 1}),
    ("board-anthropic", "board_posts"): (4, 4, {}),
    ("lxp", "catalogue"): (24, 24, {}),
    ("lxp", "completions"): (315, 315, {}),
    # 70 of 270 statements complete something; the others play, pause, seek, …
    ("lrs", "completions"): (270, 70, {"verb_not_tracked": 200}),
    ("backstage", "people"): (6, 6, {}),
    ("backstage", "teams"): (2, 2, {}),
    ("backstage", "opportunities"): (4, 4, {}),
}
"""Per connection and stream: raw records read, records stored, records left out by rule. The rest is in quarantine."""

QUARANTINED = {("workday-undated", "workers"): 1}

HIDDEN: dict[tuple[str, str, str], dict[str, int]] = {
    # "Finished hack" is closed.
    ("backstage", "opportunities", "project"): {"not_open": 1},
    # No recorded system shares a person with another, so these are reported, not invented.
    ("backstage", "people", "person"): {"unmatched": 6},
    ("workday-flags", "workers", "person"): {"unmatched": 1},
    ("greenhouse", "users", "person"): {"unmatched": 2},
    # Kubernetes; it waits in the queue of names.
    ("workday", "worker_skills", "skill_assertion"): {"unlinked_skill": 1},
    # 7 videos, 3 books, 2 articles and 3 others are content; 7 courses, a channel and a journey are listed.
    ("lxp", "catalogue", "learning_path"): {"content_kind": 15},
    # 170 rows say Started. The 145 completed ones belong to learners who are in no people report.
    ("lxp", "completions", "learning_record"): {"not_completed": 170, "unknown_person": 145},
    ("lrs", "completions", "learning_record"): {"unknown_person": 70},
}
"""What is stored and not listed, by the rule that hides it. Whatever is not named here is listed whole."""


def by_stream(reports: list[Any]) -> dict[tuple[str, str], Any]:
    return {(report.connection, report.stream): report for report in reports}


def test_every_connection_can_be_checked_and_says_what_a_person_should_change(world: Any) -> None:
    failed = {(name, line.name) for name, lines in world.checks.items() for line in lines if not line.ok}
    assert set(world.checks) == {connection for connection, _ in READ}
    # Both tenants send columns nobody needs, and one connection was not told the order of dates.
    assert failed == {
        ("workday", "minimisation"),
        ("workday-flags", "minimisation"),
        ("workday-undated", "minimisation"),
        ("workday-undated", "values"),
    }
    said = {(name, line.name): line for name, lines in world.checks.items() for line in lines}
    assert "Email_-_Primary_Home, Postal_Code, Street_Address" in said["workday-flags", "minimisation"].message
    assert "values.date_order" in said["workday-undated", "values"].advice
    assert said["board-phonepe", "board_posts"].message == "the board shows 5 posts"
    assert said["backstage", "token"].message.endswith("its catalog holds 4 Component, 2 Group, 1 Location, 6 User")


@pytest.mark.parametrize("name", ["dry run", "first"])
def test_what_was_read_is_stored_set_aside_or_left_out_by_a_rule(world: Any, name: str) -> None:
    reports = by_stream(world.reports[name])
    assert reports.keys() == READ.keys()
    for key, (read, stored, excluded) in READ.items():
        report = reports[key]
        quarantined = QUARANTINED.get(key, 0)
        assert (report.outcome, report.read, report.written) == ("done", read, stored), key
        assert (report.quarantined, report.exclusions) == (quarantined, excluded), key
        assert report.read == report.written + report.quarantined + report.excluded, key
        assert (report.unchanged, report.removed, report.held) == (0, 0, 0), key
        assert report.requests > 0, f"{key} was not read over HTTP"


def test_the_database_holds_exactly_what_the_runs_said(world: Any) -> None:
    with world.hub.database.reading() as transaction:
        rows = transaction.rows(
            "SELECT s.connection, s.name, r.excluded_by, COUNT(*), COUNT(r.payload) FROM record r"
            " JOIN stream s ON s.id = r.stream_id WHERE r.removed_at IS NULL"
            " GROUP BY s.connection, s.name, r.excluded_by"
        )
    stored = {(connection, name): payloads for connection, name, rule, _, payloads in rows if rule is None}
    excluded: dict[tuple[str, str], dict[str, int]] = {}
    for connection, name, rule, count, payloads in rows:
        if rule is not None:
            assert payloads == 0, "what a rule leaves out is not kept"
            excluded.setdefault((connection, name), {})[rule] = count
    assert stored == {key: kept for key, (_, kept, _) in READ.items() if kept}
    assert excluded == {key: rules for key, (_, _, rules) in READ.items() if rules}


def test_the_one_row_in_quarantine_says_why_and_what_to_do(world: Any) -> None:
    (found,) = list_quarantine(world.hub.database)
    assert (found.connection, found.stream) == ("workday-undated", "workers")
    assert found.rejected.source_key == "5aa443c785ff10461ac83e5a6be32e1e"
    assert found.rejected.field == "Hire_Date"
    assert "month first or day first" in found.rejected.message
    assert "values.date_order" in found.rejected.message


@pytest.mark.parametrize("name", ["next day", "full"])
def test_reading_everything_again_writes_nothing(world: Any, name: str) -> None:
    for key, report in by_stream(world.reports[name]).items():
        assert report.outcome == "done", key
        assert (report.written, report.removed, report.held) == (0, 0, 0), key
        assert report.read == report.unchanged + report.quarantined + report.excluded, key


def test_a_full_run_meets_every_record_again(world: Any) -> None:
    reports = by_stream(world.reports["full"])
    assert {key: (report.read, report.unchanged) for key, report in reports.items()} == {
        key: (read, stored) for key, (read, stored, _) in READ.items()
    }


def test_a_later_run_asks_the_vendors_that_can_tell_only_for_what_changed(world: Any) -> None:
    reports = by_stream(world.reports["next day"])
    quiet = {("greenhouse", "jobs"), ("greenhouse", "job_posts"), ("lxp", "completions"), ("lrs", "completions")}
    assert {key for key, report in reports.items() if report.read == 0} == quiet


def test_every_stored_record_is_listed_or_hidden_by_a_rule_with_a_name(world: Any) -> None:
    accounts = {(one.connection, one.stream, one.entity): one for one in world.snapshot.accounting}
    assert {key: dict(one.hidden) for key, one in accounts.items() if one.hidden} == HIDDEN
    assert {rule for rules in HIDDEN.values() for rule in rules} <= set(RULES)
    stored: Counter[tuple[str, str]] = Counter()
    for (connection, stream, _), one in accounts.items():
        assert one.stored == one.listed + sum(one.hidden.values())
        stored[connection, stream] += one.stored
    assert stored == {key: kept for key, (_, kept, _) in READ.items() if kept}


def test_what_is_listed_adds_up_by_kind(world: Any) -> None:
    # 18 posts of boards and one of Harvest; 24 - 15 pieces of learning; 3 + 1 opportunities less the closed one.
    assert Counter(one.kind for one in world.snapshot.listings) == {
        "job": 19,
        "learning_path": 9,
        "project": 2,
        "mentorship": 1,
    }


def test_accounts_nobody_can_be_found_for_are_reported_with_the_reason(world: Any) -> None:
    issues = {(issue.connection, issue.source_id): issue.reason for issue in world.snapshot.issues}
    backstage = {("backstage", f"user:default/{name}") for name in ("ada", "bo", "cy", "dee", "eli", "guest")}
    greenhouse = {("greenhouse", "1"), ("greenhouse", "2")}
    led_by_nobody = {issues.pop(("workday", person)) for person in ("31337", "E8888")}
    assert led_by_nobody == {"unknown_manager"}, "the example report leaves their managers out"
    assert set(issues) == backstage | greenhouse | {("workday-flags", "5aa443c785ff10461ac83e5a6be32e1e")}
    assert set(issues.values()) == {"no_match"}
    assert [person.id for person in world.snapshot.people] == ["workday:person:31337", "workday:person:E8888"]


def test_names_the_taxonomy_does_not_know_wait_in_the_queue(world: Any) -> None:
    queue = {name.label: (name.people, name.opportunities) for name in world.snapshot.unlinked}
    # ESCO 1.1.1 knows neither: one person and one mentor's offer name Kubernetes, one project GraphQL.
    assert queue["Kubernetes"] == (1, 0)
    assert queue["kubernetes"][1] == 1
    assert queue["graphql"][1] == 1
    # Percipio's shelf marks are no skills, and none of them is guessed to be one.
    assert {"Microsoft Office", "CompTIA", "Leadership Essentials", "Software Craftsmanship"} <= queue.keys()


def test_the_whole_of_esco_was_imported_by_the_command(world: Any) -> None:
    assert world.import_said.startswith("14536 skills with 99994 labels imported from esco.")
    credit = "This service uses the ESCO classification of the European Commission."
    assert credit in world.import_said
    assert credit_lines(OPERATOR, world.hub) == (credit,)
    (source,) = world.snapshot.taxonomy.sources
    assert (source.key, source.version) == ("esco", "1.1.1")
