"""A snapshot from the store: from what changed since the last one where that is enough, else from everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.starter import starter
from echo_hub.snapshot.ranking.columns import MatchSettings
from echo_hub.snapshot.skill_graph.decisions import Decisions
from echo_hub.snapshot.skill_graph.names import Resolve
from echo_hub.snapshot.skill_graph.occupations import Titles
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.snapshot.update import updated
from echo_hub.store.changes import changes_since
from echo_hub.store.mentoring_rounds import seats_taken
from echo_hub.store.records import data_revision, live_texts
from echo_hub.store.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from echo_hub.store.database import Database

MOST_CHANGES = 1000
"""Above so many changed records everything is read again: it takes little longer and leaves nothing behind."""


def build_snapshot(
    database: Database,
    *,
    today: date,
    people_connection: str | None = None,
    settings: MatchSettings | None = None,
    previous: Snapshot | None = None,
    resolve: Resolve | None = None,
    titles: Callable[[Taxonomy], Titles | None] | None = None,
) -> Snapshot:
    """A snapshot from the store as it is now. Without an imported taxonomy the starter taxonomy serves.

    Made from `previous` and the records that changed since, it is the snapshot that all records make.

    Args: see `Snapshot.build`.
    """
    settings = settings or MatchSettings()
    if previous is not None and previous.made_for(today, people_connection, settings):
        difference = changes_since(database, previous.revision, most=MOST_CHANGES)
        if difference is not None and not difference.beside:
            decisions, seats = previous.names.decisions, previous.seated
            if difference.said_here:
                decisions, seats = Decisions.read(database), seats_taken(database)
            made = updated(previous, difference, decisions, seats)
            if made is not None:
                return made
    # The revision is read first: a change that commits while we read makes the snapshot count as old, never as current.
    revision = data_revision(database)
    decisions = Decisions.read(database)
    return Snapshot.build(
        live_texts(database),
        decisions.onto(load_taxonomy(database) or starter()),
        today=today,
        people_connection=people_connection,
        revision=revision,
        settings=settings,
        previous=previous,
        resolve=resolve,
        decisions=decisions,
        places_taken=seats_taken(database),
        titles=titles,
    )
