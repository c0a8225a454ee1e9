"""A snapshot from the store: from what changed since the last one where that is enough, else from everything."""

from __future__ import annotations

import logging
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
from echo_hub.store.aside import SetAside
from echo_hub.store.changes import Difference, changes_since
from echo_hub.store.mentoring_rounds import seats_taken
from echo_hub.store.records import data_revision, live_texts
from echo_hub.store.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from echo_hub.store.database import Database

log = logging.getLogger(__name__)
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
            made = _updated(database, previous, difference)
            if made is not None:
                return made
    # The revision is read first: a change that commits while we read makes the snapshot count as old, never as current.
    revision = data_revision(database)
    aside = SetAside()
    decisions = Decisions.read(database, aside)
    return Snapshot.build(
        live_texts(database),
        decisions.onto(load_taxonomy(database, aside) or starter()),
        today=today,
        people_connection=people_connection,
        revision=revision,
        settings=settings,
        previous=previous,
        resolve=resolve,
        decisions=decisions,
        seats_taken=seats_taken(database),
        titles=titles,
        aside=aside,
    )


def _updated(database: Database, previous: Snapshot, difference: Difference) -> Snapshot | None:
    """The next snapshot from what changed; None where it has to be made of everything."""
    decisions, seats, aside = previous.names.decisions, previous.seated, None
    if difference.said_here:
        aside = SetAside()
        decisions, seats = Decisions.read(database, aside), seats_taken(database)
    try:
        return updated(previous, difference, decisions, seats, aside)
    except Exception:
        log.exception("What changed could not be followed; the snapshot is made of all records.")
        return None
