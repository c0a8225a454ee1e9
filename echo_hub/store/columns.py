"""How a stored column is declared: its type, and what it is for, who owns it, how long it is kept.

`docs/data.md` is made of these declarations; a test fails for a column without them.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Text
from sqlmodel import Field

from echo_hub.store.instant import Instant

BIG = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only for a column of exactly this type."""

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by code point on both databases, so that lists come in one order."""

Owner = Literal["HR operations", "integration engineers", "the operator", "the person"]
"""Who answers for a column: for what it says, and to whoever asks about it."""
Erasure = Literal["row", "key"]
"""What erasing the person whom a column names does: the row goes, or a random key takes the place of the name."""


class Declared(NamedTuple):
    """What is declared of a column; None for what is not."""

    owner: Owner | None
    purpose: str | None
    kept: str | None
    erasure: Erasure | None


def declared(column: Column[Any]) -> Declared:
    """What is declared of a column, or else of its table."""
    said = {**column.table.info, **column.info}
    return Declared(said.get("owner"), column.info.get("purpose"), said.get("kept"), column.info.get("erasure"))


def owned_by(owner: Owner, kept: str, *constraints: Any, **options: Any) -> Any:
    """The arguments of a table (`__table_args__`).

    Args:
        owner: who answers for its columns, but for those that say otherwise.
        kept: until when its rows are kept, or why for good; only what is true today.
    """
    return (*constraints, {"info": {"owner": owner, "kept": kept}, **options})


def inferred(
    purpose: str,
    *,
    owner: Owner | None = None,
    kept: str | None = None,
    erasure: Erasure | None = None,
    of: str | None = None,
    cascade: bool = True,
    sa_column_kwargs: dict[str, Any] | None = None,
    **more: Any,
) -> Any:
    """A column of the type that its annotation says.

    Args:
        owner, kept: where they are others than the table's.
        erasure: for a column that names a person.
        of: the column it refers to, as "stream.id"; its row takes this one along unless `cascade` is off.
        more: as SQLModel's `Field` takes it.
    """
    said = {"purpose": purpose, "owner": owner, "kept": kept, "erasure": erasure}
    info = {name: value for name, value in said.items() if value is not None}
    if of is not None:
        more["sa_column_args"] = [ForeignKey(of, ondelete="CASCADE" if cascade else None)]
    return Field(sa_column_kwargs={"info": info, **(sa_column_kwargs or {})}, **more)


def text(purpose: str, **more: Any) -> Any:
    """A column of text; arguments as `inferred`."""
    return inferred(purpose, sa_type=TEXT, **more)


def moment(purpose: str, **more: Any) -> Any:
    """A column of moments in UTC; arguments as `inferred`."""
    return inferred(purpose, sa_type=Instant, **more)


def identity(purpose: str, **more: Any) -> Any:
    """A column of row numbers; arguments as `inferred`."""
    return inferred(purpose, sa_type=BIG, **more)


def tally(purpose: str, **more: Any) -> Any:
    """A column that counts; arguments as `inferred`."""
    return inferred(purpose, sa_type=BigInteger, **more)


def binary(purpose: str, **more: Any) -> Any:
    """A column of bytes; arguments as `inferred`."""
    return inferred(purpose, sa_type=LargeBinary, **more)
