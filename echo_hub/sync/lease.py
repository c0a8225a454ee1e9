"""The right to sync a connection, as those hold it who write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from echo_hub.store import leases
from echo_hub.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to sync a connection, renewed inside every transaction that stores something of it."""

    connection: str
    owner: str
    length: timedelta
    clock: Callable[[], datetime]

    def renew(self, transaction: Transaction) -> None:
        """Raises `LeaseLostError` when another process took over; the transaction must not commit then."""
        leases.renew(transaction, self.connection, self.owner, self.clock(), self.length)
