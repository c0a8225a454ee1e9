"""What people decided about names of skills; see `ledger` for how decisions are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal, TypeAlias, get_args

from echo_core.text.wording import key
from echo_hub.store import ledger
from echo_hub.store.aside import UnusableError
from echo_hub.store.database import Database
from echo_hub.store.ledger import Ledger

Action = Literal["accept", "map", "create", "reject"]


@dataclass(frozen=True, slots=True, order=True)
class NameId:
    """By what a decision knows a name: its normalised spelling, and the source's own id or else a language.

    Without a language it means the name in every language. Empty texts stand for what there is not.
    """

    name: str
    language: str = ""
    scheme: str = ""
    external_id: str = ""

    @classmethod
    def of(
        cls, label: str, language: str | None = None, scheme: str | None = None, external_id: str | None = None
    ) -> NameId:
        """The id of a name as a source wrote it. Case, punctuation and blanks do not matter."""
        name = key(label) or " ".join(label.casefold().split())
        return cls(name, "", scheme or "", external_id) if external_id else cls(name, language or "")

    @property
    def short(self) -> str:
        """Twelve letters and digits that people can paste."""
        text = "\x1f".join((self.name, self.language, self.scheme, self.external_id))
        return blake2b(text.encode(errors="surrogatepass"), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Choice:
    """What to do with one name. `label` is the name as a source wrote it, `skill` the label of the chosen skill.

    `broader` is for a created skill only; `confidence` is the linker's in the accepted candidate.
    """

    name: NameId
    label: str
    action: Action
    skill_id: str | None = None
    skill: str | None = None
    broader: str | None = None
    confidence: float | None = None
    note: str = ""

    @property
    def about(self) -> NameId:
        """The name."""
        return self.name

    def same_as(self, other: Choice) -> bool:
        """Whether both come to the same thing, whatever their notes say."""
        return (self.action == "reject", self.skill_id) == (other.action == "reject", other.skill_id)


Decision: TypeAlias = ledger.Decision[Choice]


def _values(choice: Choice) -> Sequence[Any]:
    name = choice.name
    return (
        *(name.name, name.language, name.scheme, name.external_id, choice.label, choice.action),
        *(choice.skill_id, choice.skill, choice.broader, choice.confidence, choice.note),
    )


_COLUMNS = (
    *("name", "language", "scheme", "external_id"),
    *("label", "action", "skill_id", "skill", "broader", "confidence", "note"),
)


def _choice(row: Sequence[Any]) -> Choice:
    choice = Choice(NameId(*row[:4]), *row[4:])
    if choice.action not in get_args(Action):
        raise UnusableError(f"{choice.action!r} is no decision about a name; valid: {', '.join(get_args(Action))}.")
    return choice


_LEDGER = Ledger("skill_decision", _COLUMNS, _values, _choice, "name decision")
decide, undo_decisions, undo_batch = _LEDGER.decide, _LEDGER.undo, _LEDGER.undo_batch
standing_decisions = _LEDGER.standing


def decision_history(database: Database, about: str | None = None, *, limit: int = 200) -> list[Decision]:
    """Every decision, undone ones too, the latest first; only about a name (or its short id) when it is given."""
    found = _LEDGER.history(database, limit=None if about else limit)
    if about:
        wanted = (NameId.of(about).name, about.strip())
        found = [one for one in found if one.choice.name.name == wanted[0] or one.choice.name.short == wanted[1]]
    return found[:limit]
