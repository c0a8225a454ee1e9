"""Permits to send requests to vendors: one row for each host, so that all processes together keep its limits."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from typing import Any, Literal

from sqlalchemy import Row, func, select, update

from echo_core.http.budget import Budget
from echo_core.http.shared import Grant
from echo_hub.store.database import Database, Transaction
from echo_hub.store.vendor_tables import RATE_BUDGET

_SHORTEST_WAIT_S = 0.001


class RateBudgets:
    """See `echo_core.http.shared.SharedBudgets`.

    A permit counts from when it is given until one window after the last moment it may be used, so the requests of
    any window are no more than the limit, whichever process sends them and when.

    Args:
        now: seconds since 1970, for SQLite, whose processes are on one machine; PostgreSQL has a clock for all.
    """

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def take(self, host: str, limits: Collection[Budget], *, most: int, lasts_s: float) -> Grant:
        """See `SharedBudgets.take`."""
        with self._database.writing() as transaction:
            row, now = self._locked(transaction, host)
            if now < row.blocked_until:
                return Grant(0, row.blocked_until - now, row.block_reason)
            longest_s = max(row.longest_s, *(limit.per_s for limit in limits))
            grants = [(until, count) for until, count in json.loads(row.grants) if until > now - longest_s]
            free, wait_s = most, 0.0
            for limit in limits:
                left, back_s = _left(limit, grants, now)
                free, wait_s = min(free, left), max(wait_s, back_s)
            if free < 1:
                return Grant(0, max(_SHORTEST_WAIT_S, wait_s))
            values = {"grants": json.dumps([*grants, (now + lasts_s, free)]), "longest_s": longest_s}
            transaction.execute(update(RATE_BUDGET).where(RATE_BUDGET.c.host == host).values(values))
            return Grant(free)

    def block(self, host: str, wait_s: float, reason: Literal["quota", "told"]) -> None:
        """See `SharedBudgets.block`."""
        with self._database.writing() as transaction:
            row, now = self._locked(transaction, host)
            if now + wait_s > row.blocked_until:
                values = {"blocked_until": now + wait_s, "block_reason": reason}
                transaction.execute(update(RATE_BUDGET).where(RATE_BUDGET.c.host == host).values(values))

    def _locked(self, transaction: Transaction, host: str) -> tuple[Row[Any], float]:
        """The host's row, which nobody else changes until the end of the transaction, and the time after the wait."""
        new = transaction.insert(RATE_BUDGET).values(
            host=host, grants="[]", longest_s=0.0, blocked_until=0.0, block_reason="told"
        )
        transaction.execute(new.on_conflict_do_nothing())
        row = transaction.first(select(RATE_BUDGET).where(RATE_BUDGET.c.host == host).with_for_update())
        assert row is not None, "it was just made, and nobody deletes rows"
        if transaction.sqlite:
            return row, self._now()
        return row, float(transaction.scalar(select(func.extract("epoch", func.clock_timestamp()))))


def _left(limit: Budget, grants: Collection[tuple[float, int]], now: float) -> tuple[int, float]:
    """How many requests a limit leaves now, and in how many seconds it leaves one."""
    counted = sorted((until + limit.per_s, count) for until, count in grants if until > now - limit.per_s)
    left = limit.requests - sum(count for _, count in counted)
    back_s, then = 0.0, left
    for counts_until, count in counted:
        if then >= 1:
            break
        back_s, then = counts_until - now, then + count
    return left, back_s
