"""What is said of a name, a text or a title needs what the taxonomy, a text or a decision holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from echo_core.model.message import Message
from echo_core.skills.extraction.spotter import Spotter
from echo_core.skills.extraction.suggester import Suggester
from echo_core.skills.linking.linker import DEFAULT_THRESHOLD
from echo_core.skills.occupations.related import RelatedOccupations
from echo_core.skills.occupations.titles import TitleBridge
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy
from echo_core.skills.taxonomy.records import Occupation, OccupationSkill, Trait
from echo_core.text.wording import key
from echo_hub.services.related_occupations import RoleFinder
from echo_hub.snapshot.rows import NameKey
from echo_hub.snapshot.skill_graph.decisions import Decisions
from echo_hub.snapshot.skill_graph.names import SkillNames
from echo_hub.store.ledger import Decision
from echo_hub.store.name_decisions import NameChoice, NameId
from echo_hub.surfaces.messages.catalogue import catalogue

FAMILIES = ("link-", "spot-", "suggest-", "role-", "related-")


@dataclass(frozen=True)
class Facts:
    """A name, a text or a title as somebody wrote it, and the taxonomy it is held against."""

    text: str
    taxonomy: Taxonomy
    more: Any = field(default=None)

    def label(self, name: Any, skill: Any = None) -> bool:
        """Whether the taxonomy has this name, as one of this skill where it is given."""
        return any(label.text == name and skill in (None, one.label) for one in self.taxonomy for label in one.labels)

    def same(self, name: Any) -> bool:
        return key(str(name)) == key(self.text)


def apart(facts: Facts, name: Any, values: Any) -> bool:
    """The name and the text are one, and only then nothing is said to be apart."""
    return facts.label(name, values["skill"]) and facts.same(name) == (values["apart"] == "nothing")


def close(facts: Facts, values: Any) -> bool:
    return facts.label(values["name"], values["skill"]) and (values["name"] == values["skill"]) == (
        values["named"] == "itself"
    )


def spotted(facts: Facts, values: Any) -> bool:
    """What is said to stand beside the words is in the text."""
    return str(values.get("beside", "")) in facts.text


def asked_by_both(facts: Facts, values: Any) -> bool:
    roles = [facts.taxonomy.occupations[one] for one in facts.more]
    both = set.intersection(*({part.skill_id for part in role.skills} for role in roles))
    return {facts.taxonomy.skills[one].label for one in both} >= {*values["skills"]}


PRECONDITIONS: dict[str, Callable[[Facts, Any], bool]] = {
    "link-external-id": lambda f, v: f.more in f.taxonomy.skills and f.label(v["skill"]),
    "link-name": lambda f, v: apart(f, v["skill"], v),
    "link-alias": lambda f, v: v["alias"] != v["skill"] and apart(f, v["alias"], v),
    "link-several": lambda f, v: len(v["skills"]) > 1 and all(f.label(f.text, skill) for skill in v["skills"]),
    "link-in-context": lambda f, v: v["beside"] in f.more and len(v["reason"]) == 1,
    "link-spelling": lambda f, v: close(f, v) and v["likeness"] >= DEFAULT_THRESHOLD,
    "link-nearest": lambda f, v: close(f, v) and len(v["doubt"]) == 1,
    "link-doubt-below": lambda f, v: v["threshold"] == DEFAULT_THRESHOLD,
    "link-doubt-short": lambda f, _: len(key(f.text)) < 5,
    "link-doubt-word": lambda f, _: len(f.text.split()) > 1,
    "link-doubt-numbers": lambda f, _: any(letter.isdigit() for letter in f.text),
    "link-doubt-close": lambda f, v: f.label(v["skill"]),
    "link-unlike": lambda f, _: not any(f.same(label.text) for one in f.taxonomy for label in one.labels),
    "link-too-long": lambda f, _: len(f.text) > 500,
    "link-no-letters": lambda f, _: not any(letter.isalnum() for letter in f.text),
    "link-failed": lambda f, v: f.text == "boom" and v["error"] == "ZeroDivisionError",
    "link-plugin": lambda f, _: f.text == "Tin whistle",
    "link-with-content": lambda f, _: f.text == "content",
    "link-decided": lambda f, v: (f.text, v["by"], v["day"]) == ("mapped", "hr", "2026-03-01"),
    "link-rejected": lambda f, v: (f.text, v["by"], v["day"]) == ("rejected", "hr", "2026-03-01"),
    "link-gone": lambda f, v: f.text == "retired" and not f.label(v["skill"]),
    "spot-name": lambda f, v: f.label(v["skill"]) and spotted(f, v),
    "spot-alias": lambda f, v: f.label(v["alias"], v["skill"]) and v["alias"] != v["skill"] and spotted(f, v),
    "suggest-meaning": lambda f, v: v["words"] in f.text and f.label(v["skill"]) and f.more,
    "suggest-wording": lambda f, v: v["words"] in f.text and f.label(v["skill"]) and not f.more,
    "role-by-id": lambda f, _: f.text in f.taxonomy.occupations,
    "role-same-name": lambda f, v: f.text.casefold() == str(v["role"]).casefold(),
    "role-like": lambda f, v: f.text.casefold() != str(v["role"]).casefold() and 0 < v["likeness"] < 1,
    "related-alike": lambda f, v: v["evidence"] not in ("", "shared"),
    "related-preparation": lambda f, v: (
        v["levels"] == abs(np.subtract(*(f.taxonomy.occupations[one].zone or 0 for one in f.more)))
    ),
    "related-shared": asked_by_both,
    "related-shared-rare": asked_by_both,
    "related-above": lambda f, v: all(f.label(skill) for skill in v["skills"]) and not asked_by_both(f, v),
}
"""What must hold for each message, as (facts, values) → whether it does."""


def skill(skill_id: str, *names: str, **more: Any) -> Skill:
    labels = tuple(Label(name, "en", preferred=not at) for at, name in enumerate(names))
    return Skill(f"own:{skill_id}", names[0], labels, source="own", **more)


def role(name: str, *skills: str, zone: int, hands: float) -> Occupation:
    asked = tuple(OccupationSkill(f"own:{one}", essential=True) for one in skills)
    traits = (Trait("interest:hands", "Hands", hands), Trait("interest:words", "Words", 1 - hands))
    labels = (Label(name, "en", preferred=True),)
    return Occupation(f"own:role/{name}", name, labels, skills=asked, source="own", zone=zone, traits=traits)


@pytest.fixture(scope="module")
def crafts() -> Taxonomy:
    """Skills whose names meet in every way that a reason tells apart, and four roles."""
    skills = (
        skill("wood", "Working with wood"),
        skill("carving", "Carving wood", broader=("own:wood",)),
        skill("joinery", "Joinery", "joiner's craft", broader=("own:wood",)),
        skill("baking", "Baking bread", "bread making"),
        skill("selling", "Selling"),
        skill("flutes", "Playing flutes"),
        skill("lutes", "Playing lutes"),
        skill("iso", "ISO 9001 audits"),
        skill("bank-a", "Lending", "bank work", broader=("own:money",)),
        skill("bank-b", "Dyke building", "bank work"),
        skill("money", "Money matters"),
        skill("go", "Go", kind="technology"),
        skill("kotlin", "Kotlin", kind="technology"),
        skill("honey", "Beekeeping"),
        skill("thatch-a", "Thatching longhousea"),
        skill("thatch-b", "Thatching longhouseo"),
    )
    roles = (
        role("joiner", "joinery", "selling", zone=3, hands=0.9),
        role("cabinet maker", "joinery", "carving", zone=2, hands=0.9),
        role("baker", "baking", "selling", zone=3, hands=0.2),
        role("carver", "carving", zone=3, hands=0.1),
        role("crier", "selling", zone=1, hands=0.0),
    )
    return Taxonomy.of(skills, occupations=roles)


class Meanings:
    """Vectors in which honey and bees are one."""

    name = "meanings"

    def encode(self, texts: Any) -> Any:
        rows = [[float("honey" in text or "eekeep" in text), 0.1 * len(text) % 1, 0.3] for text in texts]
        return np.array(rows, dtype=np.float32) / np.linalg.norm(rows, axis=1, keepdims=True).astype(np.float32)


def linked(taxonomy: Taxonomy) -> Iterator[tuple[Facts, Message]]:
    """What names come to, by taxonomy, plug-in and decision."""

    def resolve(name: str, _: str | None) -> str | None:
        if name == "boom":
            raise ZeroDivisionError
        return "own:flutes" if name == "Tin whistle" else None

    day = datetime(2026, 3, 1, tzinfo=UTC)
    choices = [
        NameChoice(NameId.of("mapped"), "mapped", "map", "own:go", "Go"),
        NameChoice(NameId.of("rejected"), "rejected", "reject"),
        NameChoice(NameId.of("retired"), "retired", "map", "own:nothing", "Nothing"),
    ]
    decisions = Decisions(tuple(Decision(at, 1, one, "hr", day) for at, one in enumerate(choices)))
    names = SkillNames(taxonomy, resolve=resolve, decisions=decisions)
    for text in (
        *("Joinery", "joiner's craft", "joineries", "Joinery skills", "Kotlin 1.9", "bread makings", "bank work"),
        *("Beekeping", "beekeeping at dawn on roofs", "ISO 9002 audits", "Playing xlutes", "Go l", "Zzz", "x" * 501),
        "Thatching longhouse",
        *("—", "boom", "Tin whistle", "mapped", "rejected", "retired", "joiners crafts", "selling wood bread"),
    ):
        yield Facts(text, taxonomy), names.link(NameKey(text, None, None, None)).reason
    known = NameKey("content", "graph", "own:go", None)
    names.known(known, "own:go")
    yield Facts("content", taxonomy), names.link(known).reason
    by_id = names.link(NameKey("whatever", None, "own:go", None))
    yield Facts("whatever", taxonomy, "own:go"), by_id.reason
    torn = NameKey("bank work", None, None, None)
    yield Facts("bank work", taxonomy, ("Money matters",)), names.beside(torn, {"own:money"}).reason


def read(taxonomy: Taxonomy) -> Iterator[tuple[Facts, Message]]:
    """What texts are taken to name or to mean."""
    text = "We work with Kotlin and Go. You know Go, have experience in bread making, and care for honey bees."
    for hit in Spotter(taxonomy).spot(text):
        yield Facts(text, taxonomy), hit.reason
    for encoder in (None, Meanings()):
        wanted = "You will be beekeepers of ours, and care for honey."
        for found in Suggester(taxonomy, encoder).suggest(wanted, least=0.0):
            yield Facts(wanted, taxonomy, encoder is not None), found.reason


def roles(taxonomy: Taxonomy) -> Iterator[tuple[Facts, Message]]:
    """What titles come to, and what is near each role."""
    related = RelatedOccupations(taxonomy)
    finder = RoleFinder(TitleBridge(taxonomy), related)
    for text in ("own:role/joiner", "Joiner", "cabinet makers"):
        yield Facts(text, taxonomy), finder.near(text, 3).reason.message
    for one in taxonomy.occupations:
        for near in related.near(one):
            for reason in near.reasons:
                yield Facts(one, taxonomy, (one, near.occupation_id)), reason


@pytest.fixture(scope="module")
def said(crafts: Taxonomy) -> list[tuple[Facts, Message]]:
    told = [*linked(crafts), *read(crafts), *roles(crafts)]
    return [(facts, part) for facts, message in told for part in nested(message)]


def nested(message: Message) -> Iterator[Message]:
    """A message and those among its values."""
    yield message
    for value in message.values.values():
        for part in value if isinstance(value, tuple) else ():
            if isinstance(part, Message):
                yield from nested(part)


def test_nothing_is_said_of_a_name_a_text_or_a_title_that_does_not_hold(said: Any) -> None:
    wrong = [
        (message.id, facts.text, dict(message.values))
        for facts, message in said
        if not PRECONDITIONS[message.id](facts, message.values)
    ]
    assert not wrong


def test_every_message_about_names_has_a_precondition_and_is_said(said: Any) -> None:
    ids = {message for message in catalogue().ids() if message.startswith(FAMILIES)}
    assert ids == set(PRECONDITIONS)
    assert ids - {message.id for _, message in said} == set()
    assert {problem for _, message in said for problem in catalogue().problems(message)} == set()


def test_reasons_read_as_english(crafts: Taxonomy) -> None:
    words = {facts.text: catalogue().render(message) for facts, message in linked(crafts)}
    assert words["joiner's craft"] == "same as the alias “joiner's craft” of “Joinery”"
    assert words["Kotlin 1.9"] == "same name as “Kotlin” without the version"
    assert words["Beekeping"].startswith("spelled like “Beekeeping” (0.")
    assert words["ISO 9002 audits"].endswith(", the numbers differ")
    assert words["retired"] == "was “Nothing”, decided by hr on 1 Mar 2026; that skill is no longer in the taxonomy"
