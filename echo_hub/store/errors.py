"""What can go wrong with the database, in the words of the person who must act.

HubError
├── StoreError               the database refused; the detail says how
│   ├── DatabaseFullError    the operator: make room, then sync again; nothing was half written
│   └── DatabaseNewerError   the operator: this hub is older than its database
├── ConfigError
│   └── DatabaseUrlError     the operator: the address is wrong
└── TransientError
    ├── DatabaseLockedError       nobody: another process holds the write lock
    └── DatabaseUnreachableError  nobody, or the operator when it lasts: PostgreSQL does not answer
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError

from echo_core.connectors.errors import ConfigError, HubError, TransientError


class StoreError(HubError):
    """The database refused an operation; the whole transaction was rolled back."""

    code: ClassVar[str] = "store.failed"
    who: ClassVar[str] = "the operator"


class DatabaseFullError(StoreError):
    """No room on the disk (or the database's own size limit). The page was rolled back and is read again."""

    code: ClassVar[str] = "store.full"


class DatabaseNewerError(StoreError):
    """The database was migrated by a newer hub."""

    code: ClassVar[str] = "store.newer"


class DatabaseUrlError(ConfigError):
    """The database address cannot be used."""

    code: ClassVar[str] = "store.url"


class DatabaseLockedError(TransientError):
    """Another process held the write lock for longer than the busy time-out."""

    code: ClassVar[str] = "store.locked"


class DatabaseUnreachableError(TransientError):
    """PostgreSQL cannot be reached or ended the session."""

    code: ClassVar[str] = "store.unreachable"


_SQLITE = (
    (
        "database is locked",
        DatabaseLockedError,
        "The database is busy: another process writes. Try again in a moment.",
    ),
    (
        "database table is locked",
        DatabaseLockedError,
        "The database is busy: another process writes. Try again in a moment.",
    ),
    ("disk is full", DatabaseFullError, "The disk is full. Make room, then sync again; nothing was half written."),
    ("disk i/o error", StoreError, "The disk reported an error while the database was being used."),
    ("readonly database", StoreError, "The database file cannot be written. Check the rights on the data directory."),
    ("file is not a database", DatabaseUrlError, "The database file is not an SQLite database."),
    ("unable to open database file", DatabaseUrlError, "The database file cannot be opened. Does its folder exist?"),
    ("no such table", StoreError, "The database has no tables yet. Start the hub once to create them."),
)
_POSTGRES = (
    ("53100", DatabaseFullError, "The database server's disk is full. Make room, then sync again."),
    ("55P03", DatabaseLockedError, "The database is busy: another process holds the lock. Try again in a moment."),
    ("40P01", DatabaseLockedError, "The database broke a deadlock by ending this transaction. Try again."),
    ("25006", StoreError, "The database accepts no writes (read-only server or role)."),
    ("28", DatabaseUrlError, "The database refused the user or password."),
    ("3D000", DatabaseUrlError, "The database server has no database of that name."),
    ("42501", DatabaseUrlError, "The database user lacks a right that the hub needs."),
    ("42P01", StoreError, "The database has no tables yet. Start the hub once to create them."),
    ("08", DatabaseUnreachableError, "The database server does not answer."),
    ("57P", DatabaseUnreachableError, "The database server ended the session."),
)


def explain(error: DBAPIError) -> HubError:
    """The hub's own error for a driver's; SQL parameters (people's data) never appear in it."""
    original = error.orig
    state = str(getattr(original, "sqlstate", None) or "")
    text = str(original).splitlines()[0] if str(original) else type(original).__name__
    for start, kind, message in _POSTGRES:
        if state.startswith(start):
            return kind(message, detail=f"SQLSTATE {state}")
    for part, kind, message in _SQLITE:
        if part in text.lower():
            return kind(message, detail=text)
    gone = isinstance(error, OperationalError | InterfaceError)
    if gone and not state and type(original).__module__.startswith("psycopg"):
        return DatabaseUnreachableError("The database server does not answer.", detail=type(original).__name__)
    kind_name = type(original).__name__
    detail = f"SQLSTATE {state}" if state else kind_name if isinstance(error, DataError) else f"{kind_name}: {text}"
    return StoreError("The database refused an operation; nothing was half written.", detail=detail)
