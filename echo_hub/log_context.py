"""What a log line belongs to: the request, the run or the task under way where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Literal

Id = Literal["request_id", "run_id", "task_id"]
_NONE: Mapping[Id, str] = MappingProxyType({})
_CONTEXT: ContextVar[Mapping[Id, str]] = ContextVar("echo_hub_log_context", default=_NONE)


def log_context() -> Mapping[Id, str]:
    """The ids under which log lines are written here and now."""
    return _CONTEXT.get()


@contextmanager
def logged_under(kind: Id, value: str | int | None) -> Iterator[None]:
    """Every log line written meanwhile, in this thread or asyncio task, carries the id; None adds none."""
    if value is None:
        yield
        return
    token = _CONTEXT.set({**_CONTEXT.get(), kind: str(value)})
    try:
        yield
    finally:
        _CONTEXT.reset(token)
