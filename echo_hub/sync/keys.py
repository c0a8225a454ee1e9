"""The keys of raw records, and which texts both databases can keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

KEY_CHARS = 500
"""As long as a record's source id may be; a longer one does not fit a PostgreSQL index either."""

ReadKey = Callable[[Mapping[str, Any]], str | None]


def keys_of(read_key: ReadKey, records: Sequence[Mapping[str, Any]]) -> list[str | None]:
    """The raw records' keys; None where the connector cannot name one, or names one that cannot be stored."""
    try:
        keys = [read_key(raw) for raw in records]
    except Exception:  # noqa: BLE001, one of them is too broken for its key; below, only that one goes without
        return [_key_of(read_key, raw) for raw in records]
    return keys if _all_storable(keys) else [_only_storable(key) for key in keys]


def storable(keys: Iterable[str]) -> list[str]:
    """Those of these keys that a record can have."""
    return [key for key in keys if _only_storable(key) is not None]


def clean(text: str) -> str:
    """The text without what a database refuses: NUL and lone surrogates become replacement characters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _all_storable(keys: list[str | None]) -> bool:
    """One look at all keys together: almost always there is nothing to find."""
    named = [key for key in keys if key is not None]
    try:
        joined = "".join(named)
        joined.encode()
    except (TypeError, UnicodeEncodeError):
        return False
    return "\0" not in joined and max(map(len, named), default=0) <= KEY_CHARS


def _key_of(read_key: ReadKey, raw: Mapping[str, Any]) -> str | None:
    try:
        return _only_storable(read_key(raw))
    except Exception:  # noqa: BLE001, the record is rejected later, with a reason
        return None


def _only_storable(key: Any) -> str | None:
    return key if isinstance(key, str) and _all_storable([key]) else None
