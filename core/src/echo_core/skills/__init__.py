"""The skills graph: taxonomies, names linked to skills, skills spotted in texts. Nothing is read at import."""

from __future__ import annotations

from echo_core.skills.extraction.spotter import Spotted, Spotter
from echo_core.skills.levels import level_of
from echo_core.skills.linking.linker import Link, Linker
from echo_core.skills.taxonomy.esco import read_esco
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy, TaxonomyError, TaxonomySource
from echo_core.skills.taxonomy.onet import read_onet
from echo_core.skills.taxonomy.starter import starter

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
