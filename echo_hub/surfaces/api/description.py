"""What the OpenAPI document says about the API as a whole."""

from __future__ import annotations

from typing import Any

ABOUT = """\
The pages and this API show the same data through the same view model: whatever a page says, an answer here says too.

* An `id` can be pasted into any call that takes one. Ids contain colons, perhaps slashes and spaces; escape them.
* Whoever is signed in acts; nobody is named as the one who acts. A program sends a service token,
  `Authorization: Bearer eh_…`. A browser has the cookie of `/sign-in`, which reads; what changes something by it needs
  the header `X-Echo-Hub-Request: 1` too. During development a program on this machine sends the header
  `X-Echo-Hub-As: E10073`, access roles after a semicolon.
* `person` names somebody else to look at, for those who may: an id, an employee id, a work e-mail address or a name.
  One that fits several people is answered with 409 and the people it fits; one that fits nobody with 404 and people
  of similar names.
* A score runs from 0 to 1 and is the sum of the contributions of its reasons. Eligibility rules are apart from it.
* Lists are read with `offset` and `limit`; `total` says how many there are.
* `credits` holds the sentences that the licences of the skills' names ask to show; every answer links to them (`Link`,
  relation `license`).
* A GET changes nothing, but one about somebody else leaves a line that they see (`GET /looks`). `POST /receipts` keeps
  a receipt of what the same parameters answer about one person, with everything the answer was made from. `HEAD`
  answers as GET does.
* An error is one JSON object with a stable `code` and a `message` in one sentence.
* What the one who acts may not see or do is answered with 403 and a sentence that says who may. Settings are
  changed in the settings file alone.
"""
TAGS: list[dict[str, Any]] = [
    {
        "name": "opportunities",
        "description": "Jobs, projects, mentoring and learning: one person's list, and all of it.",
    },
    {"name": "mentoring", "description": "Rounds of pairs: drafted, reviewed, published by a person. Mentors' places."},
    {"name": "skills", "description": "Names no skill is near enough to, and what people decide about them."},
    {"name": "receipts", "description": "What people were shown, and whether the same comes out again."},
    {"name": "policy", "description": "What HR operations switch off: matching or a kind, for whom, and why."},
    {"name": "people", "description": "Who can be meant by a name."},
    {"name": "operations", "description": "Connections, runs, schedules, tasks, and what waits for a person."},
]
