"""What every record has in common, how one refers to a person, and how one is left out."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

SourceId = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")
]
"""The key a source system gives a record: never empty, kept as text (vendor ids exceed 32 bits and hold letters).

Without control characters: no database keeps a NUL in a key.
"""

Link = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""The address of a page, without control characters."""

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2, upper case."""


class Value(BaseModel):
    """A frozen value inside a record. Unknown fields are a bug of the mapping, so they are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Record(Value):
    """One thing a source system told us, in the hub's words.

    `source_id` is unique within (connection, stream, entity). `source_url` opens the record in its own system.
    `updated_at` is the vendor's own time stamp; it is stored but takes no part in the content hash, because
    vendors restamp rows that did not change.
    """

    entity: ClassVar[str]
    payload_version: ClassVar[int] = 2
    """The version of its stored payload; `upgrades` says when it is raised, and reads older ones."""

    source_id: SourceId
    source_url: Link | None = None
    updated_at: AwareDatetime | None = None


class PersonRef(Value):
    """How a source names a person: by its own key, or by something the HR system knows too.

    `source` is the key of a `Person` record of the same connection. `email_sha1` is the lower-case hex SHA-1 of
    `mailto:` plus the address, as in xAPI's `mbox_sha1sum`.
    """

    scheme: Literal["source", "employee_id", "email", "email_sha1", "user_name"]
    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Excluded(Value):
    """A mapping's answer for a row that must not be kept: counted under `rule`, its content never stored.

    `rule` is a short stable word ("confidential", "template", "draft"); the connector's README lists its rules.
    """

    entity: str
    source_id: SourceId
    rule: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
