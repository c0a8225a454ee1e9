"""What is shown of a task: never what it is made from, whom it is about, or who asked for it."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from echo_hub.services.views import View
from echo_hub.store.tasks import State, Task


class TaskView(View):
    """A piece of work. `failed` is for good: nobody tries it again unless somebody asks for that."""

    id: int
    kind: str
    key: str = Field(description="What tells it from others of its kind")
    state: State
    attempts: int = Field(description="How often it was begun")
    most_attempts: int
    not_before: datetime
    lease_until: datetime | None = Field(description="Until when its worker may be silent; null unless it is under way")
    error_code: str | None = Field(description="What went wrong last")
    error_message: str | None
    progress: str | None
    created_at: datetime
    started_at: datetime | None = Field(description="When the last attempt began")
    finished_at: datetime | None

    @classmethod
    def of(cls, task: Task) -> TaskView:
        """A stored task as it is shown."""
        return cls(**{name: getattr(task, name) for name in cls.model_fields})

    @property
    def is_over(self) -> bool:
        """Whether nobody will run it unless somebody asks for that."""
        return self.state not in ("waiting", "leased")
