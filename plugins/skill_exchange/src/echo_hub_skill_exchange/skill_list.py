"""The skills annotation: "graphql:4, typescript, kubernetes:expert?" is three skills, the last one only desired."""

from __future__ import annotations

from dataclasses import dataclass

from echo_hub_skill_exchange.text import one_line

LEVEL_WORDS: dict[str, int] = {
    "aware": 1,
    "beginner": 1,
    "novice": 1,
    "basic": 2,
    "working": 2,
    "intermediate": 3,
    "practitioner": 3,
    "proficient": 3,
    "advanced": 4,
    "expert": 5,
}
"""Words accepted after the colon, beside 1..5."""

SCHEMES = frozenset({"starter", "esco", "onet"})
"""Taxonomies whose own skill ids ("starter:python") may stand in the list instead of a name."""

MAX_SKILLS = 50
NAME_CAP = 120


@dataclass(frozen=True, slots=True)
class SkillMention:
    """One entry of the list. `level_raw` keeps the word as written."""

    label: str
    scheme: str | None = None
    external_id: str | None = None
    level: int | None = None
    level_raw: str | None = None
    desired: bool = False


@dataclass(frozen=True, slots=True)
class SkillList:
    """The readable entries, first mention of each skill, and a sentence per entry that was dropped or shortened."""

    mentions: tuple[SkillMention, ...]
    problems: tuple[str, ...]


def read_level(text: str) -> int | None:
    """A level 1..5 from a digit or a word of `LEVEL_WORDS`; None for anything else."""
    word = text.strip().lower()
    if word in {"1", "2", "3", "4", "5"}:
        return int(word)
    return LEVEL_WORDS.get(word)


def read_skills(text: str, *, id_scheme: str) -> SkillList:
    """Read a comma list of `name[:level][?]`.

    A number alone is the id of a skill in Skill Exchange's own list and is kept under `id_scheme`. A level nobody
    can read is dropped, its skill is kept.
    """
    mentions: dict[str, SkillMention] = {}
    problems: list[str] = []
    for piece in text.split(","):
        entry = one_line(piece, cap=NAME_CAP * 2)
        if not entry:
            continue
        mention, problem = _read_entry(entry, id_scheme)
        if problem:
            problems.append(problem)
        if mention is None:
            continue
        if len(mentions) >= MAX_SKILLS:
            problems.append(f"more than {MAX_SKILLS} skills; the rest is left out")
            break
        mentions.setdefault(mention.external_id or mention.label.casefold(), mention)
    return SkillList(tuple(mentions.values()), tuple(problems))


def _read_entry(entry: str, id_scheme: str) -> tuple[SkillMention | None, str]:
    desired = entry.endswith("?")
    entry = entry.rstrip("? ").rstrip()
    name, level, level_raw, problem = entry, None, None, ""
    before, colon, after = entry.rpartition(":")
    if colon and before.strip().lower() not in SCHEMES:
        name, level_raw = before.strip(), after.strip() or None
        level = read_level(after)
        if level is None and after.strip():
            problem = f"level {after.strip()[:20]!r} of skill {name[:40]!r} is not 1 to 5"
            level_raw = None
    if name.endswith("?"):
        desired, name = True, name.rstrip("? ")
    name = name.strip()
    if not name or len(name) > NAME_CAP:
        return None, f"{entry[:40]!r} is not a skill name"
    scheme, colon, rest = name.partition(":")
    if colon and scheme.lower() in SCHEMES and rest:
        external = f"{scheme.lower()}:{rest}"
        label = rest.replace("-", " ") or rest
        return SkillMention(label, scheme.lower(), external, level, level_raw, desired), problem
    if name.isdigit():
        return SkillMention(name, id_scheme, name, level, level_raw, desired), problem
    return SkillMention(name, None, None, level, level_raw, desired), problem
