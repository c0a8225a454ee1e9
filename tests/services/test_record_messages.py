"""What is said of a record that is not listed or joined to nobody, and of a receipt, needs what is stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

import pytest

from echo_core.matching import read_weights
from echo_core.model import Job, LearningPath, Mentorship, Person, PersonRef, Requirement, Requisition
from echo_core.model.message import Message
from echo_hub.services.errors import UnknownOpportunityError
from echo_hub.services.explain import explain, listed
from echo_hub.services.feed import for_you
from echo_hub.services.near_people import NearPeople
from echo_hub.services.receipt_replay import replay
from echo_hub.services.receipts import Receipts, receipt_view
from echo_hub.services.search import search
from echo_hub.services.views import Filters
from echo_hub.snapshot import Snapshot
from echo_hub.store.receipts import read_receipt
from echo_hub.surfaces.messages.catalogue import catalogue
from echo_hub.surfaces.messages.wording import worded

FAMILIES = ("hidden-", "identity-", "near-", "asked-", "replay-")
TODAY = date(2026, 3, 2)
ANA = "workday:person:ana"


@dataclass(frozen=True)
class Facts:
    """A record, and whatever else the company has; of a receipt what was asked for and kept."""

    record: Any
    company: tuple[Any, ...] = ()

    def requisition(self) -> Requisition | None:
        return next((one for one in self.of(Requisition) if one.source_id == self.record.requisition_id), None)

    def of(self, kind: type) -> list[Any]:
        return [one for one in self.company if isinstance(one, kind)]

    def shares(self, field: str, *, workday: bool) -> int:
        """How many records of the HR system, or of other systems, have the record's value of a field."""
        value = getattr(self.record, field)
        people = [one for one in self.of(Person) if one.source_id.startswith("w") == workday]
        return sum(getattr(one, field) == value for one in people) if value else 0

    def near(self, field: str, **more: str) -> bool:
        """Whether somebody of the HR system has the record's value of a field, and these besides."""
        wanted = {"status": "active", "worker_type": "employee", **more, field: getattr(self.record, field)}
        people = [person for person in self.of(Person) if person.source_id.startswith("w")]
        return any(all(getattr(person, name) == value for name, value in wanted.items()) for person in people)


def apart(facts: Facts) -> bool:
    """Employee id and address lead to different people, or the address to one of another number."""
    by_mail = [one for one in facts.of(Person) if one.work_email == facts.record.work_email]
    return any(one.employee_id not in (None, facts.record.employee_id) for one in by_mail)


def manages_themselves(facts: Facts) -> bool:
    above = {one.source_id: one.manager_id for one in facts.of(Person)}
    manager = above.get(facts.record.source_id)
    for _ in above:
        if manager == facts.record.source_id:
            return True
        manager = above.get(manager or "")
    return False


PRECONDITIONS: dict[str, Callable[[Facts, Any], bool]] = {
    "hidden-not-open": lambda f, _: f.record.status != "open",
    "hidden-requisition-missing": lambda f, _: f.record.requisition_id and f.requisition() is None,
    "hidden-requisition-draft": lambda f, _: f.requisition().status == "draft",
    "hidden-requisition-closed": lambda f, _: f.requisition().status == "closed",
    "hidden-ended": lambda f, _: f.record.ends_on < TODAY,
    "hidden-retired": lambda f, _: f.record.retires_on <= TODAY,
    "hidden-content-kind": lambda f, _: f.record.content_kind in ("video", "article", "book"),
    "hidden-mentor-left": lambda f, _: any(
        one.employee_id == f.record.owner.value and one.status == "left" for one in f.of(Person)
    ),
    "hidden-one-post-per-requisition": lambda f, _: (
        sum(one.requisition_id == f.record.requisition_id for one in f.of(Job)) > 1
    ),
    "hidden-unreadable": lambda f, _: f.record.title == "Broken",
    "identity-mail-on-several-people": lambda f, _: f.shares("work_email", workday=True) > 1,
    "identity-employee-id-on-several-people": lambda f, _: f.shares("employee_id", workday=True) > 1,
    "identity-mail-on-several-accounts": lambda f, _: f.shares("work_email", workday=False) > 1,
    "identity-employee-id-on-several-accounts": lambda f, _: f.shares("employee_id", workday=False) > 1,
    "identity-employee-id-and-mail-disagree": lambda f, _: f.record.employee_id and apart(f),
    "identity-no-match": lambda f, _: (
        (f.record.employee_id or f.record.work_email)
        and not f.shares("employee_id", workday=True)
        and not f.shares("work_email", workday=True)
    ),
    "identity-no-key": lambda f, _: not f.record.employee_id and not f.record.work_email,
    "identity-own-manager": lambda f, _: f.record.manager_id == f.record.source_id,
    "identity-unknown-manager": lambda f, _: f.record.manager_id not in {one.source_id for one in f.of(Person)},
    "identity-manager-cycle": lambda f, _: manages_themselves(f),
    "near-employee-id": lambda f, _: f.near("employee_id"),
    "near-employee-id-left": lambda f, _: f.near("employee_id", status="left"),
    "near-employee-id-contingent": lambda f, _: f.near("employee_id", worker_type="contingent"),
    "near-zeros": lambda f, v: v["number"] == f"00{f.record.employee_id}",
    "near-mail": lambda f, _: f.near("work_email"),
    "near-mail-left": lambda f, _: f.near("work_email", status="left"),
    "near-mail-contingent": lambda f, _: f.near("work_email", worker_type="contingent"),
    "near-name": lambda f, _: f.near("name"),
    "asked-opportunity": lambda f, v: f.record["opportunity"] == v["opportunity"],
    "asked-list": lambda f, v: len(v["parts"]) > 0 and "opportunity" not in f.record,
    "asked-words": lambda f, v: f.record["query"] == v["words"] != "",
    "asked-filter": lambda f, v: tuple(map(str, f.record["filters"][v["field"]])) == v["values"],
    "asked-from": lambda f, v: f.record["offset"] + 1 == v["first"],
    "replay-total": lambda f, v: f.record["total"] == v["shown"] != v["now"],
    "replay-weights": lambda f, v: v["tables"] == ("[credit]",),
    "replay-release": lambda f, v: v["shown"] == "0.0.1",
    "replay-scorer": lambda f, v: v["shown"] != v["now"],
}
"""What must be stored for each message, as (facts, values) → whether it is."""


def hidden(row: Any, graph: Any) -> list[tuple[Facts, Message]]:
    """One opportunity for every rule that hides one."""
    requirements = (Requirement(label="Kafka", level=3, importance="teaches"),)
    left = PersonRef(scheme="employee_id", value="LEFT")
    old = date(2026, 1, 1)
    company = (
        Person(source_id="wleft", name="Left", employee_id="LEFT", status="left"),
        Requisition(source_id="draft", title="Draft", status="draft"),
        Requisition(source_id="closed", title="Closed", status="closed"),
        Requisition(source_id="open", title="Open", status="open"),
        Job(source_id="paused", title="Paused", status="closed"),
        Job(source_id="missing", title="Missing", requisition_id="nowhere"),
        Job(source_id="draft", title="Draft", requisition_id="draft"),
        Job(source_id="closed", title="Closed", requisition_id="closed"),
        Job(source_id="first", title="First", requisition_id="open", featured=True),
        Job(source_id="second", title="Second", requisition_id="open"),
        Job(source_id="ended", title="Ended", ends_on=old),
        LearningPath(source_id="retired", title="Retired", requirements=requirements, retires_on=old),
        LearningPath(source_id="video", title="Video", requirements=requirements, content_kind="video"),
        Mentorship(source_id="left", title="With Left", requirements=requirements, owner=left),
    )
    streams = {Person: ("workday", "workers"), LearningPath: ("lxp", "paths"), Mentorship: ("exchange", "mentors")}
    rows = [row(*streams.get(type(one), ("greenhouse", "jobs")), one) for one in company]
    snapshot = Snapshot.build(rows, graph, today=TODAY)
    ids = {f"{one.connection}:{one.record.entity}:{one.record.source_id}": one.record for one in rows}
    told = []
    for opportunity in snapshot.hidden:
        with pytest.raises(UnknownOpportunityError) as caught:
            listed(snapshot, opportunity)
        assert caught.value.why is not None
        told.append((Facts(ids[opportunity], company), caught.value.why))
    broken = Facts(Job(source_id="broken", title="Broken"), company)  # a stored row that cannot be read, see set aside
    return [*told, (broken, UnknownOpportunityError("greenhouse:job:broken", "unreadable").why or Message(""))]


def joined(row: Any, graph: Any) -> list[tuple[Facts, Message]]:
    """One account for every reason why it is nobody's."""

    def person(key: str, **more: Any) -> Person:
        return Person(source_id=key, name=key.title(), **more)

    company = (
        person("w1", employee_id="E1", work_email="one@x.org", manager_id="w2"),
        person("w2", employee_id="E2", work_email="two@x.org", manager_id="w1"),
        person("w3", work_email="both@x.org", employee_id="E3"),
        person("w4", work_email="both@x.org", employee_id="E3"),
        person("mail-many", work_email="both@x.org"),
        person("id-many", employee_id="E3"),
        person("mail-twice", work_email="two@x.org"),
        person("mail-again", work_email="two@x.org"),
        person("id-twice", employee_id="E1"),
        person("id-again", employee_id="E1"),
        person("torn", employee_id="E2", work_email="one@x.org"),
        person("stranger", work_email="nobody@x.org"),
        person("blank"),
        person("w5", manager_id="w5"),
        person("w6", manager_id="nobody"),
        person("w7", employee_id="E7", work_email="seven@x.org", status="left"),
        person("w8", employee_id="E7"),
        person("w9", employee_id="E7", worker_type="contingent"),
        person("w10", employee_id="E10", work_email="ten@x.org", worker_type="contingent"),
        person("w11", employee_id="00125"),
        Person(source_id="w12", name="Namesake"),
        person("seven", employee_id="E7"),
        person("recycled", employee_id="E77", work_email="seven@x.org"),
        person("converted", employee_id="E99", work_email="ten@x.org"),
        person("short", employee_id="125"),
        person("namesake"),
    )
    rows = [row("workday" if one.source_id.startswith("w") else "backstage", "people", one) for one in company]
    snapshot = Snapshot.build(rows, graph, today=TODAY, people_connection="workday")
    records = {one.source_id: one for one in company}
    people = NearPeople(snapshot, {(issue.connection, issue.source_id) for issue in snapshot.issues})
    told = []
    for issue in snapshot.issues:
        facts = Facts(records[issue.source_id], company)
        told.append((facts, Message(f"identity-{issue.reason.replace('_', '-')}")))
        if not issue.source_id.startswith("w"):
            told += [(facts, person.message) for person in people.of(issue.connection, issue.source_id)]
    return told


def replayed(snapshot: Snapshot, database: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Facts, Message]]:
    """Receipts of a list, a search and an explanation, run again as they were and with all else changed."""
    receipts = Receipts(database, "asked", lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))
    filters = Filters(kind=("job",), country=("DE",))
    answers: list[tuple[Any, Any]] = [
        (for_you(snapshot, ANA, filters, limit=2, offset=1), "for_you"),
        (search(snapshot, "kafka", person_id=ANA, limit=4), "search"),
        (explain(snapshot, ANA, snapshot.listings[0].id), "explanation"),
    ]
    words, told = catalogue().render, []
    source = (files("echo_core.matching") / "weights.toml").read_text(encoding="utf-8")
    other = re.sub(r"^related = [\d.]+", "related = 0.3", source, flags=re.MULTILINE)
    later = re.sub(r'^version = ".*"$', 'version = "next"', source, flags=re.MULTILINE)
    for answer, surface in answers:
        identity = receipts.keep(snapshot, worded(answer), surface)
        receipt = read_receipt(database, identity)
        facts = Facts(receipt.request)
        told.append((facts, receipt_view(receipt).asked.message))
        assert replay(database, identity, words).notes == ()
        changed = replace(receipt, hub="0.0.1", request={**receipt.request, "total": receipt.request["total"] + 1})
        with monkeypatch.context() as patch:
            patch.setattr("echo_hub.services.receipt_replay.read_receipt", lambda *_, changed=changed: changed)
            patch.setattr("echo_hub.services.receipt_replay.default_weights", lambda: read_weights(later))
            notes = replay(database, identity, words).notes
            notes += replay(database, identity, words, read_weights(other)).notes
        told += [(Facts(changed.request), note.message) for note in notes]
    return told


@pytest.fixture
def said(
    row: Any, graph: Any, snapshot: Snapshot, database: Any, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[Facts, Message]]:
    told = [*hidden(row, graph), *joined(row, graph), *replayed(snapshot, database, monkeypatch)]
    inner = [
        (facts, part)
        for facts, message in told
        for part in message.values.get("parts", ())  # type: ignore[union-attr]
        if isinstance(part, Message)
    ]
    return [*told, *inner]


def test_nothing_is_said_of_a_record_or_a_receipt_that_is_not_stored(said: Any) -> None:
    wrong = [
        (message.id, facts.record, dict(message.values))
        for facts, message in said
        if not PRECONDITIONS[message.id](facts, message.values)
    ]
    assert not wrong


def test_every_message_about_records_has_a_precondition_and_is_said(said: Any) -> None:
    ids = {message for message in catalogue().ids() if message.startswith(FAMILIES)}
    assert ids == set(PRECONDITIONS)
    assert ids - {message.id for _, message in said} == set()
    assert {problem for _, message in said for problem in catalogue().problems(message)} == set()
