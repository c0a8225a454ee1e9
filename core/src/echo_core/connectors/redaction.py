"""Keeps secrets out of logs and error texts: every secret in use is known here, and replaced wherever it turns up."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "[secret]"
"""What stands where a secret stood."""

MIN_LENGTH = 4
"""Shorter values are not replaced: they would be found in every other word."""

MIN_STORED_LENGTH = 8
"""Shorter values are not replaced in what is stored, nor are plain words and numbers of less than `UNMISTAKABLE`
characters: with the password "Engineer" a company's records must still say what its engineers are."""
UNMISTAKABLE = 16

RETIRED = 20
"""How many values that are out of use are still replaced: late log lines may show an old token."""

HTTP_LOGGERS = ("httpx", "httpx2", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")
"""Loggers of the HTTP libraries; they print whole URLs, whose query may hold a key."""


class Secrets:
    """A register of secret values. Thread-safe; a value added twice must be forgotten twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: Counter[str] = Counter()
        self._retired: deque[str] = deque()
        self._pattern: re.Pattern[str] | None = None
        self._stored_pattern: re.Pattern[str] | None = None
        self._needles: tuple[bytes, ...] = ()

    def add(self, *values: str) -> None:
        """From now on these values are replaced, also where they are percent-encoded in a URL."""
        with self._lock:
            known = set(self._values)
            self._values.update(value for value in values if len(value) >= MIN_LENGTH)
            while len(self._retired) > RETIRED:
                self._forget(self._retired.popleft())
            if self._values.keys() != known:
                self._compile()

    def add_from(self, config: object) -> None:
        """Adds every `SecretStr` inside a configuration: a model, or lists and mappings of models."""
        self.add(*_secrets_in(config))

    def forget(self, *values: str) -> None:
        """These values are no longer secret here (an expired token); unknown values are ignored."""
        with self._lock:
            for value in values:
                self._forget(value)
            self._compile()

    def retire(self, *values: str) -> None:
        """These values are out of use: each is forgotten once `RETIRED` others have followed it.

        Takes no lock and forgets nothing itself, so that it may be called while an object is being destroyed.
        """
        self._retired.extend(values)

    def __len__(self) -> int:
        return len(self._values)

    def clear(self) -> None:
        """Forgets everything, for tests."""
        with self._lock:
            self._values.clear()
            self._retired.clear()
            self._compile()

    def redact(self, text: str) -> str:
        """`text` with every known secret replaced by `MASK`."""
        pattern = self._pattern
        return pattern.sub(MASK, text) if pattern else text

    def occur_in(self, data: bytes) -> bool:
        """Whether this JSON holds a secret that nobody can mistake for a word; cheap, to be asked of every record."""
        return bool(self._needles) and any(needle in data for needle in self._needles)

    def redact_stored(self, value: Any) -> Any:
        """A value made of mappings, lists and texts, keys included, as it may be stored: without unmistakable secrets.

        Raises:
            RecursionError: it nests without end.
        """
        pattern = self._stored_pattern
        return value if pattern is None else _redacted(value, pattern)

    def _forget(self, value: str) -> None:
        if self._values[value] > 1:
            self._values[value] -= 1
        else:
            del self._values[value]

    def _compile(self) -> None:
        spellings = {spelling for value in self._values for spelling in _spellings(value)}
        self._pattern = _any_of(spellings)
        told = {spelling for value in self._values if _is_unmistakable(value) for spelling in _spellings(value)}
        self._stored_pattern = _any_of(told)
        self._needles = tuple(sorted({needle for spelling in told for needle in _as_json(spelling)}))


def _any_of(spellings: Iterable[str]) -> re.Pattern[str] | None:
    # The longest first, or a secret that begins with another one would be replaced in part.
    ordered = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None


def _is_unmistakable(value: str) -> bool:
    if len(value) >= UNMISTAKABLE:
        return True
    return len(value) >= MIN_STORED_LENGTH and not value.isalpha() and not value.isdigit()


def _as_json(text: str) -> Iterable[bytes]:
    """A text inside JSON, as it stands in UTF-8 and as ASCII with escapes."""
    for ascii_only in (False, True):
        yield json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode("utf-8", "replace")


def _redacted(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(MASK, value)
    if isinstance(value, Mapping):
        return {_redacted(key, pattern): _redacted(inner, pattern) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(inner, pattern) for inner in value]
    return value


def _secrets_in(value: object) -> Iterable[str]:
    reveal = getattr(value, "get_secret_value", None)
    if callable(reveal):
        yield str(reveal())
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _secrets_in(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _secrets_in(item)
    elif hasattr(value, "model_fields_set"):
        yield from _secrets_in(vars(value))


def _spellings(value: str) -> Iterable[str]:
    yield value
    yield quote(value, safe="")
    yield quote_plus(value)
    yield repr(value)[1:-1]


SECRETS = Secrets()
"""The register of this process: configurations, auth helpers and clients add to it, every log filter reads it."""


def redact(text: str) -> str:
    """`text` without any secret known to this process."""
    return SECRETS.redact(text)


class SecretFilter(logging.Filter):
    """Replaces secrets in a log record's message, arguments and traceback before a handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the record is changed in place."""
        message = record.getMessage()
        clean = redact(message)
        if clean != message:
            record.msg, record.args = clean, None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True


SECRET_FILTER = SecretFilter()


def guard(*targets: logging.Logger | logging.Handler) -> None:
    """Adds the filter to loggers and handlers; adding it twice does nothing.

    A filter on a handler sees every record the handler writes; one on a logger only those logged to that very logger.
    """
    for target in targets:
        target.addFilter(SECRET_FILTER)


def guard_http_loggers() -> None:
    """Puts the filter on the HTTP libraries' loggers."""
    guard(*map(logging.getLogger, HTTP_LOGGERS))


def connection_logger(connection: str) -> logging.Logger:
    """The redacting logger of one connection, as lent to its streams: "echo_hub.connection.<name>"."""
    logger = logging.getLogger(f"echo_hub.connection.{connection}")
    guard(logger)
    return logger
