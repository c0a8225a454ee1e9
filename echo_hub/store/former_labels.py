"""Labels that a release no longer gives a living concept: kept with it, so that what was written goes on linking."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from echo_core.text.wording import key
from echo_hub.store.concepts import FORMER, Concept


class ReleaseNames:
    """Which concepts of a release have which normalised name, and in which languages it names anything."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._owners: dict[str, set[str]] = {}
        self._languages: set[str] = set()
        for concept in concepts:
            self._languages.update(label.language for label in concept.labels)
            for text in (concept.label, *(label.text for label in concept.labels)):
                self._owners.setdefault(key(text), set()).add(concept.id)

    def with_former(self, before: str, now: str, concept_id: str) -> str:
        """The labels of a concept in the release (`now`, as stored) with those of `before` it lost, marked as former.

        A label that the release gives to another concept is not kept: it means that one now. Nor is one in a language
        that the release was read without.
        """
        current = json.loads(now)
        own = {(key(text), language) for text, language, _ in current}
        former = [
            (text, language, FORMER)
            for text, language in _readable(before)
            if language in self._languages
            and (key(text), language) not in own
            and not self._owners.get(key(text), set()) - {concept_id}
        ]
        return json.dumps([*current, *former], ensure_ascii=False, separators=(",", ":")) if former else now


def _readable(stored: str) -> Iterator[tuple[str, str]]:
    """Text and language of stored labels; what cannot be read is nobody's old name."""
    try:
        labels: Any = json.loads(stored)
    except (TypeError, ValueError):
        return
    for label in labels if isinstance(labels, list) else ():
        match label:
            case [str(text), str(language), _]:
                yield text, language
