"""From names to skills: every spelling linked once, and the queue of those the graph does not know."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from copy import copy
from dataclasses import dataclass
from hashlib import blake2b

from echo_core.model.message import Message
from echo_core.skills.extraction.spotter import Spotted, Spotter
from echo_core.skills.linking.linker import Link, Linker
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_hub.snapshot.rows import NameKey
from echo_hub.snapshot.skill_graph.decisions import NO_DECISIONS, Decisions
from echo_hub.snapshot.skill_graph.suggestions import Suggesting
from echo_hub.store.aside import reason
from echo_hub.store.name_decisions import NameId

Resolve = Callable[[str, str | None], str | None]
"""Asks whoever may know better (a plug-in's `echo_hub_skill`): name and language to a skill's id, or None."""


@dataclass(frozen=True, slots=True)
class UnlinkedName:
    """A skill name the graph does not know, for the queue: how often it is used, and what it might mean.

    `candidates` are (skill id, label, confidence), best first; none of them was good enough to be taken. `languages`
    are those the name is used in, where sources say.
    """

    label: str
    scheme: str | None
    external_id: str | None
    people: int
    opportunities: int
    reason: Message
    candidates: tuple[tuple[str, str, float], ...]
    languages: tuple[str, ...] = ()

    @property
    def name(self) -> NameId:
        """By what a decision about it is kept, for every language."""
        return NameId.of(self.label, None, self.scheme, self.external_id)


@dataclass(frozen=True, slots=True)
class Mention:
    """A skill that `text[start:end]` names outright."""

    skill_id: str
    start: int
    end: int


class _Mentions:
    """Those of one text, packed: a company's texts have hundreds of thousands."""

    __slots__ = ("_edges", "_skill_ids")

    def __init__(self, spotted: Iterable[Spotted]) -> None:
        hits = [hit for hit in spotted if hit.automatic]
        self._skill_ids = tuple([hit.skill_id for hit in hits])
        self._edges = array("I", [edge for hit in hits for edge in (hit.start, hit.end)])

    def __iter__(self) -> Iterator[Mention]:
        return map(Mention, self._skill_ids, self._edges[::2], self._edges[1::2])


class SkillNames:
    """Links names against one taxonomy, each spelling once, and spots skills in texts, each text once.

    Args:
        previous: the names of the snapshot before; with the same taxonomy, what it has read need not be read again.
        resolve: asked about names the graph does not know; an answer that is no skill of the taxonomy is ignored.
        decisions: what people decided about names; they win over whatever is found.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        previous: SkillNames | None = None,
        resolve: Resolve | None = None,
        decisions: Decisions = NO_DECISIONS,
    ) -> None:
        self._resolve = resolve
        self.decisions = decisions
        self._texts: dict[bytes, _Mentions] = {}
        self._known_texts: dict[bytes, _Mentions] = {}
        if previous is not None and previous.taxonomy == taxonomy:
            self.taxonomy: Taxonomy = previous.taxonomy
            self._spotter: Spotter = previous._spotter
            self._linker: Linker = previous._linker
            self.suggesting: Suggesting = previous.suggesting
            self._known_texts = previous._texts
        else:
            self.taxonomy, self._spotter, self._linker = taxonomy, Spotter(taxonomy), Linker(taxonomy)
            self.suggesting = Suggesting(taxonomy, self._spotter)
        self._links: dict[NameKey, Link] = {}
        self.failed: dict[NameKey, str] = {}
        self._people: Counter[NameKey] = Counter()
        self._opportunities: Counter[NameKey] = Counter()
        self._unclear: Counter[NameKey] = Counter()
        self._speakers: dict[tuple[str, ...], frozenset[str]] = {(): frozenset()}

    def continued(self, decisions: Decisions) -> SkillNames:
        """The same, to go on from: what happens to it leaves this one as it is.

        Args:
            decisions: those of today; about names they are those of this one.
        """
        other = copy(self)
        other.decisions = decisions
        other._texts, other._links = self._texts.copy(), self._links.copy()
        other._opportunities, other._people = self._opportunities.copy(), self._people.copy()
        other._unclear, other.failed = self._unclear.copy(), self.failed.copy()
        return other

    def forget(self, keys: Iterable[NameKey]) -> None:
        """Lets go of names that no claim has any more, unless an opportunity does."""
        for key in keys:
            if not self._opportunities[key]:
                self._links.pop(key, None)
                self.failed.pop(key, None)

    def spot(self, text: str, language: str | None) -> Iterable[Mention]:
        """Skills named in a text, in its order. Only texts of this snapshot are remembered for the next one."""
        key = blake2b(f"{language}\n{text}".encode(errors="surrogatepass"), digest_size=16).digest()
        spotted = self._texts.get(key)
        if spotted is None:
            spotted = self._known_texts.get(key)
            if spotted is None:
                spotted = _Mentions(self._spotter.spot(text, language=language))
            self._texts[key] = spotted
        return spotted

    def settled(self) -> None:
        """Lets go of what only the snapshot before needed."""
        self._known_texts = {}

    def link(self, key: NameKey) -> Link:
        """What the graph makes of a name. A link without a skill is an answer too: it goes to the queue."""
        link = self._links.get(key)
        if link is None:
            try:
                link = self._look_up(key)
            except Exception as error:  # noqa: BLE001 -- one name that trips the linker waits in the queue, and stops no other
                link = Link(None, "none", 0.0, Message("link-failed", {"error": type(error).__name__}))
                self.failed[key] = reason(error)
            self._links[key] = link
        return link

    def _look_up(self, key: NameKey) -> Link:
        link = self._linker.link(key.label, language=key.language, external_id=key.external_id)
        if link.skill_id is None and self._resolve is not None:
            named = self._resolve(key.label, key.language)
            if named is not None and self.taxonomy.get(named) is not None:
                skill_id = self.taxonomy.standing_for(named)
                link = Link(skill_id, "alias", 1.0, Message("link-plugin"), link.candidates)
        return self.decisions.link(key, link, self.taxonomy)

    def beside(self, key: NameKey, skills: Set[str]) -> Link:
        """What a name that several skills go by means beside these skills; `link` where they do not decide."""
        link = self.link(key)
        speakers = self.speakers(link.torn) & skills
        if not speakers:
            return link
        context = tuple(sorted({self.taxonomy.skills[skill_id].label for skill_id in speakers}))
        return self._linker.link(key.label, language=key.language, external_id=key.external_id, context=context)

    def speakers(self, torn: tuple[str, ...]) -> frozenset[str]:
        """The skills that could decide between these, beside a name that means any of them."""
        speakers = self._speakers.get(torn)
        if speakers is None:
            speakers = self._speakers[torn] = self._linker.speakers(torn)
        return speakers

    def meaning(self, label: str) -> str | None:
        """The skill a name means, without taking note that it was asked for."""
        return self._linker.link(label).skill_id

    @property
    def links(self) -> Mapping[NameKey, Link]:
        """What became of every name of this snapshot."""
        return self._links

    def known(self, key: NameKey, skill_id: str) -> None:
        """Takes note of a name that was linked before, under another spelling."""
        self._links[key] = Link(skill_id, "external_id", 1.0, Message("link-with-content"))

    def count_use(self, key: NameKey, opportunities: int, *, clear: bool) -> None:
        """Counts opportunities that use a name, in which it is clear what it means or not; fewer than none go."""
        self._opportunities[key] += opportunities
        if not clear:
            self._unclear[key] += opportunities

    def claimed(self, uses: Mapping[NameKey, int]) -> None:
        """Takes note of how many claims use each name by itself, without a neighbour that says what it means."""
        self._people = Counter(uses)

    def queue(self) -> tuple[UnlinkedName, ...]:
        """Names a person should decide about, most used first; languages of one spelling are one entry.

        What such an entry might mean is what its surest language says.
        """
        entries: dict[tuple[str, str | None, str | None], UnlinkedName] = {}
        open_ = [(key, link) for key, link in self._links.items() if link.skill_id is None and link.method != "decided"]
        for key, link in sorted(open_, key=lambda waiting: (waiting[1].confidence, waiting[0].language or "")):
            if link.torn and not (self._people[key] or self._unclear[key]):
                continue  # wherever it is used, what stands beside it says what it means
            same = (key.label, key.scheme, key.external_id)
            before = entries.get(same)
            entries[same] = UnlinkedName(
                *same,
                self._people[key] + (before.people if before else 0),
                self._unclear[key] + (before.opportunities if before else 0),
                link.reason,
                tuple(self._labelled(link.candidates)),
                tuple(sorted({*(before.languages if before else ()), *([key.language] if key.language else ())})),
            )
        return tuple(
            sorted(
                entries.values(),
                key=lambda entry: (-(entry.people + entry.opportunities), entry.label, entry.scheme or ""),
            )
        )

    def _labelled(self, candidates: Iterable[tuple[str, float]]) -> Iterable[tuple[str, str, float]]:
        for skill_id, confidence in candidates:
            skill = self.taxonomy.get(skill_id)
            yield skill_id, skill.label if skill else skill_id, confidence
