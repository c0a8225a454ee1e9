"""What an occupation is held against another by: named skills, words, and levels, read off its record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.records import GROUP, Occupation

PARENT_SHARES = (0.35, 0.15)
"""What counts of a skill for its parent, and for the parent of that: alike above is less than the same."""
RELATED_SHARE = 0.25
OPTIONAL_SHARE = 0.5

_WORD = re.compile(r"[^\W_]+[+#]*")
_EMPTY = frozenset({
    "a", "an", "and", "or", "of", "to", "in", "for", "the", "with", "as", "on", "by", "at", "from", "such", "is", "are",
    "be", "using", "use", "may", "other", "that", "their", "this", "which",
})  # fmt: skip
_ENDINGS = ("ings", "ing", "ers", "er", "ors", "or", "ies", "ied", "es", "ed", "s")
_SHORTEST_STEM = 4
_NAMED_TRAITS = ("activity:", "tool:")

Bag = Mapping[str, float]
"""How much of each item or word an occupation has."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing an occupation asks for; `share` is 0..1, how much it counts."""

    id: str
    label: str
    share: float


def items_of(taxonomy: Taxonomy, occupation: Occupation) -> list[Item]:
    """Skills that are named and not rated, activities and tools. Rated elements, which all have, are levels instead.

    An essential skill counts 1, an optional one half; an importance, where the source gives one, says it instead.
    """
    items: dict[str, Item] = {}
    for skill in occupation.skills:
        if skill.level is None and skill.skill_id in taxonomy:
            skill_id = taxonomy.standing_for(skill.skill_id)
            ordinary = 1.0 if skill.essential else OPTIONAL_SHARE
            share = ordinary if skill.importance is None else skill.importance
            if skill_id not in items or items[skill_id].share < share:
                items[skill_id] = Item(skill_id, taxonomy.skills[skill_id].label, share)
    for trait in occupation.traits:
        if trait.id.startswith(_NAMED_TRAITS):
            items[trait.id] = Item(trait.id, trait.label, 1.0)
    return sorted(items.values(), key=lambda item: item.id)


def widened(taxonomy: Taxonomy, items: Iterable[Item]) -> Bag:
    """The items with what is broader than them and related to them, damped; what comes several ways adds up."""
    bag: dict[str, float] = {}
    for item in items:
        bag[item.id] = bag.get(item.id, 0.0) + item.share
        for other, share in _around(taxonomy, item.id):
            bag[other] = bag.get(other, 0.0) + share * item.share
    return bag


def _around(taxonomy: Taxonomy, item_id: str) -> list[tuple[str, float]]:
    if item_id.startswith("activity:"):
        parts = item_id.split(".")
        above = [".".join(parts[:-1]), ".".join(parts[:-2])]
        return list(zip(above, PARENT_SHARES, strict=True)) if parts[-1][:1] == "D" else []
    if item_id not in taxonomy:
        return []
    parents = [(parent, PARENT_SHARES[distance - 1]) for parent, distance in taxonomy.broader(item_id)]
    return parents + [(other, RELATED_SHARE) for other in taxonomy.related(item_id)]


def skill_words(items: Iterable[Item]) -> Bag:
    """Words in the names of skills and tools."""
    return _weighed((item.label, item.share) for item in items if not item.id.startswith("activity:"))


def activity_words(items: Iterable[Item]) -> Bag:
    """Words in the names of work activities."""
    return _weighed((item.label, item.share) for item in items if item.id.startswith("activity:"))


def text_words(occupation: Occupation) -> Bag:
    """Words of the title, the description and the tasks."""
    return _weighed((text, 1.0) for text in (occupation.label, occupation.description, *occupation.tasks))


def title_words(occupation: Occupation) -> Bag:
    """Words of every title the occupation goes by, in English where it has any."""
    english = [label.text for label in occupation.labels if label.language == "en"]
    texts = english or [label.text for label in occupation.labels] or [occupation.label]
    return _weighed((text, 1.0) for text in texts)


def rated(taxonomy: Taxonomy, occupation: Occupation, *, knowledge: bool) -> Bag:
    """Level and importance of rated skills, or of rated fields of knowledge, 0..1 each."""
    bag: dict[str, float] = {}
    for required in occupation.skills:
        skill = taxonomy.get(required.skill_id)
        if skill and skill.kind != GROUP and required.level is not None and (skill.kind == "knowledge") == knowledge:
            bag[f"{required.skill_id}:level"] = required.level
            if required.importance is not None:
                bag[f"{required.skill_id}:importance"] = required.importance
    return bag


def interests(occupation: Occupation) -> Bag:
    """How far the work is practical, investigative, artistic, social, enterprising or orderly, 0..1 each."""
    return {
        trait.id: trait.share
        for trait in occupation.traits
        if trait.id.startswith("interest:") and trait.share is not None
    }


def stems(text: str) -> list[str]:
    """The words of an English text without their endings and without the empty ones; crude, the same for all texts."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _EMPTY]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    for end in _ENDINGS:
        if word.endswith(end) and len(word) - len(end) >= _SHORTEST_STEM:
            return word[: -len(end)]
    return word


def _weighed(texts: Iterable[tuple[str, float]]) -> Bag:
    bag: dict[str, float] = {}
    for text, share in texts:
        for word in stems(text):
            bag[word] = bag.get(word, 0.0) + share
    return bag
