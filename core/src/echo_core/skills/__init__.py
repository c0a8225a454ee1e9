"""The skills graph: taxonomies, names linked to skills, skills spotted in texts. Nothing is read at import."""

from __future__ import annotations

from echo_core.skills.esco import read_esco
from echo_core.skills.levels import level_of
from echo_core.skills.linking import Link, Linker
from echo_core.skills.onet import read_onet
from echo_core.skills.spotting import Spotted, Spotter
from echo_core.skills.starter import starter
from echo_core.skills.taxonomy import Label, Skill, Taxonomy, TaxonomyError, TaxonomySource

__all__ = [
    "Label",
    "Link",
    "Linker",
    "Skill",
    "Spotted",
    "Spotter",
    "Taxonomy",
    "TaxonomyError",
    "TaxonomySource",
    "level_of",
    "read_esco",
    "read_onet",
    "starter",
]
