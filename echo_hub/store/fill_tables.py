"""The table of how often fields are filled, run by run."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import SQLModel

from echo_hub.store.columns import identity, owned_by, tally, text
from echo_hub.store.tables import table_of


class FillRateRow(SQLModel, table=True):
    """How many of a stream's records had a field filled after a run that changed some. Counts, no values."""

    __tablename__: ClassVar[str] = "fill_rate"
    __table_args__ = owned_by("the operator", "the last ten of each stream")

    run_id: int = identity("the run they were counted after", of="run.id", primary_key=True)
    field: str = text("kind of record and field", primary_key=True)
    filled: int = tally("records in which it is filled")
    records: int = tally("records of that kind")


FILL_RATE = table_of(FillRateRow)
