"""Which opportunities are listed, and the named rule behind every one that is not. Nothing disappears unexplained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from echo_core.model import Job, LearningPath, Mentorship, Requisition
from echo_hub.snapshot.rows import StoredOpportunity

Rule = Literal[
    "not_open",
    "requisition_missing",
    "requisition_draft",
    "requisition_closed",
    "ended",
    "retired",
    "content_kind",
    "mentor_left",
    "one_post_per_requisition",
]
RULES = (
    *get_args(Rule),
    "merged",  # another record of the same human leads the profile
    "joined",  # belongs to a profile of the HR system
    "unmatched",  # could not be joined to a person, see the identity report
    "unknown_person",  # is about somebody who is not on file, or fits several people
    "unlinked_skill",  # names a skill the skills graph does not know
    "expired",  # was valid until a day that is over
    "not_completed",  # is not a completed piece of learning
    "no_skill",  # is complete, but nothing on file says which skill it teaches
    "unreadable",  # cannot be read as it is stored
    "not_matched_on",  # the snapshot has no use for this kind of record
)
"""Every rule by name; opportunities first, then people and claims."""

LISTED_CONTENT = frozenset({"path", "course", "certification"})


@dataclass(slots=True)
class Account:
    """What became of the stored records of one stream and entity: `stored` = `listed` + all of `hidden`."""

    connection: str
    stream: str
    entity: str
    stored: int = 0
    listed: int = 0
    hidden: Counter[str] = field(default_factory=Counter)


def hidden_by(
    opportunity: StoredOpportunity,
    requisitions: Mapping[tuple[str, str], Requisition],
    owner_left: bool,
    today: date,
) -> Rule | None:
    """The first rule that hides an opportunity, or None."""
    record = opportunity.record
    if record.status != "open":
        return "not_open"
    if isinstance(record, Job) and record.requisition_id is not None:
        requisition = requisitions.get((opportunity.connection, record.requisition_id))
        if requisition is None:
            return "requisition_missing"
        if requisition.status == "draft":
            return "requisition_draft"
        if requisition.status == "closed":
            return "requisition_closed"
    if record.ends_on is not None and record.ends_on < today:
        return "ended"
    if isinstance(record, LearningPath):
        if record.content_kind not in LISTED_CONTENT:
            return "content_kind"
        if record.retires_on is not None and record.retires_on <= today:
            return "retired"
    if isinstance(record, Mentorship) and owner_left:
        return "mentor_left"
    return None


def second_posts(visible: Sequence[StoredOpportunity]) -> set[int]:
    """Positions of job posts that give way to another post of the same requisition.

    Internal before external, featured before not, then the newest, then the lowest key.
    """
    by_requisition: dict[tuple[str, str], list[int]] = {}
    for position, opportunity in enumerate(visible):
        if isinstance(opportunity.record, Job) and opportunity.record.requisition_id is not None:
            by_requisition.setdefault((opportunity.connection, opportunity.record.requisition_id), []).append(position)

    def preference(position: int) -> tuple[bool, bool, float, str]:
        post = visible[position].record
        assert isinstance(post, Job)
        posted = post.posted_at.timestamp() if post.posted_at else 0.0
        return (post.audience != "internal", not post.featured, -posted, post.source_id)

    return {position for posts in by_requisition.values() for position in sorted(posts, key=preference)[1:]}
