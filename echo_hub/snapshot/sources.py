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
from echo_hub.snapshot.rows import Intake, StoredOpportunity
from echo_hub.snapshot.skill_graph.claims import Learning


@dataclass(frozen=True, slots=True)
class Sources:
    """The records of one snapshot in columns, and who is who among them.

    `seats` are places that the hub gave away itself, by public id, on top of what a source says. `people_connection`
    is the system of record as configured, None where it was chosen by its people.
    """

    intake: Intake
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
        for one in seated(self.intake.opportunities, self.seats):
            owner = self.directory.of(one.connection, one.record.owner)
            rule = hidden_by(one, self.intake.requisitions, owner >= 0 and people[owner].fact.status == "left", today)
            if rule is None:
                visible.append(one)
            else:
                hidden.append((one, rule))
        second = second_posts(visible)
        hidden.extend((visible[position], "one_post_per_requisition") for position in sorted(second))
        return [one for position, one in enumerate(visible) if position not in second], hidden

    def done(self, listings: Sequence[Listing]) -> dict[int, IntArray]:
        """By person, the rows of listed learning that is completed."""
        rows = {(one.connection, one.record.source_id): one.row for one in listings if one.kind == "learning_path"}
        return {
            person: np.array(sorted(rows[key] for key in keys if key in rows), dtype=np.int64)
            for person, keys in self.learning.done.items()
        }
