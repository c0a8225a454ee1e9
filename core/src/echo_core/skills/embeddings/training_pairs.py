"""Pairs of texts that a taxonomy says mean much the same: what an encoder can learn from without any other data."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.records import GROUP, Label, Occupation, Skill

SHARES: Mapping[str, float] = {
    # How often a pair of a kind is drawn, against one of another kind. Titles and their translations come first, as
    # they are what is compared most; what only tends to go together (a role and its skill) comes last.
    "role alias": 2.0,
    "role translation": 2.5,
    "role description": 1.0,
    "role above": 0.5,
    "role skill": 0.25,
    "task": 0.5,
    "skill alias": 1.0,
    "skill translation": 0.9,
    "skill description": 2.0,
    "skill passage": 1.0,
    "skill beside": 0.4,
}
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")
_SENTENCES = 6
_SHORTEST = 15
_PASSAGE = 6
"""Words of a passage cut from a description: skills are named in texts in about so many words."""


@dataclass
class NamePairs:
    """The texts, each once, and pairs of their positions by kind (a key of `SHARES`)."""

    texts: list[str] = field(default_factory=list)
    pairs: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _positions: dict[str, int] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, taxonomy: Taxonomy, *, seed: int = 0) -> NamePairs:
        """Every pair of a taxonomy; which of many names stands for a concept in a pair is drawn from `seed`."""
        pairs, draw = cls(), random.Random(seed)  # noqa: S311, no secret
        for skill in taxonomy:
            if skill.kind != GROUP:
                pairs._concept("skill", skill, draw)
                for other in (*skill.broader, *skill.related):
                    if (beside := taxonomy.get(other)) is not None:
                        pairs._add("skill beside", skill.label, beside.label)
        for role in taxonomy.occupations.values():
            pairs._concept("role", role, draw)
            pairs._role(role, taxonomy, draw)
        return pairs

    def __len__(self) -> int:
        return sum(map(len, self.pairs.values()))

    def _add(self, kind: str, text: str, other: str) -> None:
        if text and other and text != other:
            position = self._position
            self.pairs.setdefault(kind, []).append((position(text), position(other)))

    def _position(self, text: str) -> int:
        at = self._positions.setdefault(text, len(self._positions))
        if at == len(self.texts):
            self.texts.append(text)
        return at

    def _concept(self, kind: str, concept: Skill | Occupation, draw: random.Random) -> None:
        names = _by_language(concept.labels)
        english = names.get("en") or [concept.label]
        for language, texts in names.items():
            preferred, *aliases = texts
            for at, alias in enumerate(aliases):
                self._add(f"{kind} alias", alias, preferred)
                if len(aliases) > 1:
                    self._add(f"{kind} alias", alias, aliases[(at + 1) % len(aliases)])
            if language != "en" and "en" in names:
                for at, text in enumerate(texts):
                    self._add(f"{kind} translation", text, english[at % len(english)])
        for sentence in _SENTENCE.split(concept.description)[:_SENTENCES]:
            if len(sentence) <= _SHORTEST:
                continue
            self._add(f"{kind} description", sentence, draw.choice(english))
            words = sentence.split()
            if kind == "skill" and len(words) > _PASSAGE:
                at = draw.randrange(len(words) - _PASSAGE + 1)
                self._add("skill passage", " ".join(words[at : at + _PASSAGE]), concept.label)

    def _role(self, role: Occupation, taxonomy: Taxonomy, draw: random.Random) -> None:
        names = _by_language(role.labels).get("en") or [role.label]
        for above in role.broader:
            if (group := taxonomy.occupations.get(above)) is not None:
                self._add("role above", role.label, group.label)
        for needed in role.skills:
            if (skill := taxonomy.get(needed.skill_id)) is not None:
                self._add("role skill", draw.choice(names), skill.label)
        for task in role.tasks:
            self._add("task", task, role.label)


def draws(name_pairs: NamePairs, size: int, seed: int = 0) -> Iterator[Any]:
    """Batches of pairs without end, `size` × 2 positions in `name_pairs.texts`, drawn by `SHARES`."""
    import numpy as np

    kinds = [kind for kind in SHARES if name_pairs.pairs.get(kind)]
    pairs = np.concatenate([np.array(name_pairs.pairs[kind], dtype=np.int64) for kind in kinds])
    chances = np.concatenate([np.full(len(name_pairs.pairs[kind]), SHARES[kind]) for kind in kinds])
    upto = np.cumsum(chances)
    generator = np.random.default_rng(seed)
    while True:
        yield pairs[np.searchsorted(upto, generator.random(size) * upto[-1], side="right").clip(max=len(pairs) - 1)]


def _by_language(labels: tuple[Label, ...]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for label in sorted(labels, key=lambda label: not label.preferred):
        texts.setdefault(label.language, []).append(label.text)
    return texts
