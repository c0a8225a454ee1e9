"""An opened hub: settings, plug-ins, database and market together, as the command line and the pages use it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from echo_core.connect.declaration import CheckResult
from echo_core.connect.redaction import SECRETS
from echo_core.connect.registry import Registry, load_plugins
from echo_core.skills.starter import starter
from echo_core.skills.taxonomy import Taxonomy
from echo_hub.market import Market, MarketHolder, build_market
from echo_hub.marketplace.people import one_person
from echo_hub.marketplace.views import PersonView
from echo_hub.schedule import list_schedules
from echo_hub.settings import ConnectionSettings, Settings, read_settings
from echo_hub.store.database import Database, open_database
from echo_hub.store.holds import Hold, list_holds
from echo_hub.store.records import data_revision
from echo_hub.store.runs import RunReport, last_runs, list_runs
from echo_hub.store.taxonomy import load_taxonomy
from echo_hub.sync.check import check_connection
from echo_hub.sync.connection import Connection, utc_now
from echo_hub.sync.kernel import Progress, sync_all


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """One connection as HR operations see it. `outcome` is the worst of its streams' last runs."""

    name: str
    title: str
    last_run: datetime | None
    outcome: str | None
    schedule: str | None
    paused: bool
    next_run: datetime | None


WORST = ("failed", "held", "paused", "stopped", "skipped", "done")
"""Outcomes, the one to look at first first."""


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
        self._market = MarketHolder(self._build_market, lambda: data_revision(database), today=self._today)

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
        settings = read_settings(file, registry.connectors, lenient=lenient)
        for connection in settings.connections:
            SECRETS.add_from(connection.config)
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

    def market(self) -> Market:
        """The newest finished snapshot of people and opportunities."""
        return self._market.current()

    def fresh_market(self) -> Market:
        """The market as of now; waits for it."""
        return self._market.refresh()

    def _today(self) -> date:
        return self.now().date()

    def _build_market(self, previous: Market | None = None) -> Market:
        return build_market(
            self.database,
            people_connection=self.settings.people,
            today=self._today(),
            previous=previous,
            resolve=self.registry.hooks.skill,
        )

    def taxonomy(self) -> Taxonomy:
        """The skills graph: what was imported, or the starter taxonomy."""
        return load_taxonomy(self.database) or starter()

    def person(self, text: str) -> PersonView:
        """The one person that `text` (id, employee id, e-mail, user name or name) means.

        Raises:
            UnknownPersonError, AmbiguousPersonError: nobody, or several; the message says whom it could mean.
        """
        return one_person(self.market(), text)

    def credits(self) -> tuple[str, ...]:
        """The credit lines of the taxonomies whose labels are shown."""
        return tuple(source.credit for source in self.market().taxonomy.sources if source.credit)

    def connection(self, settings: ConnectionSettings) -> Connection:
        """A configured connection as the kernel takes it."""
        overrides = settings.http.model_dump(exclude_none=True)
        return Connection(settings.name, settings.connector, settings.config, overrides)

    def chosen(self, names: Iterable[str]) -> list[ConnectionSettings]:
        """The named connections, all of them when none is named.

        Raises:
            SettingsError: a name is not configured.
        """
        wanted = list(names)
        return [self.settings.connection(name) for name in wanted] if wanted else list(self.settings.connections)

    def sync(
        self,
        names: Iterable[str] = (),
        *,
        full: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
        workers: int = 4,
    ) -> list[RunReport]:
        """Syncs the named connections (all of them when none is named), several at a time.

        A stream's failure is in its report; a connection that cannot begin has one failed report with no stream.
        """
        return sync_all(
            self.database,
            [self.connection(found) for found in self.chosen(names)],
            workers=workers,
            clock=self.now,
            full=full,
            dry_run=dry_run,
            hooks=self.registry.hooks,
            progress=progress,
            stop=stop,
        )

    def sync_now(self, name: str, stop: threading.Event) -> list[RunReport]:
        """What a schedule calls: the ordinary, incremental sync of one connection."""
        return self.sync([name], stop=stop)

    def check(self, name: str) -> list[CheckResult]:
        """Tries one connection and stores nothing."""
        return check_connection(self.connection(self.settings.connection(name)), clock=self.now)

    def runs(self, connection: str | None = None, *, limit: int = 50) -> list[RunReport]:
        """The latest runs, newest first."""
        return list_runs(self.database, connection, limit=limit)

    def holds(self) -> list[Hold]:
        """Removals that wait for a person."""
        return list_holds(self.database)

    def title_of(self, connection: str) -> str:
        """The vendor's name behind a connection, for people; the connection's own name when it is gone."""
        for configured in self.settings.connections:
            if configured.name == connection:
                return configured.connector.title
        return connection

    def connection_states(self) -> list[ConnectionState]:
        """Every connection with its last run and next one."""
        schedules = {schedule.connection: schedule for schedule in list_schedules(self.database)}
        latest: dict[str, list[RunReport]] = {}
        for run in last_runs(self.database):
            latest.setdefault(run.connection, []).append(run)
        states = []
        for configured in self.settings.connections:
            runs = latest.get(configured.name, [])
            outcomes = {run.outcome for run in runs}
            schedule = schedules.get(configured.name)
            states.append(
                ConnectionState(
                    name=configured.name,
                    title=configured.connector.title,
                    last_run=max((run.started_at for run in runs), default=None),
                    outcome=next((outcome for outcome in WORST if outcome in outcomes), None),
                    schedule=schedule.text if schedule else None,
                    paused=bool(schedule and schedule.paused),
                    next_run=schedule.next_run_at if schedule else None,
                )
            )
        return states
