"""What a title lets one assume about somebody who has said little: the role's profile, as the matcher takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from echo_core.matching import Assumption, SkillSpace


class RoleProfile(Protocol):
    """The skills of a role, each with how much it belongs to it (0..1), and how sure the match of the title is."""

    @property
    def skills(self) -> Mapping[str, float]:
        """Weights by skill id."""

    @property
    def confidence(self) -> float:
        """0..1."""


class Titles(Protocol):
    """Something that knows the roles behind titles, such as `echo_core.skills.occupations.titles.TitleBridge`."""

    def role(self, title: str, language: str | None = None) -> RoleProfile:
        """The profile of the role a title names."""


class Roles:
    """Assumptions by title, each title looked up once. Without `titles` nothing is ever assumed."""

    def __init__(self, titles: Titles | None, space: SkillSpace) -> None:
        self.titles = titles
        self._space = space
        self._known: dict[str, Assumption | None] = {}

    def assumption(self, title: str | None) -> Assumption | None:
        """What the title lets one assume; None where it says nothing."""
        title = " ".join((title or "").split())
        if not title or self.titles is None:
            return None
        if title not in self._known:
            self._known[title] = self._look_up(title, self.titles)
        return self._known[title]

    def _look_up(self, title: str, titles: Titles) -> Assumption | None:
        role = titles.role(title)
        used: Sequence[str] = sorted(skill for skill in role.skills if skill in self._space.index)
        if not used:
            return None
        return Assumption(
            title,
            role.confidence,
            np.array([self._space.index[skill] for skill in used], dtype=np.int64),
            np.array([role.skills[skill] for skill in used], dtype=np.float64).clip(0.0, 1.0),
        )
