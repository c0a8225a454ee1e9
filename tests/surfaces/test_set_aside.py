"""Nothing that is stored stops the hub: one bad item of every kind is set aside, and everything answers."""

from __future__ import annotations

import json
import os
import random
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlmodel import SQLModel

from echo_core.connectors.loader import load_plugins
from echo_core.model import (
    Job,
    LearningPath,
    LearningRecord,
    Mentorship,
    OrgUnit,
    Person,
    PersonRef,
    Place,
    Project,
    Requirement,
    Requisition,
    SkillAssertion,
    SkillClaim,
)
from echo_core.skills.extraction.spotter import Spotter
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy, TaxonomySource
from echo_core.skills.taxonomy.starter import starter
from echo_hub.application import Hub
from echo_hub.services import mentoring
from echo_hub.services.actor import OPERATOR
from echo_hub.services.mentoring_views import RoundSettings
from echo_hub.settings import Settings
from echo_hub.snapshot.build import build_snapshot
from echo_hub.store import ledger_tables  # noqa: F401, declares its tables
from echo_hub.store.corrections import CORRECTIONS, CorrectionChoice
from echo_hub.store.errors import StoreError
from echo_hub.store.events import person_key
from echo_hub.store.name_decisions import NAMES, NameChoice, NameId
from echo_hub.store.requirement_decisions import REQUIREMENTS, RequirementChoice
from echo_hub.store.taxonomy import save_taxonomy
from echo_hub.store.taxonomy_edits import edit_concept

pytestmark = pytest.mark.thorough

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TRIP = "Here the reader trips."
ROUNDS = int(os.environ.get("ECHO_HUB_ROUNDS", "12"))
"""How often stored values are changed at random; more of it by hand."""
GOOD_JOB = "greenhouse:job:weaver"


def row(database, table, **values):
    """Writes one row as nobody writes it through the hub."""
    with database.writing() as transaction:
        transaction.execute(insert(SQLModel.metadata.tables[table]).values(**values))


def stream_id(database, connection):
    streams = SQLModel.metadata.tables["stream"]
    with database.writing() as transaction:
        known = transaction.scalar(select(streams.c.id).where(streams.c.connection == connection))
        if known is None:
            new = insert(streams).values(connection=connection, name="all", restarts=0, cursor_version=1)
            known = transaction.scalar(new.returning(streams.c.id))
        return known


def record(database, connection, entity, source_id, payload):
    records = SQLModel.metadata.tables["record"]
    version = {"payload_version": 1} if "payload_version" in records.c else {}
    row(
        database,
        "record",
        stream_id=stream_id(database, connection),
        entity=entity,
        source_id=source_id,
        payload=payload,
        content_hash=b"h",
        first_run=1,
        changed_run=1,
        changed_at=NOW,
        **version,
    )


def good(database, connection, one):
    record(database, connection, one.entity, one.source_id, one.model_dump_json(exclude_defaults=True))


def company(database, *skills):
    """A small company in which something of every kind is stored, all of it fit for use."""
    weaving = Skill("company:weaving", "Basket weaving", (Label("Basket weaving", "en", True),), source="company")
    own = Taxonomy.of([weaving], TaxonomySource("company", "Ours", "1", "", "", None, NOW))
    skills = (
        Taxonomy.of([skill for skill in starter() if skill.label in skills], *starter().sources) if skills else None
    )
    save_taxonomy(database, (skills or starter()).merged(own), now=NOW)
    edit_concept(database, "company:weaving", {"alias:en": ("wicker work",)}, by="ada", now=NOW)
    ana = PersonRef(scheme="employee_id", value="E1")
    claims = (SkillClaim(label="Python", level=4), SkillClaim(label="Kafka", stance="wants_to_learn"))
    good(database, "hr", Person(source_id="w1", name="Ana Ito", employee_id="E1", country="SE", skills=claims))
    good(database, "hr", Person(source_id="w2", name="Bo Berg", employee_id="E2", title="Data engineer"))
    good(database, "hr", Person(source_id="w3", name="Cy Lund", employee_id="E3", org_unit="Data"))
    python = Requirement(label="Python", level=3)
    kafka = Requirement(label="Kafka", importance="teaches")
    good(database, "greenhouse", OrgUnit(source_id="u", name="Data"))
    good(database, "greenhouse", Place(source_id="l", name="Stockholm", country="SE"))
    good(database, "greenhouse", Requisition(source_id="r", title="Weaver", status="open"))
    text = "Requirements\n- SQL\n- Basket weaving"
    good(
        database,
        "greenhouse",
        Job(
            source_id="weaver",
            title="Weaver",
            description=text,
            requirements=(python,),
            requisition_id="r",
            posted_at=NOW,
        ),
    )
    good(database, "exchange", Project(source_id="p", title="Weave baskets", requirements=(python,)))
    bo = PersonRef(scheme="employee_id", value="E2")
    good(
        database, "exchange", Mentorship(source_id="m", title="Kafka with Bo", owner=bo, requirements=(kafka,), seats=2)
    )
    good(database, "lxp", LearningPath(source_id="c", title="Kafka for weavers", requirements=(kafka,)))
    good(
        database,
        "lxp",
        LearningRecord(source_id="d", person=ana, object_id="c", state="completed", object_kind="course"),
    )
    good(database, "exchange", SkillAssertion(source_id="a", person=ana, claim=SkillClaim(label="Yodelling")))
    NAMES.decide(database, [NameChoice(NameId.of("Yodelling"), "Yodelling", "reject")], by=OPERATOR, now=NOW)
    REQUIREMENTS.decide(
        database, [RequirementChoice(GOOD_JOB, "starter:sql", "SQL", "essential", 3)], by=OPERATOR, now=NOW
    )
    CORRECTIONS.decide(
        database,
        [CorrectionChoice("hr:person:w1", "E1", "starter:sql", "starter:sql", "SQL", level=2)],
        by=OPERATOR,
        now=NOW,
    )


def ana_key(database):
    with database.writing() as transaction:
        return person_key(transaction, "hr:person:w1", "E1")


def spoil(database):
    """Puts one bad item of every kind beside the good ones; answers (kind, key) of each."""
    skill = {"source": "company", "position": 9, "description": "", "broader": "[]", "same": "[]", "related": "[]"}
    named = '[["Fine", "en", 1]]'
    row(database, "skill", id="company:nameless", label="💡", labels='[["💡", "en", 1]]', **skill)
    row(database, "skill", id="company:torn", label="Torn", labels="[[", **skill)
    row(database, "skill", id="company:odd", label="Odd", labels="[[1, 2, 3]]", **skill)
    work = {name: skill[name] for name in ("source", "position", "description", "broader", "same")}
    row(
        database,
        "occupation",
        id="company:job",
        label="Job",
        labels=named,
        skills='[["x", 1, "much", null]]',
        tasks="[]",
        traits="[]",
        **work,
    )
    row(database, "occupation_match", onet_id="onet:1", esco_id="esco:1", kind="perhaps")
    by = {"edited_at": NOW, "edited_by": "ada", "base": '""'}
    row(database, "taxonomy_edit", subject="company:weaving", field="label:en", value='"++"', **by)
    row(database, "taxonomy_edit", subject="company:weaving", field="broader", value="{", **by)
    by = {"batch": 1, "decided_by_kind": "service", "decided_by": "ada", "decided_at": NOW}
    name = {"name": "x", "language": "", "scheme": "", "external_id": ""}
    strange = {"name": name | {"name": "???"}, "label": "???", "action": "create", "skill_id": "local:", "skill": "???"}
    about = {"opportunity": GOOD_JOB, "skill": "SQL"}
    key = ana_key(database)
    for number, kind, subject, choice in (
        (901, "name", "???", strange),
        (902, "name", "x", {"name": name, "label": "x", "action": "explode"}),
        (903, "requirement", GOOD_JOB, {**about, "skill_id": "starter:kafka", "ruling": "whatever"}),
        (904, "requirement", GOOD_JOB, {**about, "skill_id": "starter:python", "ruling": "essential", "level": 99}),
        (905, "correction", key, {"skill_id": None, "standing_id": None, "skill": "SQL", "names": "nope"}),
        (906, "correction", key, ["SQL"]),
    ):
        row(database, "decision", number=number, kind=kind, about=subject, choice=json.dumps(choice), **by)
    row(database, "decision", number=907, kind="name", about="y", choice="{", **by)
    for connection, entity in (
        ("hr", "person"),
        ("greenhouse", "org_unit"),
        ("greenhouse", "place"),
        ("greenhouse", "requisition"),
        ("greenhouse", "job"),
        ("exchange", "project"),
        ("exchange", "mentorship"),
        ("lxp", "learning_path"),
        ("lxp", "learning_record"),
        ("exchange", "skill_assertion"),
    ):
        record(database, connection, entity, "bad", '{"source_id":"bad"')
    record(database, "hr", "person", "unseen", '{"source_id":"unseen","name":"\\u200b\\u2060","employee_id":"E77"}')
    record(database, "greenhouse", "job", "unseen", '{"source_id":"unseen","title":"???"}')
    seats = '{"source_id":"crowd","title":"Crowd","seats":1000000000000000000000}'
    record(database, "greenhouse", "job", "crowd", seats)
    late = '{"source_id":"late","title":"Late","posted_at":"9999-12-31T23:59:59-05:00"}'
    record(database, "greenhouse", "job", "late", late)
    endless = '{"source_id":"endless","title":"Endless","duration_weeks":Infinity}'
    record(database, "exchange", "project", "endless", endless)
    good(database, "greenhouse", Job(source_id="trips", title="Trips", description=TRIP))
    made = {"title": "R", "state": "draft", "scorer": "1", "created_by": "ada", "created_at": NOW}
    row(database, "mentoring_round", id=906, settings="[]", **made)
    row(database, "mentoring_round", id=907, settings='{"mentee_limit": 99}', **made)
    pair = {"round_id": 906, "mentor": "hr:person:w2", "mentee": "hr:person:w1", "offer": "exchange:mentorship:m"}
    row(database, "mentoring_pair", id=908, score=0.5, reasons="{}", pinned=False, state="proposed", **pair)
    for kind in ("snapshot", "weights", "side", "choice"):
        row(database, "receipt_input", sha256=kind, kind=kind, size=1, body=b"x", stored_at=NOW)
    row(
        database,
        "receipt",
        id="r-bad",
        person="hr:person:w1",
        surface="for_you",
        shown_at=NOW,
        scorer="1",
        hub="1",
        snapshot="snapshot",
        weights="weights",
        side="side",
        choice="choice",
        request="3",
        shown=b"x",
    )
    spoilt = {
        *(("skill", f"company:{one}") for one in ("nameless", "torn", "odd")),
        ("occupation", "company:job"),
        ("crosswalk", "onet:1 esco:1"),
        ("taxonomy edit", "company:weaving label:en"),
        ("taxonomy edit", "company:weaving broader"),
        ("name decision", "901"),
        ("name decision", "902"),
        ("requirement decision", "903"),
        ("requirement decision", "904"),
        ("correction", "905"),
        ("correction", "906"),
        ("name decision", "907"),
        ("record", "hr:person:bad"),
        ("record", "hr:person:unseen"),
        ("record", "greenhouse:job:unseen"),
        *(("record", f"greenhouse:{one}") for one in ("org_unit:bad", "place:bad", "requisition:bad", "job:bad")),
        *(("record", f"exchange:{one}") for one in ("project:bad", "mentorship:bad", "skill_assertion:bad")),
        ("record", "lxp:learning_path:bad"),
        ("record", "lxp:learning_record:bad"),
        ("record", "greenhouse:job:crowd"),
        ("record", "greenhouse:job:late"),
        ("record", "exchange:project:endless"),
        ("text", "greenhouse:job:trips"),
        ("mentoring round", "906"),
        ("mentoring round", "907"),
        ("mentoring pair", "908"),
        ("receipt", "r-bad"),
        ("hold", "1"),
    }
    stream = stream_id(database, "hr")
    held = {"run_id": 1, "stream_id": stream, "would_remove": 1, "live": 1, "state": "open", "opened_at": NOW}
    row(database, "hold", sample="{", **held)
    with database.writing() as transaction:
        transaction.execute(
            update(SQLModel.metadata.tables["revision"]).values(value=SQLModel.metadata.tables["revision"].c.value + 1)
        )
    return spoilt


@pytest.fixture(autouse=True)
def tripping(monkeypatch):
    """One text trips the reader of texts, as no text does that is known."""
    spot = Spotter.spot

    def trip(self, text, **more):
        if text == TRIP:
            raise RecursionError("too deep")
        return spot(self, text, **more)

    monkeypatch.setattr(Spotter, "spot", trip)


@pytest.fixture
def hub(database, tmp_path):
    return Hub(
        Settings(tmp_path / "echo-hub.toml", tmp_path, None, None, ()),
        load_plugins(no_plugins=True),
        database,
        now=lambda: NOW,
    )


def paths_below(routes, prefix=""):
    """The paths of routes that can be got, those of routers included in others too."""
    for one in routes:
        if hasattr(one, "original_router"):
            yield from paths_below(one.original_router.routes, prefix + one.include_context.prefix)
        elif "GET" in (getattr(one, "methods", None) or ()):
            yield prefix + one.path


def addresses(app):
    """Every address that can be got, with something that is there for each parameter: a row number unless told."""
    there = {
        "opportunity_id": GOOD_JOB,
        "receipt_id": "r-bad",
        "path": "echo.css",
        "mentor": "hr:person:w2",
        "connection": "hr",
    }
    asked = "person=E1&q=weaver&title=Data+engineer&opportunity_id=greenhouse:job:weaver&opportunity=" + GOOD_JOB
    for path in sorted(set(paths_below(app.routes))):
        yield re.sub(r"\{(\w+)(?::path)?\}", lambda part: there.get(part[1], "1"), path) + f"?{asked}"


def test_everything_answers_and_names_what_is_set_aside(hub, database, browse):
    company(database)
    clean = hub.fresh_snapshot()
    assert not hub.health().set_aside
    assert hub.health().status == "ok"
    mentoring.draft(database, clean, RoundSettings(), by="ada", now=NOW)
    spoilt = spoil(database)
    snapshot = hub.fresh_snapshot()
    assert {one.id for one in snapshot.listings} == {one.id for one in clean.listings} | {"greenhouse:job:trips"}
    assert [person.id for person in snapshot.people] == [person.id for person in clean.people]
    told = hub.health()
    assert {(one.kind, one.key) for one in told.set_aside} == spoilt
    assert all(one.reason.endswith((".", "901")) for one in told.set_aside)
    reasons = {aside.key: aside.reason for aside in told.set_aside}
    assert reasons["hr:person:unseen"] == "Its name has no letter or digit that is seen."
    assert reasons["greenhouse:job:unseen"] == "Its title has no letter or digit that is seen."
    assert told.status == "degraded"
    assert sum(told.set_aside_counts.values()) == len(spoilt)
    for account in snapshot.accounting:
        assert account.stored == account.listed + account.hidden.total()

    web = browse(hub)
    visited = 0
    for address in addresses(web.app):
        answer = web.get(address, headers={"accept": "text/html"})
        assert answer.status_code < 500, (address, answer.text)
        visited += answer.status_code == 200
    assert visited > 25
    page = web.get("/connections").text
    assert "company:nameless" in page or "greenhouse:job:bad" in page
    assert web.get("/api/v1/health").json()["set_aside_counts"] == dict(told.set_aside_counts)


def test_what_changes_beside_bad_items_is_followed_with_the_same_ones_set_aside(hub, database):
    company(database)
    spoil(database)
    before = hub.fresh_snapshot()
    records = SQLModel.metadata.tables["record"]
    with database.writing() as transaction:
        changed = Job(source_id="weaver", title="Chief weaver", requisition_id="r").model_dump_json(
            exclude_defaults=True
        )
        transaction.execute(
            update(records).where(records.c.source_id == "weaver").values(payload=changed, changed_run=7)
        )
        transaction.moved(7)
    CORRECTIONS.decide(
        database,
        [CorrectionChoice("hr:person:w1", "E1", "starter:python", "starter:python", "Python")],
        by=OPERATOR,
        now=NOW,
    )
    after, whole = hub.fresh_snapshot(), build_snapshot(database, today=TODAY)
    assert after.person_rows is before.person_rows  # made from the one before, not of everything
    assert after.listing(GOOD_JOB).record.title == "Chief weaver"
    assert after.set_aside == whole.set_aside
    with database.writing() as transaction:
        mended = Job(source_id="bad", title="Mended").model_dump_json(exclude_defaults=True)
        is_bad = (records.c.source_id == "bad") & (records.c.entity == "job")
        transaction.execute(update(records).where(is_bad).values(payload=mended, changed_run=8))
        transaction.execute(
            update(records).where(records.c.source_id == "weaver").values(payload="nothing", changed_run=8)
        )
        transaction.moved(8)
    after, whole = hub.fresh_snapshot(), build_snapshot(database, today=TODAY)
    assert after.listing("greenhouse:job:bad").record.title == "Mended"
    assert after.listing(GOOD_JOB) is None
    assert after.set_aside == whole.set_aside
    assert after.set_aside.may_hold("record", GOOD_JOB)
    assert not after.set_aside.may_hold("record", "greenhouse:job:bad")


COMMANDS = (
    ("people",),
    ("people", "--unmatched"),
    ("match", "E1"),
    ("search", "weaver"),
    ("explain", "E1", GOOD_JOB, "--what-if"),
    ("candidates", GOOD_JOB),
    ("roles", "Data engineer"),
    ("skills", "queue", "list"),
    ("skills", "queue", "history"),
    ("skills", "sources"),
    ("skills", "edits"),
    ("skills", "link", "Python"),
    ("skills", "spot", "We write Python."),
    ("requirements", "list", GOOD_JOB),
    ("requirements", "history"),
    ("corrections", "list", "E1"),
    ("mentoring", "list"),
    ("mentoring", "capacity"),
    ("receipts", "list"),
    ("runs",),
    ("quarantine",),
    ("holds", "list"),
    ("connections", "list"),
    ("schedule", "list"),
)


def test_every_command_answers_beside_bad_items(database, new_database_url, tmp_path, monkeypatch, run_command):
    company(database)
    spoilt = spoil(database)
    file = tmp_path / "echo-hub.toml"
    file.write_text("[hub]\n", encoding="utf-8")
    monkeypatch.setenv("ECHO_HUB_DATABASE_URL", database.url.render_as_string(hide_password=False))
    for command in COMMANDS:  # the words of an answer are the same whatever database it comes from
        assert run_command(file, *command, "--json").stdout.strip(), command
        if "sqlite" in database.url.drivername:
            assert run_command(file, *command).stdout.strip() or command[0] == "skills", command
    told = json.loads(run_command(file, "health", "--json").stdout)
    assert {(one["kind"], one["key"]) for one in told["set_aside"]} == spoilt
    assert "company:nameless" in run_command(file, "health").stdout


MUTABLE = {
    "skill": ("label", "labels", "broader", "same", "related", "kind"),
    "occupation": ("label", "labels", "broader", "skills", "tasks", "traits", "same"),
    "taxonomy_edit": ("field", "value", "base"),
    "decision": ("choice", "about"),
    "record": ("payload",),
    "mentoring_round": ("settings", "state"),
    "mentoring_pair": ("reasons",),
}
ODD = (
    *("", "{", "[]", "null", "[[]]", "[[1, 2]]", '"x"', "[null]", "{}", "\u200b", "💡", "???", "9" * 400),
    *('{"source_id": "w1"}', "\ud83d", "\\ud800", "1e999", "NaN", "x" * 70_000, "\u202e", "[" * 3_000),
)
VALUES = ("null", "-1", "1e400", "[]", "{}", '"\\ud800"', '""', '"' + "9" * 30 + '"', "9" * 30, "true", '"9999-12-31"')


def mutated(draw, text):
    """A stored text with one thing wrong."""
    if not isinstance(text, str) or draw.random() < 0.3:
        return draw.choice(ODD)
    found = list(re.finditer(r':("[^"]*"|[\d.]+|\[[^\[\]]*\])', text))
    if found and draw.random() < 0.7:
        part = draw.choice(found)
        return f"{text[: part.start(1)]}{draw.choice(VALUES)}{text[part.end(1) :]}"
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(("", '"', "\\", "}", "\u2028", "\x7f")) + text[at + draw.randint(0, 3) :]


def cells(database):
    """(table, key column, key, column) of every stored value that is changed."""
    with database.reading() as transaction:
        for name, columns in MUTABLE.items():
            table = SQLModel.metadata.tables[name]
            key = next(table.c[name] for name in ("id", "number", "subject") if name in table.c)
            for values in transaction.all(select(table)):
                yield from ((table, key, values._mapping[key.name], column) for column in columns)


def put(database, cell, value):
    table, key, which, column = cell
    with database.writing() as transaction:
        transaction.execute(update(table).where(key == which).values({column: value}))


def read(database, cell):
    table, key, which, column = cell
    with database.reading() as transaction:
        return transaction.scalar(select(table.c[column]).where(key == which))


def moved(database):
    revision = SQLModel.metadata.tables["revision"]
    with database.writing() as transaction:
        transaction.execute(update(revision).values(value=revision.c.value + 1))


@pytest.fixture
def changing(hub, database, browse):
    """The company over a handful of skills, its cells, and pages to ask for."""
    company(database, "Python", "SQL", "Kafka", "Kubernetes", "C++")
    mentoring.draft(database, hub.fresh_snapshot(), RoundSettings(), by="ada", now=NOW)
    web = browse(hub)
    return hub, database, sorted(cells(database), key=str), web, list(addresses(web.app))


@given(seed=st.integers(0, 2**32))
@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_becomes_of_stored_values_the_hub_goes_on(changing, seed):
    hub, database, places, web, asked = changing
    draw = random.Random(seed)  # noqa: S311, no secret
    before = []
    for cell in draw.sample(places, 4):
        value = read(database, cell)
        try:
            put(database, cell, mutated(draw, value))
        except (StoreError, UnicodeEncodeError):  # what the database itself refuses is never stored
            continue
        before.append((cell, value))
    moved(database)
    try:
        snapshot = hub.fresh_snapshot()
        assert hub.health().failure is None
        for account in snapshot.accounting:
            assert account.stored == account.listed + account.hidden.total()
        for address in ("/connections", "/for-you?person=w1", *draw.sample(asked, 4)):
            answer = web.get(address)
            assert answer.status_code < 500, (address, answer.text)
    finally:
        for cell, value in before:
            put(database, cell, value)
        moved(database)
