"""The timeline: one chain whoever writes, whole or nothing with the change it tells of, and no names in it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from echo_core.connectors.errors import HubError
from echo_hub.store.erasure import erase_person
from echo_hub.store.event_tables import EVENT, EVENT_HEAD
from echo_hub.store.events import GENESIS, Act, Side, append, done_since, list_events, list_looks, verify_events

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA = Side("workday:person:1", "Platform", "Stockholm", "SE", "active")
SAM = Side("workday:person:2", "Sales", "Oslo", "NO", "on_leave")


def act(number=0, **more):
    values = {
        "at": NOW,
        "service": None,
        "actor": ADA,
        "came_by": "command line",
        "intent": "correction.make",
        "object_kind": "skill",
        "object_id": str(number),
        "details": {"level": number},
    }
    return Act(**values | more)


def record(database, *acts):
    for one in acts:
        with database.writing() as transaction:
            append(transaction, one)


def test_events_form_a_chain_from_a_fixed_beginning(database):
    assert verify_events(database).events == 0
    record(database, act(1), act(2, service="operator", actor=None, other=SAM))
    second, first = list_events(database)
    assert (first.id, first.before, second.before) == (1, GENESIS, first.hash)
    assert (second.actor_kind, second.actor, second.details) == ("service", "operator", {"level": 2})
    assert (second.other_unit, second.other_location, second.other_country, second.other_status) == (
        "Sales",
        "Oslo",
        "NO",
        "on_leave",
    )
    verified = verify_events(database)
    assert (verified.events, verified.last_hash, verified.problem) == (2, second.hash, None)


def test_the_chain_stays_one_line_with_writers_in_several_processes(database, open_url):
    url = database.url.render_as_string(hide_password=False)
    others = [open_url(url) for _ in range(3)]
    begin = threading.Barrier(len(others))
    broken = []

    def write(own, number):
        begin.wait(30)
        try:
            record(own, *(act(number * 100 + one) for one in range(15)))
        except HubError as error:
            broken.append(error)

    writers = [threading.Thread(target=write, args=(own, number)) for number, own in enumerate(others)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert broken == []
    verified = verify_events(database)
    assert (verified.events, verified.problem) == (45, None)
    assert len({one.actor for one in list_events(database, limit=100)}) == 1


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (update(EVENT).where(EVENT.c.id == 2).values(details='{"level": 5}'), "Event 2 was changed"),
        (update(EVENT).where(EVENT.c.id == 2).values(actor_country="DE"), "Event 2 was changed"),
        (delete(EVENT).where(EVENT.c.id == 2), "Event 2 is missing"),
        (delete(EVENT).where(EVENT.c.id == 3), "The end of the timeline is missing"),
        (update(EVENT).where(EVENT.c.id == 3).values(before=GENESIS), "Event 3 does not follow"),
    ],
)
def test_what_is_changed_taken_out_or_put_in_is_noticed(database, statement, problem):
    record(database, act(1), act(2), act(3))
    with database.writing() as transaction:
        transaction.execute(statement)
    assert verify_events(database).problem.startswith(problem)


def test_an_event_is_gone_when_what_it_tells_of_did_not_happen(database):
    def write_and_fail():
        with database.together() as transaction:
            append(transaction, act(1))
            with database.writing() as inner:
                inner.execute(update(EVENT_HEAD).values(last_id=EVENT_HEAD.c.last_id))
            raise RuntimeError("the change fails")

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert (list_events(database), verify_events(database).problem) == ([], None)


def test_what_is_written_together_is_read_inside_and_by_nobody_else_before_its_end(database, open_url):
    other = open_url(database.url.render_as_string(hide_password=False))
    with database.together() as transaction:
        append(transaction, act(1))
        assert len(list_events(database)) == 1
        assert list_events(other) == []
    assert len(list_events(other)) == 1


def test_people_stand_under_keys_and_erasing_one_leaves_the_chain_whole(database):
    record(database, act(1, object_kind="person", object_id=SAM.person_id, other=SAM), act(2))
    with database.reading() as transaction:
        stored = repr(transaction.all(select(EVENT)))
    assert "workday:person" not in stored
    (about,) = list_events(database, person_id=SAM.person_id)
    assert about.object_id == about.other
    assert len(list_events(database, person_id=ADA.person_id)) == 2
    with database.writing() as transaction:
        assert erase_person(transaction, [SAM.person_id]).events == 1
    assert list_events(database, person_id=SAM.person_id) == []
    assert verify_events(database).problem is None
    record(database, act(3, other=SAM))
    assert list_events(database, limit=1)[0].other != about.other


def test_a_page_of_events_goes_on_where_the_one_before_ended(database):
    record(database, *(act(number) for number in range(5)))
    assert [one.id for one in list_events(database, limit=2)] == [5, 4]
    assert [one.id for one in list_events(database, limit=2, before_id=4)] == [3, 2]


def test_what_was_done_to_somebody_since_then_is_known_by_who_did_it(database):
    look = act(1, actor=ADA, other=SAM, intent="feed.read")
    record(database, look, act(2, actor=None, service="operator", other=SAM, intent="feed.read"))
    before = NOW - timedelta(minutes=1)
    with database.reading() as transaction:
        assert done_since(transaction, before, ADA.person_id, "", "feed.read", SAM.person_id)
        assert done_since(transaction, before, None, "operator", "feed.read", SAM.person_id)
        assert not done_since(transaction, NOW, ADA.person_id, "", "feed.read", SAM.person_id)
        assert not done_since(transaction, before, ADA.person_id, "", "profile.read", SAM.person_id)
        assert not done_since(transaction, before, SAM.person_id, "", "feed.read", ADA.person_id)
        assert not done_since(transaction, before, "nobody", "", "feed.read", "nobody either")
    looks = list_looks(database, SAM.person_id, ["feed.read"], limit=5)
    assert [(seen.actor_kind, seen.person_id) for seen in looks] == [("service", None), ("person", ADA.person_id)]
    assert list_looks(database, ADA.person_id, ["feed.read"], limit=5) == []
