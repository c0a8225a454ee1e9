"""What processes that talk to one source share, where somebody keeps it for all of them: access tokens and permits.

The core only asks; whoever opens a client may bring something that keeps both, such as rows of a database. Methods
are called from several threads and may raise a `HubError`, which then ends the request.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from echo_core.http.budget import Budget


class Credential(NamedTuple):
    """Whose tokens are meant. `name` tells nothing; `fingerprint` is a hash of the secrets, to be kept encrypted.

    A token that was kept under another fingerprint was minted with other secrets and is not answered.
    """

    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class SharedToken:
    """A minted token, when to mint the next one (UTC), and the refresh token that took the place of the given one."""

    access_token: str = field(repr=False)
    renew_at: datetime
    refresh_token: str | None = field(default=None, repr=False)


class SharedTokens(Protocol):
    """Keeps one token for each credential, and lets one process at a time mint it."""

    def read(self, credential: Credential) -> SharedToken | None:
        """The token that was minted last, by whichever process; it may be over."""

    def claim(self, credential: Credential) -> float:
        """0: this process may mint now, until it writes or gives back. Otherwise ask again after so many seconds."""

    def write(self, credential: Credential, token: SharedToken) -> None:
        """Keeps a token that was just minted, and ends the claim."""

    def give_back(self, credential: Credential) -> None:
        """Ends the claim; nothing was minted."""


class Grant(NamedTuple):
    """So many requests may be sent soon. None may: ask again after `wait_s`, because of `reason`."""

    permits: int
    wait_s: float = 0.0
    reason: Literal["budget", "quota", "told"] = "budget"


class SharedBudgets(Protocol):
    """Gives out permits to send requests to a host, so that all processes together keep its limits."""

    def take(self, host: str, limits: Collection[Budget], *, most: int, lasts_s: float) -> Grant:
        """At most `most` permits, each to be used within `lasts_s` seconds or not at all."""

    def block(self, host: str, wait_s: float, reason: Literal["quota", "told"]) -> None:
        """No process sends to the host for so many seconds: the source said so."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What a client shares with those of other processes; None: nothing of that kind."""

    tokens: SharedTokens | None = None
    budgets: SharedBudgets | None = None
