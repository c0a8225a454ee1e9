"""Sentences about matches, people and opportunities are made by the surfaces alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = tuple(
    ROOT / room
    for room in (
        *(f"core/src/echo_core/{part}" for part in ("matching", "model", "skills")),
        *("echo_hub/snapshot", "echo_hub/services"),
    )
)
A_SENTENCE = re.compile(r"(?:^|[^\s\\]) [a-z]{2,}")
"""A blank and a word after it, which no id, key, name of a column or other identifier has."""
PATTERN = re.compile(r"\\[bswWd]|\(\?|\|")
REFUSING = ("Error", "Exception", "Problem", "Missing")
LOGGING = ("debug", "info", "warning", "error", "exception")
EXPECTED = {
    "core/src/echo_core/skills/levels.py": "words of sources for levels, which are read and never said",
    "core/src/echo_core/skills/taxonomy": "credits that licences ask for, columns of files, errors of an import",
    "core/src/echo_core/skills/embeddings": "how to install the library, and kinds of training pairs",
    "core/src/echo_core/model/stored.py": "the error of a payload that cannot be read",
    "echo_hub/snapshot/holder.py": "lines of the log, and why a build failed",
    "echo_hub/snapshot/cluster.py": "the words of errors, and who must act",
    "echo_hub/snapshot/archive.py": "an article that older archives have before a noun",
    "echo_hub/snapshot/skill_graph/decisions.py": "what an item that is set aside is called, in health",
    "echo_hub/snapshot/search/facets.py": "labels of the values a filter has, by which they can be typed too",
    "echo_hub/snapshot/update.py": "what an item that is set aside is called, in health",
    "echo_hub/services/access.py": "what an actor may not do: the words of one error",
    "echo_hub/services/errors.py": "the words of errors",
    "echo_hub/services/vocabulary.py": "the words of one error",
    "echo_hub/services/decision_file.py": "the words of one error",
    "echo_hub/services/corrections.py": "the words of one error",
    "echo_hub/services/mentoring_words.py": "the words of one error",
    "echo_hub/services/mentoring_reasons.py": "the words of one error",
    "echo_hub/services/mentoring.py": "the words of errors, and the title a round has when nobody gave one",
    "echo_hub/services/receipts.py": "that a receipt could not be stored: an error's sentence beside an answer",
    "echo_hub/services/actor.py": "names of actors that are no people, kept with what they did",
    "echo_hub/services/sign_in.py": "how somebody came in, as it is stored",
    "echo_hub/services/watching.py": "why a hub is not ready, in English for the operator",
    "echo_hub/services/syncing.py": "the words of one error",
    "echo_hub/services/actors.py": "names of actors that are no people, kept with what they did",
    "echo_hub/services/intents": "what an event was about, as it is stored",
}
"""Files, and folders of files, whose texts with blanks are no sentence about a match, a person or an opportunity."""


def sentences(file: Path) -> Iterator[tuple[int, str]]:
    """Texts of several words that are no docstring, error, line of the log or pattern of a regular expression."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or _refuses(node) or (isinstance(node, ast.Expr) and _is_text(node.value)):
            passed |= {id(part) for part in ast.walk(node)}
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "Field":
            described = [one.value for one in node.keywords if one.arg in ("description", "title", "examples")]
            passed |= {id(part) for value in described for part in ast.walk(value)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in passed else None
        if isinstance(text, str) and A_SENTENCE.search(text) and not PATTERN.search(text):
            yield node.lineno, text


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _refuses(node: ast.AST) -> bool:
    """Whether it makes an error or a line of the log."""
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    to_log = name in LOGGING and getattr(getattr(node.func, "value", None), "id", "") in ("log", "logger")
    return to_log or name.endswith(REFUSING) or ast.unparse(node.func).startswith("super().__init__")


def found() -> dict[str, list[str]]:
    """Sentences by file."""
    told: dict[str, list[str]] = {}
    for room in ROOMS:
        for file in sorted(room.rglob("*.py")):
            if lines := [f"{line}: {text!r}" for line, text in sentences(file)]:
                told[file.relative_to(ROOT).as_posix()] = lines
    return told


def test_no_room_below_the_surfaces_holds_a_sentence() -> None:
    told = found()
    unexpected = {file: lines for file, lines in told.items() if not any(file.startswith(one) for one in EXPECTED)}
    assert not unexpected
    assert not [one for one in EXPECTED if not any(file.startswith(one) for file in told)], "no longer needed"


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ('X = "Needs a skill you lack"', [1]),
        ('def f(): return f"is {x} levels above"', [1]),
        ('"""A docstring of words."""\nX = "one_word"', []),
        ('raise ValueError(f"no such {x} at all")', []),
        ('log.warning("took a while %s", x)', []),
    ],
)
def test_the_scan_tells_sentences_from_errors_logs_and_docstrings(tmp_path: Path, code: str, lines: list[int]) -> None:
    file = tmp_path / "some.py"
    file.write_text(code, encoding="utf-8")
    assert [line for line, _ in sentences(file)] == lines
