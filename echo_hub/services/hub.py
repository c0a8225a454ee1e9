"""What services work with: everything that is open while a command or a server runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from echo_core.connectors.loader import Registry
    from echo_core.http.shared import Shared
    from echo_core.skills.embeddings.vectors import Encoder
    from echo_core.skills.occupations.titles import TitleBridge
    from echo_core.skills.taxonomy.graph import Taxonomy
    from echo_hub.services.health import Health
    from echo_hub.services.policy import Policy
    from echo_hub.services.receipts import Receipts
    from echo_hub.settings import Settings
    from echo_hub.snapshot import Snapshot, SnapshotHolder
    from echo_hub.store.database import Database


class Hub(Protocol):
    """An opened hub, as `echo_hub.application` puts it together. Surfaces hand it on and never look into it."""

    now: Callable[[], datetime]

    @property
    def settings(self) -> Settings:
        """What the operator wrote."""

    @property
    def registry(self) -> Registry:
        """The loaded plug-ins."""

    @property
    def database(self) -> Database:
        """The database, migrated."""

    @property
    def encoder(self) -> Encoder | None:
        """The model that `[matching] vectors` names; None when unset."""

    @property
    def shared(self) -> Shared:
        """What clients share with those of other processes: permits to send, and tokens where a key is set."""

    @property
    def receipts(self) -> Receipts:
        """Keeps receipts of what people are shown."""

    @property
    def snapshots(self) -> SnapshotHolder:
        """What builds snapshots and keeps the newest."""

    @property
    def trained_model(self) -> Path:
        """Where `echo-hub skills train` keeps what it learned."""

    def snapshot(self) -> Snapshot:
        """The newest finished snapshot."""

    def policy(self, snapshot: Snapshot) -> Policy:
        """What is on for the people of a snapshot, as of this moment."""

    def fresh_snapshot(self) -> Snapshot:
        """The snapshot as of now; waits for it."""

    def health(self) -> Health:
        """Whether snapshots are made, and every stored item that is left out; waits for nothing."""

    def taxonomy(self) -> Taxonomy:
        """The skills graph with the skills that were added here."""

    def bridge(self, taxonomy: Taxonomy) -> TitleBridge | None:
        """What knows the roles behind titles; None where a taxonomy has no roles."""
