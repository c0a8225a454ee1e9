"""Links a name from outside (a vendor's skill, a catalogue tag) to a skill of the taxonomy, or says that it cannot.

In this order: the source's own id, the preferred name, an alias, the same apart from plural and brackets, spelling.
Which of several skills a shared name belongs to, and which skills are one, `precedence` says, as it does for texts.
What two skills could equally mean, or what is spelled too differently, is never guessed: it comes back with candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal

from echo_core.model.message import Message, Value
from echo_core.skills.extraction.phrases import forms_of
from echo_core.skills.linking.context import Surroundings
from echo_core.skills.linking.ngrams import SpellingIndex
from echo_core.skills.taxonomy.graph import GROUP, Label, Skill, Taxonomy
from echo_core.skills.taxonomy.precedence import CLASSIFICATIONS, Claim, as_form, same_case
from echo_core.text.wording import aligned, key, loose_key, name_key, without_brackets, words

Method = Literal["external_id", "exact", "alias", "ngram", "none", "decided"]

DEFAULT_THRESHOLD = 0.65
"""Cosine of spelling from which a link needs no asking; the benchmark `skill-names` shows how often that is right."""

_OTHER_LANGUAGE = 0.8
"""What the spelling of an English name counts for a name in another language. Apart from it the two have indexes of
their own: which letters are rare differs, and English names among a language's own cost it a point of recall."""
_ENGLISH = "preferred-en"
_BY_CONTEXT = 0.1
_MARGIN = 0.02
_SHORTEST = 5
_LONGEST = 500
"""Characters; the longest names of skills have about 150, and a sentence is no name."""
_CANDIDATES = 10
_CACHED_NAMES = 50_000
_DIGITS = re.compile(r"\d+")
_VERSION = re.compile(r"(?<!\s)\s+v?\d+(?:\.[\dx]+)*\+?$", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """What a name means. `skill_id` is None when a person must decide; `candidates` are then the nearest skills.

    `confidence` is 0..1; `candidates` are (skill id, confidence), best first, the linked skill included. `torn` are the
    skills that have the very same right to the name, where that is why there is no link: context may decide.
    """

    skill_id: str | None
    method: Method
    confidence: float
    reason: Message
    candidates: tuple[tuple[str, float], ...] = ()
    torn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One label: the skill it leads to, the skill whose it is, and how good that one's right to the name is."""

    skill_id: str
    label: Label
    skill: Skill
    claim: Claim
    proper: bool


class Linker:
    """Links names to the skills of one taxonomy. Answers are cached; the spelling index is built at first need.

    Args:
        taxonomy: groups in it are never linked to.
        threshold: spelling cosine from which a link is made without asking.
    """

    def __init__(self, taxonomy: Taxonomy, *, threshold: float = DEFAULT_THRESHOLD) -> None:
        self.taxonomy = taxonomy
        self.threshold = threshold
        self._link = lru_cache(maxsize=_CACHED_NAMES)(self._find)

    def link(
        self, name: str, *, language: str | None = None, external_id: str | None = None, context: Sequence[str] = ()
    ) -> Link:
        """What a name means.

        Args:
            name: as the source wrote it.
            language: ISO 639-1 code the name is written in; labels of that language are preferred, others still count.
            external_id: the source's key; it links when it is the id, the URI or the UUID of a skill here, to the
                skill that stands for that one.
            context: names that stand beside it, as its category or other skills of the same record; they decide
                only between skills that have the very same right to the name.
        """
        return self._link(name, language, external_id, tuple(context))

    def speakers(self, torn: Iterable[str]) -> frozenset[str]:
        """The skills that, beside a name, could decide between these."""
        return self._surroundings.speakers(torn)

    def nearest(
        self, name: str, *, language: str | None = None, context: Sequence[str] = ()
    ) -> tuple[tuple[str, float], ...]:
        """The ten skills to show a person who looks the name up: those of this name, then those spelled most like it.

        Pairs of skill id and confidence as in `Link.candidates`; nobody is named twice.
        """
        shown = dict(self.link(name, language=language, context=context).candidates)
        wanted = key(name[:_LONGEST])
        if wanted and len(shown) < _CANDIDATES:
            least = min(shown.values(), default=1.0)
            for skill_id, confidence in self._by_spelling(wanted, language).candidates:
                shown.setdefault(skill_id, min(confidence, least))
        return tuple(shown.items())[:_CANDIDATES]

    def _find(self, name: str, language: str | None, external_id: str | None, context: tuple[str, ...]) -> Link:
        if external_id and (skill := self._by_external_id(external_id)):
            reason = Message("link-external-id", {"skill": skill.label})
            return Link(skill.id, "external_id", 1.0, reason, ((skill.id, 1.0),))
        if len(name) > _LONGEST:
            return Link(None, "none", 0.0, Message("link-too-long"))
        wanted = key(name)
        if not wanted:
            return Link(None, "none", 0.0, Message("link-no-letters"))
        for table, query, certainty, apart in (
            (self._strict, wanted, 1.0, "nothing"),
            (self._loose, loose_key(name), 0.92, "wording"),
            (self._loose, loose_key(name).replace(" ", ""), 0.9, "wording"),
            (self._proper, name_key(name), 0.9, "wording"),
            (self._loose, loose_key(_VERSION.sub("", name)), 0.88, "version"),
        ):
            if entries := table.get(query):
                best = self._best(name, entries, language)
                return self._same_name(best, entries, certainty, apart, context)
        return self._by_spelling(wanted, language)

    def _by_external_id(self, external_id: str) -> Skill | None:
        wanted = external_id.strip()
        skill = self.taxonomy.get(wanted)
        skill_id = skill.id if skill else self._addresses.get(wanted.lower())
        return self.taxonomy.get(self.taxonomy.standing_for(skill_id)) if skill_id else None

    def _same_name(
        self, best: list[_Entry], entries: list[_Entry], certainty: float, apart: str, context: tuple[str, ...]
    ) -> Link:
        several = len({entry.skill_id for entry in best}) > 1
        if (
            context
            and several
            and (chosen := self._surroundings.choose(dict.fromkeys(entry.skill_id for entry in best), context))
        ):
            link = self._same_name(
                [entry for entry in best if entry.skill_id == chosen[0]], entries, certainty, apart, ()
            )
            confidence = link.confidence - _BY_CONTEXT
            reason = Message("link-in-context", {"reason": (link.reason,), "beside": chosen[1]})
            return replace(
                link, confidence=confidence, reason=reason, candidates=((chosen[0], confidence), *link.candidates[1:])
            )
        label = best[0].label
        if best[0].claim[2]:
            certainty, apart = min(certainty, 0.92), "wording" if apart == "nothing" else apart
        others = dict.fromkeys(entry.skill_id for entry in entries)
        if several:
            share = certainty / len(others)
            names = tuple(self.taxonomy.skills[skill_id].label for skill_id in list(others)[:4])
            torn = tuple(dict.fromkeys(entry.skill_id for entry in best))
            reason = Message("link-several", {"skills": names})
            return Link(None, "none", share, reason, _shared(others, share), torn)
        skill = self.taxonomy.skills[best[0].skill_id]
        del others[skill.id]
        candidates = ((skill.id, certainty), *_shared(others, certainty / 2))
        if label.preferred:
            return Link(
                skill.id, "exact", certainty, Message("link-name", {"skill": skill.label, "apart": apart}), candidates
            )
        reason = Message("link-alias", {"alias": label.text, "skill": skill.label, "apart": apart})
        return Link(skill.id, "alias", certainty - 0.05, reason, candidates)

    def _best(self, name: str, entries: Iterable[_Entry], language: str | None) -> list[_Entry]:
        """The entries that win: of the language or English, of the same case, by precedence, of the very language."""

        def order(entry: _Entry) -> tuple[bool, bool, Claim, bool]:
            foreign = language is not None and entry.label.language not in (language, "en")
            other_case = not same_case(entry.label.text, name)
            return foreign, other_case, entry.claim, language is not None and entry.label.language != language

        ordered = sorted(entries, key=order)
        return [entry for entry in ordered if order(entry) == order(ordered[0])]

    def _by_spelling(self, wanted: str, language: str | None) -> Link:
        best: dict[str, tuple[float, str]] = {}
        languages = [(language, 1.0)]
        if language not in (None, "en"):
            known = language in self._languages
            languages = [(language, 1.0), (_ENGLISH, _OTHER_LANGUAGE)] if known else [(None, _OTHER_LANGUAGE)]
        for spoken, factor in languages:
            index, entries = self._spelling(spoken)
            for number, cosine in index.nearest(wanted):
                entry = entries[number]
                if cosine * factor > best.get(entry.skill_id, (0.0, ""))[0]:
                    best[entry.skill_id] = (cosine * factor, entry.label.text)
        ranked = sorted(best.items(), key=lambda item: -item[1][0])[:_CANDIDATES]
        candidates = tuple((skill_id, round(min(score, 0.99), 4)) for skill_id, (score, _) in ranked)
        if not ranked:
            return Link(None, "none", 0.0, Message("link-unlike"))
        skill_id, (score, text) = ranked[0]
        label = self.taxonomy.skills[skill_id].label
        near: dict[str, Value] = {"name": text, "skill": label, "named": "itself" if text == label else "alias"}
        near["likeness"] = round(score, 2)
        doubt = self._doubt(wanted, text, ranked)
        if doubt is None:
            return Link(skill_id, "ngram", candidates[0][1], Message("link-spelling", near), candidates)
        return Link(None, "none", candidates[0][1], Message("link-nearest", {**near, "doubt": (doubt,)}), candidates)

    def _doubt(self, wanted: str, text: str, ranked: list[tuple[str, tuple[float, str]]]) -> Message | None:
        """Why a spelling is not taken: not close, too short to tell, other numbers, or two skills equally close."""
        if ranked[0][1][0] < self.threshold:
            return Message("link-doubt-below", {"threshold": round(self.threshold, 2)})
        if len(wanted) < _SHORTEST:
            return Message("link-doubt-short")
        if not aligned(wanted.split(), key(text).split()):
            return Message("link-doubt-word")
        if _DIGITS.findall(wanted) != _DIGITS.findall(key(text)):
            return Message("link-doubt-numbers")
        if len(ranked) > 1 and ranked[0][1][0] - ranked[1][1][0] < _MARGIN:
            return Message("link-doubt-close", {"skill": self.taxonomy.skills[ranked[1][0]].label})
        return None

    @cached_property
    def _surroundings(self) -> Surroundings:
        return Surroundings(self.taxonomy)

    @cached_property
    def _entries(self) -> list[_Entry]:
        taxonomy, claim = self.taxonomy, self.taxonomy.precedence.claim
        return [
            _Entry(standing, label, skill, claim(skill, preferred=label.preferred), _proper(skill, label))
            for skill in taxonomy
            if skill.kind != GROUP
            for standing in (taxonomy.standing_for(skill.id),)
            for label in skill.labels or (Label(skill.label, "en", preferred=True),)
        ]

    @cached_property
    def _keys(self) -> list[str]:
        return [key(entry.label.text) for entry in self._entries]

    @cached_property
    def _strict(self) -> dict[str, list[_Entry]]:
        """Names, and the other forms of those whose forms come before another skill's alias, see `precedence`."""
        table: dict[str, list[_Entry]] = {}
        for entry, strict in zip(self._entries, self._keys, strict=True):
            table.setdefault(strict, []).append(entry)
            if entry.label.language == "en" and (entry.label.preferred or entry.skill.source not in CLASSIFICATIONS):
                form = replace(entry, claim=as_form(entry.claim))
                for other in self._forms(entry, strict):
                    table.setdefault(other, []).append(form)
        table.pop("", None)
        return table

    def _forms(self, entry: _Entry, strict: str) -> set[str]:
        """The keys of a label in other numbers and forms and without brackets."""
        texts = {entry.label.text, without_brackets(entry.label.text)}
        spelled = (parts for text in texts if (parts := tuple(words(text))))  # "(beta)" without brackets is nothing
        every = {key(" ".join(form)) for parts in spelled for form in forms_of(parts, entry.skill, entry.label)}
        return every - {strict, ""}

    @cached_property
    def _loose(self) -> dict[str, list[_Entry]]:
        table: dict[str, list[_Entry]] = {}
        for entry in self._entries:
            loose = loose_key(entry.label.text)
            table.setdefault(loose, []).append(entry)
            if " " in loose and len(loose) > _SHORTEST:
                table.setdefault(loose.replace(" ", ""), []).append(entry)
        return table

    @cached_property
    def _proper(self) -> dict[str, list[_Entry]]:
        """Proper names without "language" and "programming", which other names mean."""
        table: dict[str, list[_Entry]] = {}
        for entry in self._entries:
            if entry.proper:
                table.setdefault(name_key(entry.label.text), []).append(entry)
        return table

    @cached_property
    def _addresses(self) -> dict[str, str]:
        addresses: dict[str, str] = {}
        for skill in self.taxonomy:
            if skill.uri:
                addresses[skill.uri.lower()] = skill.id
                if match := _UUID.search(skill.uri):
                    addresses[match[0].lower()] = skill.id
        return addresses

    @cached_property
    def _languages(self) -> frozenset[str]:
        return self.taxonomy.languages()

    def _spelling(self, language: str | None) -> tuple[SpellingIndex, list[_Entry]]:
        """The index over the labels of one language, over the English preferred names, or (None) over all labels."""
        if language not in self._indexes:
            chosen = [
                (strict, entry)
                for strict, entry in zip(self._keys, self._entries, strict=True)
                if language in (None, entry.label.language)
                or (language == _ENGLISH and entry.label.language == "en" and entry.label.preferred)
            ]
            self._indexes[language] = SpellingIndex([text for text, _ in chosen]), [entry for _, entry in chosen]
        return self._indexes[language]

    @cached_property
    def _indexes(self) -> dict[str | None, tuple[SpellingIndex, list[_Entry]]]:
        return {}


def _proper(skill: Skill, label: Label) -> bool:
    return skill.kind in ("technology", "language") or label.text[:1].isupper()


def _shared(skill_ids: Iterable[str], confidence: float) -> tuple[tuple[str, float], ...]:
    return tuple((skill_id, round(confidence, 4)) for skill_id in list(skill_ids)[:_CANDIDATES])
