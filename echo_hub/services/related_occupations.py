"""Roles near a role: of a person, of a title, or of an occupation of the taxonomy, with the reasons."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import Field

from echo_core.model.message import Message
from echo_core.skills.taxonomy.records import GROUP
from echo_hub.services.errors import RequestError, UnknownPersonError
from echo_hub.services.people import one_person
from echo_hub.services.views import Sentence, View

if TYPE_CHECKING:
    from echo_core.skills.embeddings.vectors import Encoder
    from echo_core.skills.occupations.related import RelatedOccupations
    from echo_core.skills.occupations.titles import TitleBridge
    from echo_hub.services.hub import Hub

_LANGUAGE = "en"
_SKILLS = 12
"""How many skills of a role are named."""


class NearRole(View):
    """A role near another. `score` orders the roles of one answer and says nothing across answers."""

    id: str = Field(examples=["starter:role/data-engineer"])
    title: str
    score: float = Field(description="Sum of standard deviations above the ordinary role, weighed")
    reasons: tuple[Sentence, ...]


class LikelySkill(View):
    """A skill that a role usually takes."""

    id: str = Field(examples=["starter:sql"])
    skill: str


class NearRoles(View):
    """The role that was meant, how it was found, what it usually takes, and the roles near it, best first."""

    id: str
    title: str
    reason: Sentence = Field(description="Why this role was taken for the one asked for")
    skills: tuple[LikelySkill, ...] = Field((), description="What such a role usually takes, the likeliest first")
    near: tuple[NearRole, ...]
    credits: tuple[str, ...] = ()


class UnknownRoleError(RequestError):
    """No role of the taxonomy is meant by a text."""

    code = "role.unknown"

    def __init__(self, text: str) -> None:
        super().__init__(f"No role of the taxonomy has a name like {text!r}; try another title, or import ESCO.")


class RoleFinder:
    """Finds the role behind a title and the roles near it. Made once per taxonomy: what it learns of it is kept.

    Args:
        bridge: knows the roles behind titles.
        related: holds roles of the same taxonomy against each other.
    """

    def __init__(self, bridge: TitleBridge, related: RelatedOccupations) -> None:
        self._bridge = bridge
        self._related = related

    def names(self, text: str) -> bool:
        """True when a text is the id or the very name of a role, not just like one."""
        return self._known(text.strip()) or any(match.score >= 1.0 for match in self._bridge.occupations(text, top=1))

    def near(self, text: str, top: int) -> NearRoles:
        """The roles near the one that a title or the id of an occupation means.

        Raises:
            UnknownRoleError: no role has a name like it.
        """
        text = text.strip()
        taxonomy = self._related.taxonomy
        if self._known(text):
            meant, reason = text, Message("role-by-id")
        elif matches := self._bridge.occupations(text, top=1):
            meant, reason = matches[0].occupation_id, matches[0].reason
        else:
            raise UnknownRoleError(text)
        occupations = taxonomy.occupations
        title = occupations[meant].label_in(_LANGUAGE)
        likely = self._bridge.skills_for(title if meant == text else text, _LANGUAGE)[:_SKILLS]
        return NearRoles(
            id=meant,
            title=title,
            reason=Sentence(message=reason),
            skills=tuple(
                LikelySkill(id=skill_id, skill=taxonomy.skills[skill_id].label_in(_LANGUAGE)) for skill_id, _ in likely
            ),
            near=tuple(
                NearRole(
                    id=neighbour.occupation_id,
                    title=occupations[neighbour.occupation_id].label_in(_LANGUAGE),
                    score=neighbour.score,
                    reasons=tuple(Sentence(message=reason) for reason in neighbour.reasons),
                )
                for neighbour in self._related.near(meant, top)
            ),
            credits=taxonomy.credits(),
        )

    def _known(self, text: str) -> bool:
        occupation = self._related.taxonomy.occupations.get(text)
        return occupation is not None and occupation.kind != GROUP


def near_roles(hub: Hub, text: str, top: int = 10) -> NearRoles:
    """The roles near the one that a role's id or name means, else a person, else a title.

    Raises:
        UnknownRoleError: no role is like it, nor does one person go by it; or that person has no title.
        AmbiguousPersonError: several people go by it; carries them.
    """
    snapshot = hub.snapshot()
    bridge = hub.bridge(snapshot.taxonomy)
    if bridge is None:
        raise UnknownRoleError(text)
    finder = _finder(bridge, hub.encoder)  # type: ignore[arg-type]  # every encoder is hashable, by identity
    if finder.names(text):
        return finder.near(text, top)
    try:
        person = one_person(snapshot, text)
    except UnknownPersonError:
        return finder.near(text, top)
    if not person.title:
        raise UnknownRoleError(person.name)
    return finder.near(person.title, top)


@lru_cache(maxsize=1)
def _finder(bridge: TitleBridge, encoder: Encoder | None) -> RoleFinder:
    """What finds roles in the taxonomy of a bridge, kept while that is the latest."""
    from echo_core.skills.occupations.related import RelatedOccupations

    return RoleFinder(bridge, RelatedOccupations(bridge.taxonomy, encoder))
