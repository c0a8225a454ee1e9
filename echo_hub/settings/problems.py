"""All that is wrong with a settings file, told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from echo_core.connectors.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where in the file, what, and what would be right.

    `of_plugin`: the operator's file may be right; the connector's code cannot be used.
    """

    path: str
    text: str
    of_plugin: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


class SettingsError(ConfigError):
    """The settings file cannot be used. `problems` lists every reason with its path; no value is ever repeated."""

    code: ClassVar[str] = "config.file"

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        many = f"{len(self.problems)} problems" if len(self.problems) != 1 else "1 problem"
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        super().__init__(f"{file} has {many}; nothing was started.{lines}")


def choice(value: str, valid: Iterable[str]) -> str:
    """What to say about a word that is none of the valid ones: the nearest first, then all of them."""
    known = sorted(valid)
    near = difflib.get_close_matches(value, known, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}valid: {', '.join(known) or 'none'}"


def from_pydantic(prefix: str, errors: Iterable[Any], valid: Iterable[str] = ()) -> list[Problem]:
    """Pydantic's error list in our words.

    The input is left out on purpose: it may be a secret. An unknown key gets the list of valid ones.
    """
    problems = []
    for error in errors:
        path = ".".join([prefix, *(str(part) for part in error["loc"])]).strip(".")
        if error["type"] == "extra_forbidden":
            text = f"unknown setting; {choice(str(error['loc'][-1]), valid)}"
        elif error["type"] == "missing":
            text = "missing"
        else:
            text = str(error["msg"]).removeprefix("Value error, ")
        problems.append(Problem(path, text))
    return problems
