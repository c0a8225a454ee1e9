"""Suggestions for the texts of a snapshot, from indexes that are built when somebody first asks and then kept."""

from __future__ import annotations

import threading
from collections import OrderedDict

from echo_core.skills.embeddings.vectors import Encoder
from echo_core.skills.extraction.spotter import Spotter
from echo_core.skills.extraction.suggester import Suggester, Suggestion
from echo_core.skills.taxonomy.graph import Taxonomy

MOST = 20
"""How many suggestions a text has at most."""
_REMEMBERED = 256


class Suggesting:
    """Suggests skills of one taxonomy, one text at a time. Nothing is read before the first text is.

    One snapshot hands it to the next as long as they share a taxonomy; the answers to the latest texts are kept.
    """

    def __init__(self, taxonomy: Taxonomy, spotter: Spotter) -> None:
        self._taxonomy, self._spotter = taxonomy, spotter
        self._suggester: Suggester | None = None
        self._answers: OrderedDict[tuple[str, str | None], tuple[Suggestion, ...]] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def of(self, text: str, language: str | None, encoder: Encoder | None) -> tuple[Suggestion, ...]:
        """The skills a text most likely means, best first; `encoder` is the same at every call."""
        with self._one_at_a_time:
            answer = self._answers.pop((text, language), None)
            if answer is None:
                if self._suggester is None:
                    self._suggester = Suggester(self._taxonomy, encoder, self._spotter)
                answer = self._suggester.suggest(text, language=language, top=MOST)
            self._answers[text, language] = answer
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
            return answer
