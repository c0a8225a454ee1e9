"""Service tokens on both databases: known by a hash, seen to the minute, revoked once, known by their look."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from echo_hub.store.service_token_tables import SERVICE_TOKEN
from echo_hub.store.service_tokens import (
    add_token,
    find_token,
    is_well_formed,
    list_tokens,
    new_token,
    revoke_token,
    touch_token,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def add(database):
    return add_token(database, "Export", roles={"auditor"}, intents=None, by="E1", now=NOW, expires_at=NOW + DAY)


def test_only_the_hash_is_stored_and_only_the_token_finds_the_row(database):
    stored, token = add(database)
    assert find_token(database, token) == stored
    assert find_token(database, new_token()) is None
    with database.reading() as transaction:
        assert token not in repr(transaction.all(SERVICE_TOKEN.select()))


def test_use_is_noted_once_a_minute_by_whichever_request_comes_first(database):
    stored, token = add(database)
    for seconds, seen in ((0, 0), (59, 0), (60, 60), (119, 60)):
        touch_token(database, find_token(database, token), now=NOW + timedelta(seconds=seconds))
        touch_token(database, stored, now=NOW + timedelta(seconds=seconds))  # read before the other one wrote
        assert find_token(database, token).seen_at == NOW + timedelta(seconds=seen)


def test_a_token_is_over_when_its_time_is_up_or_when_it_is_revoked_once(database):
    stored, token = add(database)
    assert not stored.is_over(NOW + DAY - timedelta(seconds=1))
    assert stored.is_over(NOW + DAY)
    revoked, changed = revoke_token(database, stored.id, by="E2", now=NOW)
    assert (revoked.is_over(NOW), changed) == (True, True)
    assert revoke_token(database, stored.id, by="E3", now=NOW + DAY) == (revoked, False)
    assert revoke_token(database, stored.id + 1, by="E3", now=NOW) is None
    assert list_tokens(database) == [find_token(database, token)] == [revoked]


def test_a_token_is_known_by_its_look():
    token = new_token()
    assert re.fullmatch(r"eh_[0-9A-Za-z]{49}", token)
    assert is_well_formed(token)
    for wrong in ("", "eh_", token[:-1], token + "a", token[:10] + "é" + token[11:], token.replace("eh_", "gh_")):
        assert not is_well_formed(wrong)
    assert not is_well_formed(token[:5] + ("A" if token[5] != "A" else "B") + token[6:])
