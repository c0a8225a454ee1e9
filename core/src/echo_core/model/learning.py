"""What a person did on a learning platform: evidence, never a rating."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from echo_core.model.record import PersonRef, Record


class LearningRecord(Record):
    """A person and a piece of content. `object_id` is the content's source id or its activity IRI.

    `score` and `progress` run from 0 to 1. `precision` says what `completed_at` is worth: an instant, a date, or
    the end of a reporting window.
    """

    entity: ClassVar[str] = "learning_record"

    person: PersonRef
    object_id: str
    object_title: str | None = None
    object_kind: Literal[
        "path", "course", "video", "book", "article", "event", "assessment", "certification", "other"
    ] = "other"
    state: Literal["enrolled", "in_progress", "completed", "failed", "waived", "withdrawn"]
    progress: Annotated[float, Field(ge=0, le=1)] | None = None
    score: Annotated[float, Field(ge=0, le=1)] | None = None
    success: bool | None = None
    started_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    precision: Literal["instant", "date", "window"] = "instant"
    minutes_spent: Annotated[float, Field(ge=0)] | None = None
    verified: bool | None = None
    assigned: bool | None = None
    voided: bool = False

    @property
    def is_skill_evidence(self) -> bool:
        """Whether this completion may support a skill claim: a passed course, path, assessment or certification."""
        return (
            self.state == "completed"
            and self.success is not False
            and not self.voided
            and self.object_kind in {"path", "course", "assessment", "certification"}
        )
