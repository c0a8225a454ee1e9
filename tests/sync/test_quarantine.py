"""Bad records: kept apart with a reason, counted as seen, tried again."""

from __future__ import annotations

import json

import pytest
from pydantic import AliasChoices, BaseModel, Field

from echo_core.connectors.errors import RecordError
from echo_core.connectors.events import Quarantined
from echo_core.connectors.hooks import Hooks
from echo_core.model import Job
from echo_hub.store.naming import unseen_name
from echo_hub.store.quarantine import list_quarantine
from echo_hub.sync.declared import declared_only
from echo_hub.sync.limits import check_page, check_run
from echo_hub.sync.replay import replay_quarantine

BAD = {"id": "w099", "name": {"first": "No", "last": "Text"}, "birthday": "1990-01-01", "workMail": "a@example.invalid"}


def test_one_malformed_record_is_quarantined_and_the_rest_stored(kit):
    [report] = kit.sync(kit.Source([[*kit.workers(1, 3), BAD], kit.workers(4, 5)]))
    assert (report.outcome, report.read, report.written, report.quarantined) == ("done", 6, 5, 1)
    [found] = list_quarantine(kit.database)
    assert (found.connection, found.stream, found.rejected.source_key) == ("acme", "workers", "w099")
    assert (found.rejected.field, found.rejected.value_type, found.rejected.code) == ("name", "dict", "record.invalid")
    assert found.first_seen_at == found.last_seen_at == kit.START
    [event] = [event for event in kit.events.seen if isinstance(event, Quarantined)]
    assert (event.source_id, event.field) == ("w099", "name")


@pytest.mark.parametrize("name", ["???", "—", "💡", "\u200b\u2060"])
def test_a_person_whose_name_nobody_could_read_is_quarantined_for_the_name(kit, name):
    unseen, seen = kit.workers(1, 2)
    [report] = kit.sync(kit.Source([[unseen | {"name": name}, seen | {"name": "李雷"}]]))
    assert (report.written, report.quarantined) == (1, 1)
    [quarantined] = list_quarantine(kit.database)
    assert (quarantined.rejected.source_key, quarantined.rejected.field) == ("w001", "name")
    assert quarantined.rejected.code == "record.invalid"
    assert "no letter or digit that is seen" in quarantined.rejected.message


@pytest.mark.parametrize(
    ("title", "unseen"), [("C++", None), ("数据工程师", None), ("4", None), ("???", "title"), ("\u3164", "title")]
)
def test_a_title_needs_one_letter_or_digit_of_any_script(title, unseen):
    assert unseen_name(Job(source_id="1", title=title)) == unseen


def test_a_field_the_raw_model_does_not_declare_is_never_stored(kit):
    kit.sync(kit.Source([[BAD, *kit.workers(1, 3)]]))
    [found] = list_quarantine(kit.database)
    assert json.loads(found.rejected.payload) == {"id": "w099", "name": BAD["name"], "workMail": "a@example.invalid"}
    with kit.database.reading() as transaction:
        assert "1990-01-01" not in repr(transaction.rows("SELECT * FROM quarantine"))


def test_the_cut_reaches_into_nested_models_and_follows_aliases():
    class Place(BaseModel):
        city: str

    class Raw(BaseModel):
        id: str
        home: Place | None = None
        places: list[Place] = []
        mail: str = Field(default="", validation_alias=AliasChoices("email", "e_mail"))
        free: dict[str, str] = {}

    raw = {
        "id": "1",
        "home": {"city": "A", "street": "x"},
        "places": [{"city": "B", "zip": 1}],
        "e_mail": "m",
        "free": {"a": "b"},
        "ssn": 1,
    }
    assert declared_only(Raw, raw) == {
        "id": "1",
        "home": {"city": "A"},
        "places": [{"city": "B"}],
        "e_mail": "m",
        "free": {"a": "b"},
    }
    assert declared_only(Raw, "not a record") is None


def test_a_quarantined_record_counts_as_seen(kit):
    kit.sync(kit.Source([kit.workers(1, 20)]))
    [report] = kit.sync(kit.Source([[*kit.workers(1, 19), {"id": "w020", "name": None}]]))
    assert (report.removed, report.quarantined) == (0, 1)
    assert "w020" in kit.live()


def test_a_record_that_comes_in_after_all_is_resolved_and_its_payload_dropped(kit):
    kit.sync(kit.Source([[BAD, *kit.workers(1, 3)]]))
    kit.clock.move(hours=1)
    kit.sync(kit.Source([[{**BAD, "name": "Mended"}, *kit.workers(1, 3)]]))
    assert list_quarantine(kit.database) == []
    [found] = list_quarantine(kit.database, resolved=True)
    assert (found.resolved_at, found.rejected.payload) == (kit.clock.now, None)


def test_a_record_rejected_again_keeps_the_moment_it_was_first_seen(kit):
    kit.sync(kit.Source([[BAD, *kit.workers(1, 3)]]))
    kit.clock.move(hours=1)
    kit.sync(kit.Source([[BAD, *kit.workers(1, 3)]]))
    [found] = list_quarantine(kit.database, "acme", "workers")
    assert (found.first_seen_at, found.last_seen_at) == (kit.START, kit.clock.now)


def test_a_rejected_record_that_left_the_source_leaves_the_quarantine(kit):
    kit.sync(kit.Source([[BAD, *kit.workers(1, 3)]]))
    kit.sync(kit.Source([kit.workers(1, 3)]))
    assert list_quarantine(kit.database) == []
    [found] = list_quarantine(kit.database, resolved=True)
    assert found.rejected.payload is None


def test_replay_after_a_fix_stores_what_now_passes(kit):
    from echo_core.model import Person

    def fussy(raw, config):
        if raw.id == "w002":
            raise RecordError("The title is unknown.", field="title", value_type="str")
        yield Person(source_id=raw.id, name=raw.name)

    kit.sync(kit.Source([kit.workers(1, 3)], options={"map": fussy}))
    assert kit.live() == ["w001", "w003"]
    [still] = replay_quarantine(kit.database, kit.connection(kit.Source([], options={"map": fussy})), clock=kit.clock)
    assert (still.resolved, still.remaining) == (0, 1)
    [replayed] = replay_quarantine(kit.database, kit.connection(kit.Source([])), clock=kit.clock)
    assert (replayed.stream, replayed.resolved, replayed.remaining) == ("workers", 1, 0)
    assert kit.live() == ["w001", "w002", "w003"]
    assert list_quarantine(kit.database) == []


def test_an_exception_of_the_mapping_is_kept_to_its_record(kit):
    from echo_core.model import Person

    def breaks(raw, config):
        yield Person(source_id=raw.id, name={"w002": None}.get(raw.id, raw.name)[:50])

    [report] = kit.sync(kit.Source([kit.workers(1, 3)], options={"map": breaks}))
    assert (report.outcome, report.written, report.quarantined) == ("done", 2, 1)
    [found] = list_quarantine(kit.database)
    assert found.rejected.code == "record.mapping_bug"
    assert "TypeError" in found.rejected.message


def test_an_entity_the_stream_does_not_declare_is_refused(kit):
    from echo_core.model import OrgUnit

    def strays(raw, config):
        yield OrgUnit(source_id=raw.id, name=raw.name)

    [report] = kit.sync(kit.Source([kit.workers(1, 2)], options={"map": strays}))
    assert report.quarantined == 2
    assert {one.rejected.code for one in list_quarantine(kit.database)} == {"record.undeclared_entity"}


def test_a_plug_in_that_raises_quarantines_the_record_and_is_named(kit):
    def adjust(entity, raw, stream):
        if entity.source_id == "w002":
            raise ValueError("custom field missing")
        return entity.model_copy(update={"title": f"{stream} {raw['id']}"})

    hooks = Hooks(map={"acme-fields": adjust})
    [report] = kit.sync(kit.Source([kit.workers(1, 3)]), hooks=hooks)
    assert (report.written, report.quarantined) == (2, 1)
    [found] = list_quarantine(kit.database)
    assert "acme-fields" in found.rejected.message
    [again] = kit.sync(kit.Source([kit.workers(1, 3)]), hooks=hooks)
    assert (again.written, again.unchanged, again.quarantined) == (0, 2, 1)


def test_records_without_key_are_quarantined_by_content(kit):
    nameless = [{"name": "Nobody"}, {"name": "Nobody else"}, {"name": "Nobody"}]
    [report] = kit.sync(kit.Source([[*nameless, *kit.workers(1, 60)]]))
    assert (report.quarantined, report.written) == (3, 60)
    assert len(list_quarantine(kit.database)) == 2


def test_a_wholly_bad_page_stops_the_stream_and_keeps_what_was_stored(kit):
    broken = [{"id": f"w{n:03}", "name": None} for n in range(10, 15)]
    source = kit.Source([kit.workers(1, 3), broken, kit.workers(4, 6)])
    [report] = kit.sync(source)
    assert (report.outcome, report.error_code) == ("failed", "source.page_rejected")
    assert kit.live() == ["w001", "w002", "w003"]
    assert len(list_quarantine(kit.database)) == 5
    source.pages[1] = kit.workers(10, 14)
    [report] = kit.sync(source)
    assert (report.outcome, len(kit.live())) == ("done", 11)
    assert source.calls[1][1] == 1
    assert list_quarantine(kit.database) == []


def test_more_than_one_record_in_twenty_fails_the_run_and_starts_over(kit):
    broken = [{"id": f"x{n}", "name": None} for n in range(6)]
    source = kit.Source([[*kit.workers(1, 50), *broken], kit.workers(51, 100)])
    [report] = kit.sync(source)
    assert (report.outcome, report.error_code) == ("failed", "source.too_many_rejected")
    source.pages[0] = kit.workers(1, 50)
    [report] = kit.sync(source)
    assert (report.outcome, report.quarantined) == ("done", 0)
    assert source.calls[1][1] is None


@pytest.mark.parametrize(
    ("read", "rejected", "ended", "refused"),
    [
        (100, 5, True, False),
        (99, 5, True, True),
        (20, 4, True, False),
        (999, 500, False, False),
        (1000, 51, False, True),
    ],
)
def test_the_limit_of_a_run(read, rejected, ended, refused):
    from echo_core.connectors.errors import ContractError

    if refused:
        with pytest.raises(ContractError, match=f"{rejected} of {read}"):
            check_run(read, rejected, ended=ended)
    else:
        assert check_run(read, rejected, ended=ended) is None


def test_two_bad_records_are_no_bad_page_three_are():
    from echo_core.connectors.errors import ContractError

    assert check_page(2, 2) is None
    with pytest.raises(ContractError):
        check_page(3, 3)
