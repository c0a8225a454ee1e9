"""Trying again: bounded, with full jitter, or exactly as long as the source asks. The only user of tenacity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import tenacity

from echo_core.connectors.errors import HubError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Retry:
    """How patient a client is.

    Args:
        attempts: how often a request is sent at most.
        base_s, cap_s: attempt n waits a random time between 0 and min(cap_s, base_s * 2 ** (n - 1)) seconds.
        retry_after_cap_s: the longest time a source may make a thread wait at once; when it asks for more, the run
            pauses (RateLimited) instead of holding the thread.
    """

    attempts: int = 5
    base_s: float = 1.0
    cap_s: float = 60.0
    retry_after_cap_s: float = 900.0


class TryAgain(Exception):  # noqa: N818 -- a signal between attempt and loop, never seen outside
    """This attempt failed in a way that may pass; `error` is what the caller sees if it does not.

    `told_s` is how many seconds the source asked us to wait, None when it did not say.
    """

    def __init__(self, error: HubError, *, told_s: float | None = None, throttled: bool = False) -> None:
        super().__init__(error.error_code)
        self.error = error
        self.told_s = told_s
        self.throttled = throttled


def patiently(
    attempt: Callable[[], T],
    policy: Retry,
    *,
    pause: Callable[[float, int, TryAgain], None],
    jitter: Callable[[], float],
) -> T:
    """Calls `attempt` until it returns, raises anything but `TryAgain`, or has been called `policy.attempts` times.

    Args:
        pause: waits; is given the seconds, the number of the failed attempt and the failure. What it raises ends
            the loop.
        jitter: a random number in [0, 1).

    Raises:
        HubError: the last failure's `error`.
    """

    def wait_s(state: tenacity.RetryCallState) -> float:
        told_s = _failure(state).told_s
        if told_s:
            return told_s
        highest_s: float = min(policy.cap_s, policy.base_s * 2 ** (state.attempt_number - 1))
        return jitter() * highest_s

    def before_sleep(state: tenacity.RetryCallState) -> None:
        pause(state.upcoming_sleep, state.attempt_number, _failure(state))

    loop = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(policy.attempts),
        wait=wait_s,
        retry=tenacity.retry_if_exception_type(TryAgain),
        before_sleep=before_sleep,
        sleep=_already_slept,
        reraise=True,
    )
    try:
        return loop(attempt)
    except TryAgain as signal:
        error = signal.error
    # Raised outside the handler: the chain of library exceptions behind it may hold URLs with secrets.
    raise error


def _failure(state: tenacity.RetryCallState) -> TryAgain:
    failure = state.outcome.exception() if state.outcome else None
    if not isinstance(failure, TryAgain):
        raise TypeError(f"only TryAgain is retried, not {type(failure).__name__}")
    return failure


def _already_slept(seconds: float) -> None:
    """`pause` has waited; tenacity need not."""
