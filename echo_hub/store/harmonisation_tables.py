"""The tables of what people decide: on names of skills, on skills of opportunities, and on claims not theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from echo_hub.store.instant import Instant
from echo_hub.store.tables import BIG, TEXT


def _text(**more: Any) -> Any:
    return Field(sa_type=TEXT, **more)


def _moment(**more: Any) -> Any:
    return Field(sa_type=Instant, **more)


class SkillDecisionRow(SQLModel, table=True):
    """One decision about one name. Never changed but for being undone: the latest that is not undone counts.

    A name is known by (`name`, `language`, `scheme`, `external_id`), empty where it has none. `batch` is the first
    decision made together with this one.
    """

    __tablename__: ClassVar[str] = "skill_decision"
    __table_args__ = (Index("skill_decision_name", "name", "language", "scheme", "external_id"),)

    id: int | None = Field(default=None, sa_type=BIG, primary_key=True)
    batch: int = Field(sa_type=BIG)
    name: str = _text()
    language: str = _text()
    scheme: str = _text()
    external_id: str = _text()
    label: str = _text()
    action: str = _text()
    skill_id: str | None = _text(default=None)
    skill: str | None = _text(default=None)
    broader: str | None = _text(default=None)
    confidence: float | None = None
    note: str = _text(default="")
    decided_by: str = _text()
    decided_at: datetime = _moment()
    undone_by: str | None = _text(default=None)
    undone_at: datetime | None = _moment(default=None)


class NeedDecisionRow(SQLModel, table=True):
    """One decision about one skill of one opportunity; kept as those about names are.

    The opportunity is known by its public id. `ruling` is essential, desired, teaches or not_asked.
    """

    __tablename__: ClassVar[str] = "need_decision"
    __table_args__ = (Index("need_decision_opportunity", "opportunity", "skill_id"),)

    id: int | None = Field(default=None, sa_type=BIG, primary_key=True)
    batch: int = Field(sa_type=BIG)
    opportunity: str = _text()
    skill_id: str = _text()
    skill: str = _text()
    ruling: str = _text()
    level: int | None = None
    words: str = _text(default="")
    confidence: float | None = None
    note: str = _text(default="")
    decided_by: str = _text()
    decided_at: datetime = _moment()
    undone_by: str | None = _text(default=None)
    undone_at: datetime | None = _moment(default=None)


class SkillDisputeRow(SQLModel, table=True):
    """What a person says about a skill of theirs: not me (`level` is NULL), or the level it really has.

    The person is known by the public id and, where the id is gone, by the employee id; the skill by its id, then by
    the id it stood for, then by its name. `names` is a JSON list of the names the claims had.
    """

    __tablename__: ClassVar[str] = "skill_dispute"
    __table_args__ = (Index("skill_dispute_person", "person_id"),)

    id: int | None = Field(default=None, sa_type=BIG, primary_key=True)
    person_id: str = _text()
    employee_id: str | None = _text(default=None)
    skill_id: str | None = _text(default=None)
    standing_id: str | None = _text(default=None)
    skill: str = _text()
    names: str = _text()
    stance: str = _text()
    level: int | None = None
    note: str = _text(default="")
    decided_by: str = _text()
    decided_at: datetime = _moment()
    undone_by: str | None = _text(default=None)
    undone_at: datetime | None = _moment(default=None)
