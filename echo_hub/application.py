"""An opened hub: settings, plug-ins, database and snapshot together, as the command line and the pages use it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from echo_core.connectors.errors import ConfigError, HubError
from echo_core.connectors.loader import Registry, load_plugins
from echo_core.connectors.redaction import SECRETS
from echo_core.http.shared import Shared
from echo_core.skills.embeddings.vectors import Encoder
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.starter import starter
from echo_hub.jobs import SYNC, Attempt, Kind, ScheduleClock, Worker
from echo_hub.services.actor import SCHEDULER
from echo_hub.services.alert_delivery import Say, deliver
from echo_hub.services.alerting import ALERT, look
from echo_hub.services.health import Health, health
from echo_hub.services.intents import schedules
from echo_hub.services.policy import Policy, PolicyHolder
from echo_hub.services.receipts import Receipts
from echo_hub.services.sync_task import sync_for_task
from echo_hub.settings import Settings, read_settings
from echo_hub.snapshot import MatchSettings, Snapshot, SnapshotHolder, build_snapshot
from echo_hub.snapshot.skill_graph.decisions import Decisions
from echo_hub.store.database import Database, open_database
from echo_hub.store.fill_rates import count_fills
from echo_hub.store.rate_budgets import RateBudgets
from echo_hub.store.records import data_revision
from echo_hub.store.taxonomy import load_taxonomy
from echo_hub.store.vendor_tokens import Vault, VendorTokens
from echo_hub.sync.connection import utc_now

if TYPE_CHECKING:
    from echo_core.skills.occupations.titles import TitleBridge


ALERTS_EVERY_S = 60.0
"""Seconds between two looks at what is wrong."""


class Hub:
    """Everything that is open while a command or a server runs. Use as a context manager, or call `close`."""

    def __init__(
        self,
        settings: Settings,
        registry: Registry,
        database: Database,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.settings = settings
        self.registry = registry
        self.database = database
        self.now = now
        self._bridge: TitleBridge | None = None
        self._policies = PolicyHolder(database)
        self.snapshots = SnapshotHolder(self._build_snapshot, lambda: data_revision(database), today=self._today)

    @classmethod
    def open(cls, file: Path, *, no_plugins: bool = False, lenient: bool = False) -> Hub:
        """Reads the settings, loads the plug-ins, opens the database and brings it up to date.

        Args:
            lenient: a connection that cannot be used (a missing secret, a broken plug-in) does not stop the opening;
                it cannot be synced then.

        Raises:
            SettingsError: lists everything wrong with the file.
            HubError: the database cannot be used; the message says why.
        """
        registry = load_plugins(no_plugins=no_plugins)
        settings = read_settings(file, registry.connectors, broken=registry.broken, lenient=lenient)
        for connection in settings.connections:
            SECRETS.add_from(connection.config)
        SECRETS.add_from(settings.serve)
        SECRETS.add_from(settings.sign_in)
        SECRETS.add_from(settings.vendor_tokens)
        SECRETS.add_from(settings.alerts)
        url = settings.database_url.get_secret_value() if settings.database_url else None
        database = open_database(url, settings.data_dir)
        database.migrate()
        return cls(settings, registry, database)

    def close(self) -> None:
        """Closes the database."""
        self.database.close()

    def __enter__(self) -> Hub:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def snapshot(self) -> Snapshot:
        """The newest finished snapshot of people and opportunities."""
        return self.snapshots.current()

    def policy(self, snapshot: Snapshot) -> Policy:
        """What is on for the people of a snapshot, as of this moment."""
        return self._policies.of(snapshot)

    def fresh_snapshot(self) -> Snapshot:
        """The snapshot as of now; waits for it, so no request may ask for it."""
        return self.snapshots.refresh()

    def health(self) -> Health:
        """How the hub is: whether snapshots are made, and what is stored and set aside. Waits for nothing."""
        return health(self.database, self.snapshots.latest(), self.snapshots.state())

    def _today(self) -> date:
        return self.now().date()

    def _build_snapshot(self, previous: Snapshot | None = None) -> Snapshot:
        return build_snapshot(
            self.database,
            people_connection=self.settings.people,
            today=self._today(),
            previous=previous,
            resolve=self.registry.hooks.skill,
            settings=MatchSettings(**self.settings.matching.model_dump(exclude={"vectors", "receipts"})),
            titles=self.bridge,
        )

    def bridge(self, taxonomy: Taxonomy) -> TitleBridge | None:
        """What knows the roles behind titles, kept while a taxonomy's roles stay the same; None where it has none."""
        if not taxonomy.occupations:
            return None
        from echo_core.skills.occupations.titles import TitleBridge

        if self._bridge is None or self._bridge.taxonomy.occupations != taxonomy.occupations:
            self._bridge = TitleBridge(taxonomy, self.encoder)
        return self._bridge

    @property
    def trained_model(self) -> Path:
        """Where `echo-hub skills train` keeps what it learned, and `vectors = "own"` finds it."""
        return self.settings.data_dir / "vectors" / "own.npz"

    @cached_property
    def shared(self) -> Shared:
        """What clients share with those of other processes: permits to send, and tokens where a key is set."""
        keys = self.settings.vendor_tokens.keys
        tokens = VendorTokens(self.database, Vault(keys), self.now) if keys else None
        return Shared(tokens, RateBudgets(self.database))

    @cached_property
    def receipts(self) -> Receipts:
        """Keeps receipts of what people are shown, as `[matching] receipts` says."""
        return Receipts(self.database, self.settings.matching.receipts, self.now)

    @cached_property
    def encoder(self) -> Encoder | None:
        """The model that `[matching] vectors` names, its vectors of labels kept in the data folder; None when unset.

        Raises:
            ConfigError: the model or a package it needs is missing; the message says what to do.
        """
        if self.settings.vectors is None:
            return None
        from echo_core.skills.embeddings.encoders import EncoderError, open_encoder
        from echo_core.skills.embeddings.vector_cache import KeptVectors

        named = f"own:{self.trained_model}" if self.settings.vectors == "own" else self.settings.vectors
        try:
            return KeptVectors(open_encoder(named), self.settings.data_dir / "vectors")
        except EncoderError as error:
            raise ConfigError(f"{self.settings.file}, matching.vectors: {error}", code=error.code) from None

    def taxonomy(self) -> Taxonomy:
        """The skills graph: what was imported, or the starter taxonomy, and the skills that were added here."""
        return Decisions.read(self.database).onto(load_taxonomy(self.database) or starter())


class Background:
    """What an opened hub does by itself: it turns due schedules into tasks, and works on tasks. Not started yet.

    Args:
        say: puts what is told to operators into words, which are the surfaces'.
    """

    def __init__(self, hub: Hub, say: Say) -> None:
        self._clock = ScheduleClock(
            hub.database, now=hub.now, pause=lambda name, why: schedules.pause(SCHEDULER, hub, name, because=why)
        )

        def sync(attempt: Attempt) -> None:
            sync_for_task(hub, attempt)
            self._clock.look()  # at once, for whoever waits for this run
            with suppress(HubError):  # what cannot be looked at now is in a minute
                count_fills(hub.database)
                look(hub)

        self._clock.every(ALERTS_EVERY_S, lambda: look(hub))
        kinds = {SYNC: Kind(sync), ALERT: Kind(lambda attempt: deliver(hub, attempt, say))}
        self._worker = Worker(hub.database, kinds)

    def start(self) -> None:
        """Begins, in threads of its own."""
        self._clock.start()
        self._worker.start()

    def stop(self) -> None:
        """Asks what is under way to end after its step, waits for that, and gives back what is not done."""
        self._clock.stop()
        self._worker.stop()
