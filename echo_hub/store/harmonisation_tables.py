"""The tables of what people decide: on names of skills, on skills of opportunities, and on claims not theirs."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import SQLModel

from echo_hub.store.columns import identity, inferred, moment, owned_by, text
from echo_hub.store.tables import KEPT


class SkillDecisionRow(SQLModel, table=True):
    """One decision about one name. Never changed but for being undone: the latest that is not undone counts.

    A name is known by (`name`, `language`, `scheme`, `external_id`), empty where it has none. `batch` is the first
    decision made together with this one.
    """

    __tablename__: ClassVar[str] = "skill_decision"
    __table_args__ = owned_by(
        "HR operations", KEPT, Index("skill_decision_name", "name", "language", "scheme", "external_id")
    )

    id: int | None = identity("the number people know it by", default=None, primary_key=True)
    batch: int = identity("the first decision made together with it")
    name: str = text("the name, in its searched form")
    language: str = text("the language it is in, where that matters")
    scheme: str = text("whose id it has at the source")
    external_id: str = text("that id")
    label: str = text("the name as it is written")
    action: str = text("whether it is linked, becomes a skill or is none")
    skill_id: str | None = text("the skill it means", default=None)
    skill: str | None = text("what that skill is called", default=None)
    broader: str | None = text("the skill above a new one", default=None)
    confidence: float | None = inferred("how sure the suggestion was", default=None)
    note: str = text("why, in the words of who decided", default="")
    decided_by: str = text("who decided", erasure="key")
    decided_at: datetime = moment("when that was")
    undone_by: str | None = text("who took it back", erasure="key", default=None)
    undone_at: datetime | None = moment("when that was", default=None)


class NeedDecisionRow(SQLModel, table=True):
    """One decision about one skill of one opportunity; kept as those about names are.

    The opportunity is known by its public id. `ruling` is essential, desired, teaches or not_asked.
    """

    __tablename__: ClassVar[str] = "need_decision"
    __table_args__ = owned_by("HR operations", KEPT, Index("need_decision_opportunity", "opportunity", "skill_id"))

    id: int | None = identity("the number people know it by", default=None, primary_key=True)
    batch: int = identity("the first decision made together with it")
    opportunity: str = text("the opportunity")
    skill_id: str = text("the skill")
    skill: str = text("what that skill is called")
    ruling: str = text("whether it is essential, desired, taught or not asked for")
    level: int | None = inferred("which level is asked for", default=None)
    words: str = text("the words of the text that mean it", default="")
    confidence: float | None = inferred("how sure the suggestion was", default=None)
    note: str = text("why, in the words of who decided", default="")
    decided_by: str = text("who decided", erasure="key")
    decided_at: datetime = moment("when that was")
    undone_by: str | None = text("who took it back", erasure="key", default=None)
    undone_at: datetime | None = moment("when that was", default=None)


class SkillDisputeRow(SQLModel, table=True):
    """What a person says about a skill of theirs: not me (`level` is NULL), or the level it really has.

    The person is known by the public id and, where the id is gone, by the employee id; the skill by its id, then by
    the id it stood for, then by its name. `names` is a JSON list of the names the claims had.
    """

    __tablename__: ClassVar[str] = "skill_dispute"
    __table_args__ = owned_by(
        "the person",
        "until the person is erased (`echo-hub erase`); one taken back stays as history",
        Index("skill_dispute_person", "person_id"),
    )

    id: int | None = identity("the number people know it by", default=None, primary_key=True)
    person_id: str = text("whose skill it is", erasure="row")
    employee_id: str | None = text("their employee id, should the id of the record change", erasure="row", default=None)
    skill_id: str | None = text("the skill", default=None)
    standing_id: str | None = text("the skill it stood for", default=None)
    skill: str = text("what the skill is called")
    names: str = text("the names under which systems claim it")
    stance: str = text("what the systems claim: has it, wants to learn it, …")
    level: int | None = inferred("the level it really has; none for “not me”", default=None)
    note: str = text("why, in the person's words", default="")
    decided_by: str = text("who said so: the person or HR operations", erasure="key")
    decided_at: datetime = moment("when that was")
    undone_by: str | None = text("who took it back", erasure="key", default=None)
    undone_at: datetime | None = moment("when that was", default=None)
