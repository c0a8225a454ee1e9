"""What a snapshot was read from, kept so that the next one can be made from what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from echo_core.matching.arrays import IntArray
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.catalogue.locations import Atlas
from echo_hub.snapshot.catalogue.seats import seated
from echo_hub.snapshot.catalogue.visibility import hidden_by, second_posts
from echo_hub.snapshot.directory.identity import Directory, Joined
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.rows import StoredOpportunity, StoredRecords
from echo_hub.snapshot.skill_graph.claims import Learning


@dataclass(frozen=True, slots=True)
class Sources:
    """The records of one snapshot in columns, and who is who among them.

    `seats` are those that the hub gave away itself, by public id, on top of what a source says. `people_connection`
    is the system of record as configured, None where it was chosen by its people.
    """

    stored_records: StoredRecords
    joined: Joined
    directory: Directory
    atlas: Atlas
    learning: Learning
    seats: Mapping[str, int]
    people_connection: str | None

    def visible(
        self, people: Sequence[DirectoryPerson], today: date
    ) -> tuple[list[StoredOpportunity], list[tuple[StoredOpportunity, str]]]:
        """Opportunities to list, and all others with the rule that hides each."""
        visible: list[StoredOpportunity] = []
        hidden: list[tuple[StoredOpportunity, str]] = []
        for opportunity in seated(self.stored_records.opportunities, self.seats):
            owner = self.directory.of(opportunity.connection, opportunity.record.owner)
            rule = hidden_by(
                opportunity, self.stored_records.requisitions, owner >= 0 and people[owner].fact.status == "left", today
            )
            if rule is None:
                visible.append(opportunity)
            else:
                hidden.append((opportunity, rule))
        second = second_posts(visible)
        hidden.extend((visible[position], "one_post_per_requisition") for position in sorted(second))
        return [opportunity for position, opportunity in enumerate(visible) if position not in second], hidden

    def done(self, listings: Sequence[Listing]) -> dict[int, IntArray]:
        """By person, the rows of listed learning that is completed."""
        rows = {
            (listing.connection, listing.record.source_id): listing.row
            for listing in listings
            if listing.kind == "learning_path"
        }
        return {
            person: np.array(sorted(rows[key] for key in keys if key in rows), dtype=np.int64)
            for person, keys in self.learning.done.items()
        }
