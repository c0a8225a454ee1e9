"""Vendors' tokens on both databases: encrypted, bound to their row, minted by one at a time, read after a rotation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from echo_core.http.shared import Credential, SharedToken
from echo_hub.store.vendor_tables import VENDOR_TOKEN
from echo_hub.store.vendor_tokens import CLAIM, Vault, VendorTokens

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA, SAM = Credential("a" * 64, "secret of Ada"), Credential("b" * 64, "secret of Sam")
TOKEN = SharedToken("an-access-token-of-a-vendor", NOW, "a-refresh-token-that-was-handed-out")
OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def opened(database):
    def create(*keys, now=NOW):
        return VendorTokens(database, Vault(keys or (OLD,)), lambda: now)

    return create


def test_a_token_is_read_by_other_processes_and_nothing_of_it_by_who_reads_the_table(opened, database):
    assert opened().read(ADA) is None
    tokens = opened()
    assert tokens.claim(ADA) == 0
    tokens.write(ADA, TOKEN)
    assert opened().read(ADA) == TOKEN
    with database.reading() as transaction:
        (row,) = transaction.all(VENDOR_TOKEN.select())
    for secret in (TOKEN.access_token, TOKEN.refresh_token, ADA.fingerprint):
        assert secret.encode() not in bytes(row.sealed)
    assert "token-of-a-vendor" not in repr(TOKEN)


def test_a_token_minted_with_other_secrets_is_not_answered(opened):
    tokens = opened()
    tokens.claim(ADA)
    tokens.write(ADA, TOKEN)
    assert opened().read(ADA._replace(fingerprint="another secret")) is None


def test_a_token_copied_into_another_row_or_changed_cannot_be_read(opened, database):
    tokens = opened()
    for credential in (ADA, SAM):
        tokens.claim(credential)
        tokens.write(credential, TOKEN)
    with database.writing() as transaction:
        (ada, sam) = transaction.all(VENDOR_TOKEN.select().order_by(VENDOR_TOKEN.c.credential))
        of_sam = update(VENDOR_TOKEN).where(VENDOR_TOKEN.c.credential == SAM.name)
        transaction.execute(of_sam.values(sealed=bytes(ada.sealed)))
        flipped = bytes([*bytes(ada.sealed)[:-1], bytes(ada.sealed)[-1] ^ 1])
        transaction.execute(update(VENDOR_TOKEN).where(VENDOR_TOKEN.c.credential == ADA.name).values(sealed=flipped))
    assert bytes(sam.sealed) != bytes(ada.sealed)
    assert opened().read(SAM._replace(fingerprint=ADA.fingerprint)) is None
    assert opened().read(ADA) is None


def test_an_old_key_reads_while_a_new_one_takes_its_place(opened):
    tokens = opened(OLD)
    tokens.claim(ADA)
    tokens.write(ADA, TOKEN)
    rotated = opened(NEW, OLD)
    assert rotated.read(ADA) == TOKEN
    assert opened(NEW).read(ADA) is None
    rotated.claim(ADA)
    rotated.write(ADA, TOKEN)
    assert opened(NEW).read(ADA) == TOKEN
    assert opened(OLD).read(ADA) is None
    assert opened(OLD, NEW).read(ADA) == TOKEN


def test_one_process_mints_and_a_killed_one_does_not_stand_in_the_way(opened):
    first, second = opened(), opened()
    assert first.claim(ADA) == 0
    assert second.claim(ADA) > 0
    assert second.claim(SAM) == 0
    first.give_back(ADA)
    assert second.claim(ADA) == 0
    third = opened(now=NOW + CLAIM)
    assert third.claim(ADA) == 0
    second.write(ADA, SharedToken("too-late-to-be-kept", NOW + timedelta(hours=1)))
    assert third.read(ADA) is None
    third.write(ADA, TOKEN)
    assert second.read(ADA) == TOKEN
