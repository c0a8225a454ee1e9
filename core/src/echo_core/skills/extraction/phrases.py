"""The spotter's dictionary: every spelling of every skill, as a tree of words that a text is walked through."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from echo_core.skills.extraction.caution import AMBIGUOUS, CLEAR_WHEN_CAPITAL, GENERAL, PASSING, TRUSTED_WORDS
from echo_core.skills.taxonomy.graph import GROUP, Label, Skill, Taxonomy
from echo_core.skills.taxonomy.precedence import Claim, as_form, same_case
from echo_core.text.wording import gerund, plural, singular, without_brackets, words

Node = dict[str, Any]
"""The next word leads to the next node; `ENDS` leads to the spellings that end here."""

ENDS = ""

_FORMS = "\n"
"""While the tree is built: leads to spellings of which the way here is another number or form."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a skill.

    `automatic` spellings may tag a text without asking, `trusted` ones at least as a list item of their own. `capital`
    ones count only as written in `text` (or in full capitals), `doubtful` ones only beside a telling word. `claim` is
    the right to the wording, see `precedence`.
    """

    skill_id: str
    text: str
    language: str
    preferred: bool
    automatic: bool
    trusted: bool
    capital: bool
    doubtful: bool
    technology: bool
    confidence: float
    claim: Claim


def phrase_tree(taxonomy: Taxonomy, trusted_sources: Collection[str]) -> Node:
    """All spellings of a taxonomy as a tree. Aliases are automatic only from sources in `trusted_sources`."""
    root: Node = {}
    for skill in taxonomy:
        if skill.kind == GROUP:
            continue
        trusted = skill.source in trusted_sources
        standing = taxonomy.standing_for(skill.id)
        for label in skill.labels or (Label(skill.label, "en", preferred=True),):
            bare = without_brackets(label.text)
            for text in dict.fromkeys((label.text, bare)):
                parts = tuple(words(text))
                if not parts:
                    continue
                claim = taxonomy.precedence.claim(skill, preferred=label.preferred)
                if spelling := _spelling(skill, label, text, parts, trusted, standing, claim):
                    end = ENDS if text == label.text else _FORMS
                    for variant in forms_of(parts, skill, label):
                        _add(root, variant, spelling, end)
                        end = _FORMS
    _settle(root)
    return root


def _spelling(
    skill: Skill,
    label: Label,
    text: str,
    parts: tuple[str, ...],
    trusted: bool,
    skill_id: str,
    claim: Claim,
) -> Spelling | None:
    single = len(parts) == 1
    word = " ".join(parts)
    ambiguous = word in AMBIGUOUS or (single and len(word) <= 2 and word.isalpha())
    general = single and word in GENERAL and not (trusted and word in TRUSTED_WORDS) and not ambiguous
    general |= word in PASSING
    automatic = (label.preferred or trusted) and not general
    if (general and not trusted and not label.preferred) or (single and not label.preferred and not trusted):
        return None
    acronym = single and text.isupper() and len(word) <= 5
    language_name = skill.kind == "language" and label.language == "en" and single
    # No ordinary word has a capital inside, so "javascript" is the language however it is written.
    proper = single and not trusted and text[:1].isupper() and text[1:] in (text[1:].lower(), text[1:].upper())
    proper = proper and label.language != "de"
    return Spelling(
        skill_id=skill_id,
        text=text,
        language=label.language,
        preferred=label.preferred,
        automatic=automatic,
        trusted=trusted,
        capital=ambiguous or acronym or language_name or proper,
        doubtful=ambiguous and word not in CLEAR_WHEN_CAPITAL,
        technology=skill.kind == "technology",
        confidence=(0.9 if label.preferred else 0.85) - (0.1 if single else 0.0) if automatic else 0.4,
        claim=claim,
    )


def forms_of(parts: tuple[str, ...], skill: Skill, label: Label) -> Iterator[tuple[str, ...]]:
    """The words of a label and, in English, with the last in the other number and with the first verb in -ing.

    A verb with one word is also met as a noun: "solve problems" as "problem solving", "manage time" as "time
    management".
    """
    yield parts
    joined = tuple(part.replace(".js", "js") for part in parts)
    if joined != parts:
        yield joined
    if label.language != "en":
        return
    last = parts[-1]
    if len(last) > 3 and last.isalpha() and (len(parts) > 1 or label.preferred):
        counted = singular(last) == last
        other = plural(last) if counted else singular(last)
        # "through building automations" does something; the field of that name has no plural.
        doing = counted and len(parts) > 1 and parts[0].endswith("ing") and skill.kind == "knowledge"
        # "maintain core business functions" maintains no cores: the singular after a verb belongs to the next noun.
        begun = not counted and len(parts) == 2 and skill.kind == "skill/competence"
        if (
            not doing
            and not begun
            and not last.endswith(("ing", "ment", "ics", "work", "ness", "ship"))
            and not (len(parts) == 1 and other in GENERAL)
        ):
            yield (*parts[:-1], other)
    if len(parts) > 1 and skill.kind == "skill/competence":
        yield (gerund(parts[0]), *parts[1:])
        if len(parts) == 2 and label.preferred:
            yield (_before_noun(last), "management" if parts[0] == "manage" else gerund(parts[0]))


def _before_noun(word: str) -> str:
    """How an object or an adverb stands before a noun: "problems" as "problem", "critically" as "critical"."""
    return word[:-2] if word.endswith("ly") else singular(word)


def _add(root: Node, parts: tuple[str, ...], spelling: Spelling, end: str) -> None:
    node = root
    for part in parts:
        node = node.setdefault(part, {})
    node.setdefault(end, []).append(spelling)


def _settle(node: Node) -> None:
    """Leave at each end one spelling per language, the one with the best claim; what two skills share is no tag."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        forms = here.pop(_FORMS, ())
        if forms or len(here.get(ENDS, ())) > 1:
            here[ENDS] = _unambiguous(here.get(ENDS, ()), forms)
        waiting.extend(below for word, below in here.items() if word != ENDS)


def _unambiguous(exact: Sequence[Spelling], forms: Sequence[Spelling]) -> list[Spelling]:
    """The owners of a wording, one per language and case, the best claim first."""
    if len(exact) + len(forms) == 1:
        return [*exact, *forms]
    claims = [
        *((spelling.claim, spelling) for spelling in exact),
        *((as_form(spelling.claim), spelling) for spelling in forms),
    ]
    kept: list[tuple[Claim, Spelling]] = []
    for language in dict.fromkeys(spelling.language for _, spelling in claims):
        rivals = sorted(
            ((claim, spelling) for claim, spelling in claims if spelling.language == language),
            key=lambda rival: rival[0],
        )
        while rivals:
            best, first = rivals[0]
            same_spelling = [(claim, spelling) for claim, spelling in rivals if same_case(spelling.text, first.text)]
            if len({spelling.skill_id for claim, spelling in same_spelling if claim == best}) == 1:
                kept.append((best, first))
            rivals = [rival for rival in rivals if rival not in same_spelling]
    return [spelling for _, spelling in sorted(kept, key=lambda owner: (owner[0], owner[1].language == "en"))]
