"""What a source says about its quota in response headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

PREFIXES = ("x-ratelimit-", "x-rate-limit-", "ratelimit-")

EPOCH_FROM = 1_000_000_000
"""A reset at or above this is a point in time (2001 or later), below it a number of seconds from now."""

LONGEST_WAIT_S = 31 * 86_400.0
"""A longer wait is cut to this: dates are computed from it, and none lies a million years ahead."""


@dataclass(frozen=True, slots=True)
class QuotaHeaders:
    """`limit` requests per window, `remaining` of them, `reset_s` seconds until the next window. None: not said."""

    limit: int | None = None
    remaining: int | None = None
    reset_s: float | None = None


def read_quota(headers: Mapping[str, str], now: datetime) -> QuotaHeaders:
    """The quota a response reports: X-RateLimit-*, X-Rate-Limit-* or RateLimit-* with Limit, Remaining and Reset.

    Reset may be epoch seconds, epoch milliseconds or seconds from now. Times are measured against the response's own
    Date where it has one, so that a wrong clock on this machine does not matter.
    """
    for prefix in PREFIXES:
        limit, remaining = _number(headers.get(f"{prefix}limit")), _number(headers.get(f"{prefix}remaining"))
        reset = _number(headers.get(f"{prefix}reset"))
        if limit is None and remaining is None and reset is None:
            continue
        if reset is not None and reset >= EPOCH_FROM:
            reset = (reset / 1000 if reset >= EPOCH_FROM * 1000 else reset) - _source_now(headers, now).timestamp()
        return QuotaHeaders(
            None if limit is None else int(limit),
            None if remaining is None else int(remaining),
            None if reset is None else min(max(0.0, reset), LONGEST_WAIT_S),
        )
    return QuotaHeaders()


def retry_after_s(headers: Mapping[str, str], now: datetime, *, status: int = 429) -> float | None:
    """How many seconds the source asks us to wait, at most `LONGEST_WAIT_S`: Retry-After (seconds or an HTTP date),
    else the quota's reset where the quota is the reason: status 429, or nothing remaining.

    None when it does not say, or says nonsense.
    """
    value = headers.get("retry-after", "").strip()
    seconds = _number(value)
    if seconds is not None:
        return min(seconds, LONGEST_WAIT_S)
    if value and (until := _http_date(value)) is not None:
        return min(max(0.0, (until - _source_now(headers, now)).total_seconds()), LONGEST_WAIT_S)
    quota = read_quota(headers, now)
    return quota.reset_s if status == 429 or quota.remaining == 0 else None


def _source_now(headers: Mapping[str, str], now: datetime) -> datetime:
    return _http_date(headers.get("date", "")) or now


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(value: str | None) -> float | None:
    # The RateLimit drafts allow "100, 100;w=60": the first item is the quota in force.
    try:
        number = float((value or "").split(",")[0].split(";")[0])
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
