"""Reads the occupations of the O*NET® database: titles, tasks, skills with level and importance, traits, job zone.

Only `Occupation Data` is needed; every other table adds what it has: `Alternate Titles`, `Sample of Reported Titles`,
`Task Statements`, `Emerging Tasks`, `Skills`, `Knowledge`, `Technology Skills`, `Tools Used`, `Tasks to DWAs`,
`Work Styles`, `Interests`, `Job Zones`. Levels (0 to 7), importance and interests (1 to 7; 1 to 5) become shares 0..1.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from echo_core.skills.taxonomy.graph import Progress
from echo_core.skills.taxonomy.records import Label, Occupation, OccupationSkill, Trait
from echo_core.skills.taxonomy.tables import find_table

CODE = "O*NET-SOC Code"
ESSENTIAL = 0.5
"""Share of the importance scale from which an element is essential: 3 of 1 to 5, "important" in O*NET's own words."""

_LOW_HIGH = {"IM": (1.0, 5.0), "LV": (0.0, 7.0), "OI": (1.0, 7.0)}


@dataclass
class _Role:
    """What is known of one occupation while the tables are read; dictionaries keep order and drop repetitions."""

    title: str
    description: str
    titles: dict[str, None] = field(default_factory=dict)
    tasks: dict[str, None] = field(default_factory=dict)
    shares: dict[str, dict[str, float]] = field(default_factory=dict)
    products: dict[str, bool] = field(default_factory=dict)
    traits: dict[str, Trait] = field(default_factory=dict)
    zone: int | None = None


def read_occupations(
    base: Path, known: Container[str], slug: Callable[[str], str], progress: Progress | None
) -> list[Occupation]:
    """The occupations of a release; none where it has no `Occupation Data`.

    Args:
        base: the folder of the release.
        known: ids of skills; an occupation names no other.
        slug: the part of a product's id after "onet:tech/".
        progress: called with (file name, rows so far).

    Raises:
        TaxonomyError: a column is missing, or a value that should be a number is none; the message names the file.
    """
    table = find_table(base, "Occupation Data", required=False, progress=progress)
    if table is None:
        return []
    roles = {code: _Role(title.strip(), text.strip()) for code, title, text in table.rows(CODE, "Title", "Description")}
    reader = _Reader(base, roles, progress)
    reader.titles()
    reader.tasks()
    reader.rated()
    reader.products(slug)
    reader.traits()
    for role, (zone,) in reader.rows("Job Zones", "Job Zone"):
        role.zone = int(zone)
    return [_occupation(code, role, known) for code, role in roles.items()]


@dataclass(frozen=True)
class _Reader:
    base: Path
    roles: dict[str, _Role]
    progress: Progress | None

    def rows(self, stem: str, *columns: str) -> Iterator[tuple[_Role, tuple[str, ...]]]:
        """The rows of a table, if the release has it, of known occupations."""
        table = find_table(self.base, stem, required=False, progress=self.progress)
        for code, *values in table.rows(CODE, *columns) if table else ():
            if role := self.roles.get(code):
                yield role, tuple(values)

    def titles(self) -> None:
        for stem, column in (
            ("Alternate Titles", "Alternate Title"),
            ("Sample of Reported Titles", "Reported Job Title"),
        ):
            for role, (title,) in self.rows(stem, column):
                role.titles[title.strip()] = None
        for role, (short,) in self.rows("Alternate Titles", "Short Title"):
            if short.strip() not in ("", "n/a"):
                role.titles[short.strip()] = None

    def tasks(self) -> None:
        for stem in ("Task Statements", "Emerging Tasks"):
            for role, (task,) in self.rows(stem, "Task"):
                role.tasks[task.strip()] = None

    def rated(self) -> None:
        for stem in ("Skills", "Knowledge"):
            for role, (element, scale, value) in self.rows(stem, "Element ID", "Scale ID", "Data Value"):
                role.shares.setdefault(f"onet:{element}", {})[scale] = _share(scale, value)

    def products(self, slug: Callable[[str], str]) -> None:
        for role, (example, demanded) in self.rows("Technology Skills", "Example", "In Demand"):
            skill = f"onet:tech/{slug(example.strip())}"
            role.products[skill] = role.products.get(skill, False) or demanded == "Y"

    def traits(self) -> None:
        made: dict[str, Trait] = {}
        for role, (activity, title) in self.rows("Tasks to DWAs", "DWA ID", "DWA Title"):
            _named(role, f"activity:{activity}", title, made)
        for role, (example, code, title) in self.rows("Tools Used", "Example", "Commodity Code", "Commodity Title"):
            _named(role, f"tool:{code}", title, made)
            _named(role, f"tool:{code}/{'-'.join(example.lower().split())}", example, made)
        for stem, prefix, wanted in (("Work Styles", "style", "IM"), ("Interests", "interest", "OI")):
            for role, (element, name, scale, value) in self.rows(
                stem, "Element ID", "Element Name", "Scale ID", "Data Value"
            ):
                if scale == wanted:
                    trait = Trait(f"{prefix}:{element}", name, _share(scale, value))
                    role.traits[trait.id] = trait


def _named(role: _Role, trait_id: str, label: str, made: dict[str, Trait]) -> None:
    role.traits[trait_id] = made.get(trait_id) or made.setdefault(trait_id, Trait(trait_id, label.strip()))


def _share(scale: str, value: str) -> float:
    low, high = _LOW_HIGH.get(scale, (0.0, 1.0))
    return round(min(1.0, max(0.0, (float(value) - low) / (high - low))), 4)


def _occupation(code: str, role: _Role, known: Container[str]) -> Occupation:
    titles = dict.fromkeys((role.title, *role.titles))
    rated = (
        OccupationSkill(skill, shares.get("IM", 0.0) >= ESSENTIAL, shares.get("LV"), shares.get("IM"))
        for skill, shares in role.shares.items()
    )
    products = (OccupationSkill(skill, demanded) for skill, demanded in role.products.items())
    return Occupation(
        id=f"onet:{code}",
        label=role.title,
        labels=tuple(Label(title, "en", preferred=at == 0) for at, title in enumerate(titles) if title),
        description=role.description,
        code=code,
        skills=tuple(product for product in (*rated, *products) if product.skill_id in known),
        tasks=tuple(role.tasks),
        source="onet",
        traits=tuple(role.traits.values()),
        zone=role.zone,
    )
