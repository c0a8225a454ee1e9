"""People's names as they are searched for: words in any order, accents or none, umlauts spelled out or not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from echo_core.text.normal_form import WORD, fold, spelled_out

_WORD = re.compile(WORD)


def searched_name(name: str) -> str:
    """All spellings under which a name is found, one a line, each word after a blank."""
    folded = _line(fold(name))
    if name.isascii():
        return folded
    other = _line(spelled_out(name))
    return folded if other == folded else f"{folded}\n{other}"


def _line(text: str) -> str:
    return "".join(f" {word}" for word in _WORD.findall(text.replace("'", "")))


@dataclass(frozen=True, slots=True)
class NameQuery:
    """What somebody typed to find a name by. `words` are folded; without any it finds nobody."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> NameQuery:
        """The query of a text: "Lee, Ann" asks for two words in any order."""
        return cls(tuple(_line(fold(text)).split()))

    def fits(self, name: str) -> bool:
        """Whether a `searched_name` has these words: one anywhere, several at the beginnings of words.

        Names in scripts without blanks between words may have them anywhere.
        """
        if len(self.words) == 1:
            return self.words[0] in name
        return bool(self.words) and all((f" {word}" if word.isascii() else word) in name for word in self.words)

    def is_whole(self, name: str) -> bool:
        """Whether these words are all of the name, in any order."""
        return any(
            sorted(self.words) == sorted(line.split()) or "".join(self.words) == line.replace(" ", "")
            for line in name.split("\n")
        )
