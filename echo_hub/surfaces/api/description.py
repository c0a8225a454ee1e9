"""What the OpenAPI document says about the API as a whole."""

from __future__ import annotations

from typing import Any

ABOUT = """\
The pages and this API show the same data through the same view model: whatever a page says, an answer here says too.

* An `id` can be pasted into any call that takes one. Ids contain colons, perhaps slashes and spaces; escape them.
* `person` is an id, an employee id, a work e-mail address or a name. One that fits several people is answered with
  409 and the people it fits; one that fits nobody with 404 and people of similar names.
* A score runs from 0 to 1 and is the sum of the contributions of its reasons. Gates are apart from it.
* Lists are read with `offset` and `limit`; `total` says how many there are.
* An error is one JSON object with a stable `code` and a `message` in one sentence.
* The API only reads. Decisions about runs on hold, schedules and settings are made on the command line.
"""
TAGS: list[dict[str, Any]] = [
    {
        "name": "opportunities",
        "description": "Jobs, projects, mentoring and learning: one person's list, and all of it.",
    },
    {"name": "people", "description": "Who can be meant by a name."},
    {"name": "operations", "description": "Connections, runs, schedules, and what waits for a person."},
]
