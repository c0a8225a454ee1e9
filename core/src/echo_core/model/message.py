"""What is to be said, without its words: the id of a sentence and the values in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | float | tuple[str, ...] | tuple["Message", ...]
"""What a sentence may hold: names, codes and ISO dates as text, numbers, and lists of names, codes or messages."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence before it is put into a language. Surfaces hold the texts, in catalogues by `id`.

    Values are facts, never pieces of a sentence: a skill's name, a level (0 where nobody stated one), a country's code,
    a date as ISO text. `who` among them is whom the sentence speaks to, see `echo_core.matching.messages.Voice`.
    """

    id: str
    values: Mapping[str, Value] = field(default_factory=dict)
