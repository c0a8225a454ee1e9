"""What people decided about the skills of an opportunity; see `ledger` for how decisions are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from echo_core.model.skill import Importance
from echo_hub.store import ledger
from echo_hub.store.aside import LEVELS, UnusableError
from echo_hub.store.database import SAID_HERE, Database
from echo_hub.store.ledger import Ledger

Ruling = Literal[Importance, "not_asked"]


@dataclass(frozen=True, slots=True)
class NeedChoice:
    """What an opportunity needs of one skill, in a person's word: how much, or that it is not asked for.

    `opportunity` is a public id, `skill` the skill's label when it was decided. Without a `level` the one that
    is known otherwise stays. `words` and `confidence` are those of the suggestion it confirms or rejects.
    """

    opportunity: str
    skill_id: str
    skill: str
    ruling: Ruling
    level: int | None = None
    words: str = ""
    confidence: float | None = None
    note: str = ""

    @property
    def about(self) -> tuple[str, str]:
        """The opportunity and the skill."""
        return self.opportunity, self.skill_id

    def same_as(self, other: NeedChoice) -> bool:
        """Whether both come to the same thing, whatever their notes say."""
        return (self.ruling, self.level) == (other.ruling, other.level)


NeedDecision: TypeAlias = ledger.Decision[NeedChoice]


def _values(one: NeedChoice) -> Sequence[Any]:
    return one.opportunity, one.skill_id, one.skill, one.ruling, one.level, one.words, one.confidence, one.note


_COLUMNS = ("opportunity", "skill_id", "skill", "ruling", "level", "words", "confidence", "note")
_RULINGS = (*get_args(Importance), "not_asked")


def _choice(row: Sequence[Any]) -> NeedChoice:
    choice = NeedChoice(*row)
    if choice.ruling not in _RULINGS:
        raise UnusableError(f"{choice.ruling!r} says nothing about a skill; valid: {', '.join(_RULINGS)}.")
    if choice.level is not None and choice.level not in LEVELS:
        raise UnusableError(f"There is no level {choice.level!r}; levels run from 1 (aware) to 5 (expert).")
    return choice


_LEDGER = Ledger("need_decision", _COLUMNS, _values, _choice, "requirement decision", moves=SAID_HERE)
decide_needs, undo_needs, undo_need_batch = _LEDGER.decide, _LEDGER.undo, _LEDGER.undo_batch
standing_needs = _LEDGER.standing


def need_history(database: Database, opportunity: str | None = None, *, limit: int = 200) -> list[NeedDecision]:
    """Every decision, undone ones too, the latest first; only about one opportunity when it is given."""
    if opportunity is None:
        return _LEDGER.history(database, limit=limit)
    return _LEDGER.history(database, "WHERE opportunity = ?", (opportunity,), limit=limit)
