"""The kinds of the convention and what each means in the hub (the words are Skill Exchange's public ones)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from echo_hub_skill_exchange.annotations import Annotations


@dataclass(frozen=True, slots=True)
class Kind:
    """What a word of the convention means here. `seats` is the default; None: no limit."""

    entity: Literal["project", "mentorship"]
    project_kind: Literal["project", "embed", "hack", "collab"] = "project"
    session: Literal["recurring", "one_off"] = "recurring"
    seats: int | None = 1


KINDS: dict[str, Kind] = {
    "project": Kind("project"),
    "embed": Kind("project", project_kind="embed"),
    "hack": Kind("project", project_kind="hack", seats=None),
    "collab": Kind("project", project_kind="collab"),
    "mentorship": Kind("mentorship"),
    "pair": Kind("mentorship", session="one_off"),
}
_SAME_KIND = {
    "help-wanted": "collab",
    "collaboration": "collab",
    "rotation": "embed",
    "hackathon": "hack",
    "mentoring": "mentorship",
    "mentor": "mentorship",
    "pairing": "pair",
    "pair-programming": "pair",
    "gig": "project",
}
NO_SKILL_TAGS = {*KINDS, *_SAME_KIND, "opportunity", "good-first-issue", "internal"}
"""Tags that say what the entity is rather than what one must know."""


def read_kind(values: Annotations, default: str) -> Kind:
    """The kind a record says it is; `default` when it says nothing or a word nobody knows, which is remembered."""
    word = re.sub(r"[\s_]+", "-", values.raw("opportunity").lower())
    word = _SAME_KIND.get(word, word)
    if not word:
        return KINDS[default]
    if word not in KINDS:
        values.drop("opportunity", f"is none of {', '.join(KINDS)}; shown as {default}")
        return KINDS[default]
    return KINDS[word]
