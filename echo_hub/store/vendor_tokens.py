"""Vendors' access tokens as rows, encrypted, so that processes which share a credential share its token too."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from echo_core.http.shared import Credential, SharedToken
from echo_hub.store.database import Database
from echo_hub.store.instant import as_moment, as_text
from echo_hub.store.vendor_tables import VENDOR_TOKEN

CLAIM = timedelta(seconds=90)
"""How long a process may take to get a token: longer than one waits for an answer. A killed one blocks no longer."""
LOOK_EVERY_S = 0.2
"""How often one that waits for another's token looks for it."""
_NONCE = 12
"""Bytes; what AES-GCM is made for (NIST SP 800-38D, section 8.2)."""

log = logging.getLogger(__name__)


class Vault:
    """Encrypts with one key, and still reads what older ones encrypted.

    Args:
        keys: 32 bytes each; the first one encrypts.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 30 ms that most commands do without

        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self.key_id = _key_id(keys[0])

    def seal(self, row: str, text: str) -> bytes:
        """The text as only this row can hold it: copied into another row it cannot be read."""
        nonce = os.urandom(_NONCE)
        return nonce + self._ciphers[self.key_id].encrypt(nonce, text.encode(), _bound(row, self.key_id))

    def open(self, row: str, key_id: str, sealed: bytes) -> str | None:
        """The text; None where no key fits, or somebody changed it."""
        from cryptography.exceptions import InvalidTag

        cipher = self._ciphers.get(key_id)
        if cipher is None:
            return None
        try:
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(row, key_id)).decode()
        except InvalidTag:
            return None


class VendorTokens:
    """See `echo_core.http.shared.SharedTokens`."""

    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]) -> None:
        self._database = database
        self._vault = vault
        self._now = now
        self._claim = secrets.token_hex(8)

    def read(self, credential: Credential) -> SharedToken | None:
        """See `SharedTokens.read`. A token that no key opens is none, and the next one takes its place."""
        with self._database.reading() as transaction:
            row = transaction.first(select(VENDOR_TOKEN).where(VENDOR_TOKEN.c.credential == credential.name))
        if row is None or row.sealed is None:
            return None
        text = self._vault.open(credential.name, row.key_id, bytes(row.sealed))
        if text is None:
            log.warning("a vendor's token in the database was encrypted with a key that is not set; asking for another")
            return None
        kept = json.loads(text)
        if kept["fingerprint"] != credential.fingerprint:
            return None
        return SharedToken(kept["access_token"], as_moment(kept["renew_at"]), kept["refresh_token"])

    def claim(self, credential: Credential) -> float:
        """See `SharedTokens.claim`."""
        now = self._now()
        free = or_(VENDOR_TOKEN.c.claimed_until.is_(None), VENDOR_TOKEN.c.claimed_until <= now)
        claimed = update(VENDOR_TOKEN).where(VENDOR_TOKEN.c.credential == credential.name, free)
        with self._database.writing() as transaction:
            new = transaction.insert(VENDOR_TOKEN).values(credential=credential.name)
            transaction.execute(new.on_conflict_do_nothing())
            values = {"claim": self._claim, "claimed_until": now + CLAIM}
            return 0.0 if transaction.execute(claimed.values(values)).rowcount else LOOK_EVERY_S

    def write(self, credential: Credential, token: SharedToken) -> None:
        """See `SharedTokens.write`. Whoever took longer than a claim lasts leaves the row to who took it over."""
        text = json.dumps(
            {
                "access_token": token.access_token,
                "renew_at": as_text(token.renew_at),
                "refresh_token": token.refresh_token,
                "fingerprint": credential.fingerprint,
            }
        )
        sealed = self._vault.seal(credential.name, text)
        self._end(credential, key_id=self._vault.key_id, sealed=sealed)

    def give_back(self, credential: Credential) -> None:
        """See `SharedTokens.give_back`."""
        self._end(credential)

    def _end(self, credential: Credential, **values: Any) -> None:
        own = (VENDOR_TOKEN.c.credential == credential.name, VENDOR_TOKEN.c.claim == self._claim)
        with self._database.writing() as transaction:
            transaction.execute(update(VENDOR_TOKEN).where(*own).values(claim=None, claimed_until=None, **values))


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"echo-hub key id\0" + key).hexdigest()[:16]


def _bound(row: str, key_id: str) -> bytes:
    return f"vendor_token\0{row}\0{key_id}".encode()
