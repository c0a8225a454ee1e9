"""Accounts and sessions on both databases: joined once, known by a hash, over when they are over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from echo_hub.store.identities import find_identity, link_identity, unlink_person
from echo_hub.store.session_tables import SESSION
from echo_hub.store.sessions import (
    KEPT,
    end_sessions,
    find_session,
    list_sessions,
    read_notice,
    start_session,
    touch_session,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADA, SAM = "hr:person:1", "hr:person:2"


def link(database, subject="ada", person=ADA, **options):
    return link_identity(database, "https://id.example", subject, person, rule="email", now=NOW, **options)


def test_an_account_is_joined_to_one_person_and_a_person_to_one_account(database):
    identity, joined = link(database)
    assert (identity.person_id, joined) == (ADA, True)
    assert link(database) == (identity, False)
    assert link(database, person=SAM) == (None, False)
    assert link(database, subject="ada2") == (None, False)
    assert find_identity(database, "https://id.example", "ada") == identity
    assert find_identity(database, "https://other.example", "ada") is None
    assert unlink_person(database, ADA) == 1
    assert link(database, subject="ada2")[1] is True


def test_a_name_that_is_no_accounts_for_ever_follows_its_person_and_takes_old_sessions_away(database):
    identity, _ = link(database, lasting=False)
    start_session(database, identity.id, ADA, (), now=NOW)
    identity, joined = link(database, person=SAM, lasting=False)
    assert (identity.person_id, joined) == (SAM, True)
    assert list_sessions(database, ADA, started_after=NOW - HOUR, seen_after=NOW - HOUR) == []


def test_only_the_hash_of_a_key_is_stored_and_only_the_key_finds_the_session(database):
    identity, _ = link(database)
    number, key = start_session(database, identity.id, ADA, ("Audit",), now=NOW)
    session = find_session(database, key)
    assert (session.id, session.person_id, session.groups, session.subject) == (number, ADA, ("Audit",), "ada")
    assert find_session(database, key[:-1]) is None
    with database.reading() as transaction:
        assert key not in repr(transaction.all(SESSION.select()))


def test_a_session_is_over_when_idle_old_or_ended_and_use_is_noted_once_a_minute(database):
    identity, _ = link(database)
    _, key = start_session(database, identity.id, ADA, (), now=NOW)
    limits = {"idle": HOUR, "longest": 3 * HOUR}
    touch_session(database, find_session(database, key), now=NOW + timedelta(seconds=59))
    assert find_session(database, key).seen_at == NOW
    touch_session(database, find_session(database, key), now=NOW + timedelta(seconds=60))
    session = find_session(database, key)
    assert session.seen_at == NOW + timedelta(seconds=60)
    assert not session.is_over(NOW + HOUR, **limits)
    assert session.is_over(NOW + HOUR + timedelta(seconds=60), **limits)
    touch_session(database, session, now=NOW + 2.9 * HOUR)
    assert find_session(database, key).is_over(NOW + 3 * HOUR, **limits)
    assert end_sessions(database, ADA, now=NOW) == 1
    assert find_session(database, key).is_over(NOW, **limits)
    assert end_sessions(database, ADA, now=NOW) == 0


def test_ending_one_session_or_all_touches_nobody_else(database):
    ada, sam = link(database)[0], link(database, subject="sam", person=SAM)[0]
    first, _ = start_session(database, ada.id, ADA, (), now=NOW)
    second, _ = start_session(database, ada.id, ADA, (), now=NOW)
    third, key = start_session(database, sam.id, SAM, (), now=NOW)
    assert end_sessions(database, ADA, now=NOW, only=third) == 0
    assert end_sessions(database, ADA, now=NOW, only=first) == 1
    listed = list_sessions(database, ADA, started_after=NOW - HOUR, seen_after=NOW - HOUR)
    assert [session.id for session in listed] == [second]
    assert end_sessions(database, ADA, now=NOW) == 1
    assert find_session(database, key).ended_at is None


def test_sessions_of_long_ago_go_when_their_person_signs_in_again(database):
    identity, _ = link(database)
    _, old = start_session(database, identity.id, ADA, (), now=NOW - KEPT - HOUR)
    _, key = start_session(database, identity.id, ADA, (), now=NOW)
    assert find_session(database, old) is None
    assert find_session(database, key) is not None


def test_a_later_edition_of_the_notice_takes_the_place_of_an_earlier_one(database):
    identity, _ = link(database)
    _, key = start_session(database, identity.id, ADA, (), now=NOW)
    assert find_session(database, key).read is None
    for edition in ("1", "2"):
        read_notice(database, ADA, edition, now=NOW)
        assert find_session(database, key).read == edition
