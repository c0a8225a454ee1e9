"""The table of what people decide: on names and requirements, on their own skills and matching, and on policy."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import SQLModel

from echo_hub.store.columns import identity, moment, owned_by, text
from echo_hub.store.tables import table_of


class DecisionRow(SQLModel, table=True):
    """One decision, never changed but for being undone: of several about one thing the latest not undone counts.

    `kind` is name, requirement, correction, policy or opt-out. `about` is a name's normalised spelling, an
    opportunity's public id, what is switched, or the key of the person whose skill or matching it is. Who decided and
    who took it back stand as in events: a service's name, or a person's key.
    """

    __tablename__: ClassVar[str] = "decision"
    __table_args__ = owned_by(
        "HR operations",
        "kept; what a person said of their own skills and matching until `echo-hub erase`",
        Index("decision_about", "kind", "about"),
    )

    kind: str = text("what is decided: a name, a requirement, a correction, a policy or an opt-out", primary_key=True)
    number: int = identity("the number people know it by", primary_key=True, sa_column_kwargs={"autoincrement": False})
    batch: int = identity("the number of the first decision made together with it")
    about: str = text("the name, the opportunity, the policy or the person it is about")
    choice: str = text("what was decided, as JSON")
    decided_by_kind: str = text("whether a person or a service decided")
    decided_by: str = text("who decided")
    decided_at: datetime = moment("when that was")
    undone_by_kind: str | None = text("whether a person or a service took it back", default=None)
    undone_by: str | None = text("who took it back", default=None)
    undone_at: datetime | None = moment("when that was", default=None)


DECISION = table_of(DecisionRow)
