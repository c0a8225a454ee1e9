"""What sources and young connectors do wrong: one bad record, one repeated page, one echoed key stops nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Annotated

import pytest
from pydantic import AfterValidator, BaseModel, SecretStr
from sqlalchemy import select

from echo_core.connectors.declaration import Connector, Page
from echo_core.connectors.errors import ConnectorBug, ContractError
from echo_core.connectors.redaction import SECRETS
from echo_core.http.settings import HttpSettings
from echo_core.model import Person
from echo_hub import demonstration
from echo_hub.store.light_tables import QUARANTINE, RECORD, RUN, STREAM
from echo_hub.store.quarantine import list_quarantine
from echo_hub.store.runs import list_runs
from echo_hub.sync.check import check_connection
from echo_hub.sync.circle import PagesMet
from echo_hub.sync.culprit import culprit_of
from echo_hub.sync.long_texts import DESCRIPTION_CHARS, MARK, TEXT_CHARS, shortened

BEYOND_THE_CALENDAR = "9999-12-31T23:59:59-05:00"
TOKEN = "tok-5f2a9c77d1"
Utc = Annotated[datetime, AfterValidator(lambda moment: moment.astimezone(UTC))]


class Job(BaseModel):
    updated_at: Utc


class Post(BaseModel):
    id: str
    name: str = "A post"
    updated_at: Utc | None = None
    jobs: list[Job] = []


@pytest.fixture
def token():
    SECRETS.add(TOKEN)
    yield TOKEN
    SECRETS.forget(TOKEN)


def posts(kit, *pages, **options):
    source = kit.Source(list(pages), **options)
    source.options["map"] = lambda raw, _: [Person(source_id=raw.id, name=raw.name, updated_at=raw.updated_at)]
    made = source.stream()
    return SimpleNamespace(stream=lambda: replace(made, raw=Post))


def adds_up(report) -> bool:
    sorted_ones = report.written + report.unchanged + report.quarantined + report.excluded + report.repeated
    return report.read == sorted_ones


def test_a_date_outside_the_calendar_costs_its_own_record_and_names_its_field(kit):
    page = [{"id": str(n)} for n in range(30)]
    page[7]["updated_at"] = BEYOND_THE_CALENDAR
    page[9]["jobs"] = [{"updated_at": "2026-01-01T00:00:00Z"}, {"updated_at": BEYOND_THE_CALENDAR}]
    [report] = kit.sync(posts(kit, page))
    assert (report.outcome, report.written, report.quarantined) == ("done", 28, 2)
    set_aside = {row.rejected.source_key: row.rejected for row in list_quarantine(kit.database)}
    assert (set_aside["7"].code, set_aside["7"].field) == ("record.invalid", "updated_at")
    assert (set_aside["9"].field, set_aside["9"].value_type) == ("jobs.1.updated_at", "str")
    assert BEYOND_THE_CALENDAR not in set_aside["7"].message


def test_a_page_on_which_every_record_breaks_the_code_is_still_told_as_such(kit):
    [report] = kit.sync(posts(kit, [{"id": str(n), "updated_at": BEYOND_THE_CALENDAR} for n in range(4)]))
    assert (report.outcome, report.error_code, report.quarantined) == ("failed", "source.page_rejected", 4)


@pytest.mark.parametrize("error", [OverflowError, RecursionError, ValueError, UnicodeError])
def test_the_field_is_found_behind_any_exception(error):
    def validate(raw):
        if raw.get("inner", {}).get("bad"):
            raise error

    assert culprit_of(validate, {"id": 1, "inner": {"good": 1, "bad": 2}}) == ("inner.bad", "int")
    assert culprit_of(validate, {"id": 1}) == ("", "")


def test_a_record_that_nests_without_end_is_set_aside(kit):
    endless: dict = {"id": "deep", "name": "Deep"}
    endless["name"] = endless
    [report] = kit.sync(kit.Source([[*kit.workers(1, 30), endless]]))
    assert (report.outcome, report.written, report.quarantined) == ("done", 30, 1)


def test_a_source_that_gives_one_page_for_ever_is_stopped_at_the_repeat(kit):
    source = kit.Source([])

    def for_ever(*_):
        while True:
            yield Page(kit.workers(1, 30), {"p": 1})

    source.read = for_ever
    [report] = kit.sync(source)
    assert (report.outcome, report.error_code, report.read) == ("failed", "source.page_repeats", 30)


def test_a_page_without_a_position_may_come_again_but_not_for_ever():
    met = PagesMet()
    for _ in range(3):
        met.meet([b"1"], (), None)
    with pytest.raises(ContractError) as refused:
        met.meet([b"1"], (), None)
    assert refused.value.error_code == "source.page_repeats"
    met.meet([b"1"], (), '{"p":1}')
    met.meet([b"1"], (), '{"p":2}')
    with pytest.raises(ContractError):
        met.meet([b"1"], (), '{"p":1}')


def test_a_record_listed_twice_on_a_page_is_in_a_column(kit):
    [report] = kit.sync(kit.Source([kit.workers(1, 20) + kit.workers(1, 10)]))
    assert (report.read, report.written, report.repeated) == (30, 20, 10)
    assert adds_up(report)
    assert list_runs(kit.database)[0].repeated == 10


def test_a_record_on_two_pages_in_two_versions_is_told_and_settles_at_the_first(kit, caplog):
    pages = [kit.workers(1, 20), kit.workers(1, 25, title="Other")]
    [first] = kit.sync(kit.Source(pages))
    assert (first.written, first.repeated) == (25, 20)
    [second] = kit.sync(kit.Source(pages))
    assert (second.written, second.unchanged, second.repeated) == (0, 25, 20)
    assert adds_up(first)
    assert adds_up(second)
    assert sum("lists records twice" in line.message for line in caplog.records) == 2, "once a run"


def test_the_younger_of_two_versions_on_two_pages_is_kept(kit):
    old, young = (
        {"id": "w1", "name": name, "since": f"2026-04-0{day}T00:00:00Z"} for name, day in (("A", 1), ("B", 2))
    )
    kit.sync(kit.Source([[old], [young]]))
    assert '"B"' in kit.contents()["records"][0][4]


def test_a_record_that_is_readable_on_a_later_page_is_stored(kit):
    kit.sync(kit.Source([kit.workers(1, 3)]))
    [report] = kit.sync(kit.Source([[{"id": "w001", "name": None}], kit.workers(1, 3, title="New")]))
    assert (report.written, report.quarantined, report.repeated) == (3, 1, 0)
    assert list_quarantine(kit.database) == []


def test_a_token_the_source_echoes_is_stored_nowhere(kit, token):
    page = [
        *kit.workers(1, 30),
        {"id": "echo", "name": "Echo", "title": f"Bearer {token}"},
        {"id": f"key-{token}", "name": "Key"},
        {"id": "bad", "name": [token]},
    ]
    [report] = kit.sync(kit.Source([page]))
    assert (report.outcome, report.quarantined, report.written) == ("done", 1, 32)
    assert kit.sync(kit.Source([page]))[0].unchanged == 32
    with kit.database.reading() as transaction:
        tables = (RECORD, QUARANTINE, RUN, STREAM)
        kept = repr([tuple(row) for table in tables for row in transaction.execute(select(table))])
    assert "Bearer [secret]" in kept
    assert token not in kept


def test_a_token_the_mapping_writes_into_a_record_is_not_stored(kit, token):
    source = kit.Source([kit.workers(1, 3)])
    source.options["map"] = lambda raw, _: [Person(source_id=raw.id, name="N", source_url=f"https://a/?key={token}")]
    kit.sync(source)
    assert token not in repr(kit.contents())


def test_a_secret_that_could_be_a_word_is_left_in_what_people_read(kit):
    SECRETS.add_from([SecretStr("Engineer")])
    try:
        kit.sync(kit.Source([kit.workers(1, 3, title="Engineer")]))
    finally:
        SECRETS.forget("Engineer")
    assert '"Engineer"' in repr(kit.contents())


def test_an_endless_text_is_cut_with_a_mark_and_the_run_says_so(kit):
    page = [*kit.workers(1, 3), {"id": "w9", "name": "Long", "title": "x" * 50_000}]
    [report] = kit.sync(kit.Source([page]))
    assert (report.written, report.shortened) == (4, 1)
    assert list_runs(kit.database)[0].shortened == 1
    payload = next(row[4] for row in kit.contents()["records"] if row[3] == "w9")
    assert len(payload) < TEXT_CHARS + 1_000
    assert MARK in payload
    assert kit.sync(kit.Source([page]))[0].written == 0


def test_a_description_may_be_longer_than_a_label_and_texts_inside_lists_are_cut_too():
    from echo_core.model import Job as JobRecord
    from echo_core.model import Requirement

    long = JobRecord(source_id="1", title="T", description="d" * DESCRIPTION_CHARS)
    assert shortened(long, 200_000) is None
    longer = long.model_copy(update={"description": "d" * (DESCRIPTION_CHARS + 1), "tags": ("t" * 9_000, "u")})
    cut = shortened(longer, 300_000)
    assert (len(cut.description), len(cut.tags[0]), cut.tags[1]) == (DESCRIPTION_CHARS, TEXT_CHARS, "u")
    nested = long.model_copy(update={"requirements": (Requirement(label="a", level_raw="r" * 5_000),)})
    assert len(shortened(nested, 200_000).requirements[0].level_raw) == TEXT_CHARS


def test_two_streams_of_one_name_are_refused_at_load(kit, monkeypatch):
    streams = (kit.Source([]).stream(), kit.Source([]).stream())
    connector = Connector("acme", "Acme", "", "a:b", "a:b", f"{__name__}:made")
    monkeypatch.setitem(globals(), "made", lambda _: streams)
    with pytest.raises(ConnectorBug, match="two streams of the name 'workers'"):
        connector.streams_for(None)
    monkeypatch.setitem(globals(), "made", lambda _: streams[0])
    with pytest.raises(ConnectorBug, match="does not give a tuple of streams"):
        connector.streams_for(None)


def test_a_run_that_fails_on_its_first_request_says_what_it_sent(kit):
    class Client:
        def stats_of(self, _):
            return type("Stats", (), {"requests": 3, "retries": 2, "throttled_s": 1.5, "bytes": 9})

    source = kit.Source([[]], error=ContractError("No list."), break_before=0)
    [report] = kit.sync(source, http=lambda _: Client())
    assert (report.outcome, report.requests, report.retries, report.throttled_s) == ("failed", 3, 2, 1.5)
    assert list_runs(kit.database)[0].requests == 3


def checked(kit, page, **options):
    source = kit.Source([page], options=options)
    connection = kit.connection(source)
    connector = SimpleNamespace(check=None, streams_for=connection.connector.streams_for)
    connector.http_settings = lambda _: HttpSettings(base_url="http://127.0.0.1:1/")
    [line] = check_connection(replace(connection, connector=connector), clock=kit.clock)
    return line


def test_a_check_maps_the_first_page_and_names_the_first_field(kit):
    line = checked(kit, [*kit.workers(1, 3), {"id": "w4", "name": None}])
    assert (line.ok, line.message) == (
        False,
        "answers, 4 records on its first page, 1 of them cannot be read. The first: w4, field name",
    )

    def misspelt(raw, _):
        return [Person(source_id=raw.id, name=raw.name, work_mail="x")]

    assert "field work_mail" in checked(kit, kit.workers(1, 3), map=misspelt).message


def test_a_check_names_fields_that_no_record_fills(kit):
    page = kit.workers(1, 30, workMail="a@acme.example", secret=False, since="2026-01-01T00:00:00Z")
    line = checked(kit, page)
    assert (line.ok, line.message) == (True, "answers, 30 records on its first page; title filled in 0 of 30")


def test_a_demo_leaves_out_a_sandbox_that_cannot_be_used(tmp_path, monkeypatch):
    broken = Connector("broken", "Broken", "", "a:b", "a:b", "a:b", sandbox="nowhere_at_all:Sandbox")
    monkeypatch.setattr(demonstration, "load_plugins", lambda: SimpleNamespace(connectors={"broken": broken}))
    told = []
    with demonstration.demonstration(tmp_path, tell=told.append) as (hub, _):
        assert hub.settings.connections == ()
    [sentence] = told
    assert sentence.startswith("The demo leaves out broken: its sandbox cannot be used (ModuleNotFoundError")
