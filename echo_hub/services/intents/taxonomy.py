"""The skills graph: its sources and credits, imports, edits, and names and texts looked up in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from echo_core.connectors.errors import ConfigError
from echo_core.skills.embeddings.vectors import Encoder
from echo_core.skills.taxonomy.crosswalk import Match
from echo_core.skills.taxonomy.graph import Taxonomy, TaxonomyError
from echo_core.skills.taxonomy.records import TaxonomySource
from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.recording import recorded
from echo_hub.services.taxonomy_impact import Concerned, Impact, impact_of
from echo_hub.store.concepts import Concept
from echo_hub.store.taxonomy import load_taxonomy, retired_concept, save_crosswalk, save_taxonomy
from echo_hub.store.taxonomy_changes import Changes
from echo_hub.store.taxonomy_edits import Edit, edit_concept, list_edits
from echo_hub.store.taxonomy_edits import undo_edits as undo_edits_of
from echo_hub.store.taxonomy_log import ImportRecord, SourceState
from echo_hub.store.taxonomy_log import list_imports as imports_in
from echo_hub.store.taxonomy_log import list_sources as sources_in

__all__ = [
    "Changes",
    "Concept",
    "Concerned",
    "Impact",
    "Imported",
    "Shown",
    "Trained",
    "credit_lines",
    "edit",
    "edits",
    "encoder",
    "import_crosswalk",
    "import_taxonomy",
    "imported_sources",
    "imports",
    "show",
    "sources",
    "taxonomy",
    "train",
    "undo_edits",
]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed. `replaces_starter` is True when nothing had been imported before.

    `impact` is, by source, whom a dry run would concern; empty when the import took place.
    """

    taxonomy: Taxonomy
    changes: list[Changes]
    replaces_starter: bool
    impact: Mapping[str, Impact]


@dataclass(frozen=True, slots=True)
class Shown:
    """A skill or an occupation, and since when its source no longer has it."""

    concept: Concept
    taxonomy: Taxonomy
    retired: datetime | None


def taxonomy(actor: Actor, hub: Hub) -> Taxonomy:
    """The skills graph: what was imported, or the starter taxonomy, and the skills that were added here."""
    allow(actor, "taxonomy.read")
    return hub.taxonomy()


def encoder(actor: Actor, hub: Hub) -> Encoder | None:
    """The model that `[matching] vectors` names; None when unset.

    Raises:
        ConfigError: the model or a package it needs is missing.
    """
    allow(actor, "taxonomy.read")
    return hub.encoder


def sources(actor: Actor, hub: Hub) -> tuple[TaxonomySource, ...]:
    """The taxonomies whose labels are shown, the most important first."""
    allow(actor, "taxonomy.read")
    return tuple(hub.snapshot().taxonomy.sources)


def credit_lines(actor: Actor, hub: Hub) -> tuple[str, ...]:
    """The credit lines of the taxonomies whose labels are shown."""
    allow(actor, "taxonomy.read")
    return hub.snapshot().taxonomy.credits()


def imported_sources(actor: Actor, hub: Hub) -> list[SourceState]:
    """The taxonomies that are imported, the most important first, with what they hold."""
    allow(actor, "taxonomy.read")
    return list(sources_in(hub.database))


def imports(actor: Actor, hub: Hub) -> list[ImportRecord]:
    """Every import, the latest first."""
    allow(actor, "taxonomy.read")
    return list(imports_in(hub.database))


def show(actor: Actor, hub: Hub, concept_id: str) -> Shown:
    """A skill or an occupation by its id, retired ones too.

    Raises:
        ConfigError: there is none.
    """
    allow(actor, "taxonomy.read")
    graph = hub.taxonomy()
    gone = retired_concept(hub.database, concept_id)
    concept = graph.get(concept_id) or graph.occupations.get(concept_id) or (gone[0] if gone else None)
    if concept is None:
        raise ConfigError(f"There is no skill or occupation {concept_id!r}. To find one: echo-hub skills link NAME")
    return Shown(concept, graph, gone[1] if gone else None)


def import_taxonomy(
    actor: Actor, hub: Hub, read: Callable[[Taxonomy, datetime], Taxonomy], *, dry_run: bool = False
) -> Imported:
    """Imports a taxonomy, or a new release of one: what differs is written, what was edited here stays.

    Args:
        read: makes the taxonomy; given the graph as it is and the moment of the import.
    """
    permit = allow(actor, "taxonomy.import")
    now = hub.now()
    before = load_taxonomy(hub.database)
    incoming = read(hub.taxonomy(), now)
    keys = ",".join(source.key for source in incoming.sources)
    with recorded(hub, permit, "taxonomy", keys) as entry:
        changes = save_taxonomy(hub.database, incoming, by=actor.key, now=now, dry_run=dry_run)
        entry.happened = not dry_run
    impact = {}
    if dry_run:
        snapshot = hub.fresh_snapshot()
        impact = {change.source: impact_of(snapshot, change) for change in changes if change.before is not None}
    return Imported(incoming, list(changes), before is None, impact)


def import_crosswalk(actor: Actor, hub: Hub, matches: Sequence[Match], *, dry_run: bool = False) -> None:
    """Imports which occupations of two classifications are the same."""
    permit = allow(actor, "taxonomy.import")
    if not dry_run:
        with recorded(hub, permit, "taxonomy", "crosswalk", pairs=len(matches)):
            save_crosswalk(hub.database, matches)


def edit(actor: Actor, hub: Hub, concept_id: str, fields: Mapping[str, str | tuple[str, ...]]) -> None:
    """Changes an imported skill or occupation here; edits are laid over every later import.

    Raises:
        HubError: there is no such concept, or a field cannot be edited.
    """
    permit = allow(actor, "taxonomy.edit")
    with recorded(hub, permit, "concept", concept_id, fields=sorted(fields)):
        edit_concept(hub.database, concept_id, fields, by=actor.key, now=hub.now())


def undo_edits(actor: Actor, hub: Hub, concept_id: str) -> int:
    """Takes every edit of a concept back; answers how many there were."""
    permit = allow(actor, "taxonomy.edit")
    with recorded(hub, permit, "concept", concept_id, undone=True) as entry:
        count = undo_edits_of(hub.database, concept_id)
        entry.happened = count > 0
    return count


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that was learned: its name and file, and whether the settings use it."""

    name: str
    file: Path
    used: bool


def train(actor: Actor, hub: Hub, *, passes: float, progress: Callable[[int, int], None]) -> Trained:
    """Learns vectors from the names, translations and relations of the skills graph, and keeps them.

    Raises:
        ConfigError: the graph has too few names to learn from.
    """
    from echo_core.skills.embeddings.own_encoder import train_encoder

    permit = allow(actor, "taxonomy.train")
    try:
        learned = train_encoder(hub.taxonomy(), passes=passes, progress=progress)
    except TaxonomyError as error:
        raise ConfigError(str(error), code=error.code) from None
    with recorded(hub, permit, "vectors", "own"):
        learned.save(hub.trained_model)
    return Trained(learned.name, hub.trained_model, hub.settings.vectors == "own")


def edits(actor: Actor, hub: Hub) -> list[Edit]:
    """Everything that was edited here, with what the import says."""
    allow(actor, "taxonomy.read")
    return list(list_edits(hub.database))
