"""The closed sets a dialect chooses from: ways to authenticate, to page, to ask for a window, to fetch a report."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field

from echo_hub_lxp.rules import Part, PathText

TimeFormat = Literal["iso", "iso_ms", "date", "epoch_ms"]


class OAuthClientCredentials(Part):
    """A token by client id and secret, sent as a form or JSON body, the client named in the body or by HTTP Basic."""

    kind: Literal["oauth2_cc"]
    token_url: str | None = None
    body: Literal["form", "json"] = "form"
    client_auth: Literal["basic", "body"] = "body"
    scope: str | None = None
    skew_s: Annotated[float, Field(ge=0)] = 60.0


class StaticBearer(Part):
    """A token made in the platform's own administration pages."""

    kind: Literal["static_bearer"]


class Basic(Part):
    """User and password."""

    kind: Literal["basic"]


Auth = Annotated[OAuthClientCredentials | StaticBearer | Basic, Discriminator("kind")]


class SinglePage(Part):
    """Everything in one answer."""

    kind: Literal["single"]


class BodyUrl(Part):
    """The body holds the next page's address at `next`, absolute or relative to the address just read."""

    kind: Literal["body_url"]
    next: PathText
    limit_param: str | None = None
    limit: int = 100
    expired: tuple[int, ...] = ()


class LinkHeader(Part):
    """The `Link` header with rel="next" holds the next page's address."""

    kind: Literal["link_header"]
    limit_param: str | None = None
    limit: int = 100
    expired: tuple[int, ...] = ()


class OffsetTotalHeader(Part):
    """Pages by offset; the total and a pin that holds the data set still arrive in headers of the first answer."""

    kind: Literal["offset_total_header"]
    offset_param: str
    limit_param: str
    limit: int = 1000
    total_header: str
    pin_header: str | None = None
    pin_param: str | None = None
    expired: tuple[int, ...] = ()


Page = Annotated[SinglePage | BodyUrl | LinkHeader | OffsetTotalHeader, Discriminator("kind")]


class SubmitPoll(Part):
    """A report is ordered by POST, then asked for until a list comes back instead of a status object.

    `{job}` in `get` is the report's id, found at `id` in the first answer. `body` is sent with the window's bounds.
    """

    kind: Literal["submit_poll"]
    post: str
    get: str
    body: dict[str, Any] = Field(default_factory=dict)
    id: PathText = "id"
    status: PathText = "status"
    failed: tuple[str, ...] = ("FAILED",)


class WindowRule(Part):
    """How the bounds of change times are asked for.

    `max_days`: the platform refuses longer spans, so they are cut. `usual_days`: it has no such rule, but longer
    spans make answers too big; a connection may set its own `span_days` instead. `consistent_through` names a
    header that says up to when an answer is complete.
    """

    since: str
    until: str
    format: TimeFormat = "iso"
    max_days: Annotated[int, Field(gt=0)] | None = None
    usual_days: Annotated[int, Field(gt=0)] | None = None
    lag_minutes: Annotated[int, Field(ge=0)] = 1
    overlap_days: Annotated[int, Field(ge=0)] = 1
    consistent_through: str | None = None


class Changes(Part):
    """A lower bound of change times, for connections that ask for changes instead of the whole list."""

    param: str
    format: TimeFormat = "iso"


class Join(Part):
    """Compound documents: the element of the body's list `included` that `ref` (type and id) names, put at `into`."""

    included: PathText
    ref: PathText
    into: str


class Lookup(Part):
    """One more request per record; `{key}` in `get` is the raw record's `id`. What it lists is put at `into`.

    A status in `missing` means that this record has none (private, removed since), not that the run fails.
    """

    get: str
    records: PathText = ""
    into: str
    missing: tuple[int, ...] = ()


class Void(Part):
    """Records that take others back: where `path` is `equals`, the value at `target` is the key of the one withdrawn.

    If that one came with the same page it is kept and flagged at `flag`; otherwise the hub is told to remove it.
    """

    path: PathText
    equals: str
    target: PathText
    flag: str
