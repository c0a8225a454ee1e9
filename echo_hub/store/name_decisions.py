"""What people decided about names of skills; see `ledger` for how decisions are kept."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal, TypeAlias

from echo_core.text.wording import key
from echo_hub.store.database import Database
from echo_hub.store.ledger import Decision, Ledger

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
class NameChoice:
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

    @property
    def subject(self) -> str:
        """Its spelling, whatever the language or the source's id."""
        return self.name.name

    def same_as(self, other: NameChoice) -> bool:
        """Whether both come to the same thing, whatever their notes say."""
        return (self.action == "reject", self.skill_id) == (other.action == "reject", other.skill_id)


NameDecision: TypeAlias = Decision[NameChoice]
NAMES = Ledger("name", NameChoice)


def name_history(database: Database, name: str | None = None, *, limit: int = 200) -> list[NameDecision]:
    """Every decision, undone ones too, the latest first; only about a name (or its short id) when it is given."""
    if name is None:
        return NAMES.history(database, limit=limit)
    spelled, short = NameId.of(name).name, name.strip()
    decisions = NAMES.history(database)
    return [past for past in decisions if spelled == past.choice.subject or short == past.choice.name.short][:limit]
