"""Finds the installed plug-ins, keeps a broken one from touching the others, and calls their hooks. Alone here is
pluggy's relay used."""

from __future__ import annotations

import importlib.metadata
import logging
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import pluggy

from echo_core.connectors import hookspecs
from echo_core.connectors.declaration import API_VERSION, Connector, load
from echo_core.connectors.errors import ConfigError
from echo_core.connectors.hooks import Hooks
from echo_core.connectors.redaction import redact

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

log = logging.getLogger(__name__)

PLUGINS_VARIABLE = "ECHO_HUB_PLUGINS"
"""Environment variable: names of the plug-ins to load, separated by commas; empty loads none, unset loads all."""

State = Literal["ok", "loaded", "partly", "failed", "conflict", "disabled", "unsupported"]

CONNECTORS, MAP, EVENT, SKILL = "echo_hub_connectors", "echo_hub_map", "echo_hub_event", "echo_hub_skill"
HOOK_NAMES = (CONNECTORS, EVENT, MAP, SKILL)

CONNECTOR_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """One line of `echo-hub plugins`.

    Args:
        name: the entry point's name.
        distribution, version: what it was installed from; empty for plug-ins registered as objects.
        api: the contract version its connectors declare; None when it offers none or could not be asked.
        hooks: the hooks it implements.
        connectors: names of the connectors it declares, also when they do not run.
        state: ok | loaded (its connectors are declared, nobody tried to import their code) | partly (some of its
            connectors cannot be used) | failed (raised or broke the contract) | conflict (claims a name another one
            claims too) | disabled (switched off) | unsupported (made for another contract version).
        error: one line: why it does not run.
    """

    name: str
    distribution: str = ""
    version: str = ""
    api: int | None = None
    hooks: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    state: State = "ok"
    error: str = ""


@dataclass(frozen=True, slots=True)
class Registry:
    """The outcome of loading: every plug-in found, the connectors that run, and the hooks to call."""

    plugins: tuple[PluginInfo, ...]
    connectors: Mapping[str, Connector]
    hooks: Hooks

    @property
    def broken(self) -> dict[str, str]:
        """Why each plug-in that failed, and each connector of it, does not run, by name."""
        return {
            name: plugin.error
            for plugin in self.plugins
            if plugin.state not in ("ok", "disabled")
            for name in (plugin.name, *plugin.connectors)
            if name not in self.connectors
        }

    def tried(self) -> tuple[PluginInfo, ...]:
        """Every plug-in, those that run with the error of the first connector whose code cannot be imported.

        Imports what the connectors name, which loading does not and which takes a second.
        """
        return tuple(self._tried(plugin) if plugin.state == "ok" else plugin for plugin in self.plugins)

    def _tried(self, plugin: PluginInfo) -> PluginInfo:
        errors = [error for name in plugin.connectors if (error := _import_error(self.connectors[name]))]
        if not errors:
            return plugin
        more = f" (and {len(errors) - 1} more connectors)" if len(errors) > 1 else ""
        state: State = "failed" if len(errors) == len(plugin.connectors) else "partly"
        return replace(plugin, state=state, error=errors[0] + more)

    def connector(self, name: str) -> Connector:
        """The connector of that name.

        Raises:
            ConfigError: none runs; the message says why, or which there are.
        """
        if name in self.connectors:
            return self.connectors[name]
        for plugin in self.plugins:
            if plugin.state != "ok" and name in (plugin.name, *plugin.connectors):
                raise ConfigError(
                    f"The connector {name!r} does not run: the plug-in {plugin.name!r} is {plugin.state}. "
                    f"{plugin.error}",
                    code="config.connector",
                )
        known = ", ".join(self.connectors) or "none"
        raise ConfigError(
            f"There is no connector {name!r}. Installed are: {known}. Install its plug-in or correct the name.",
            code="config.connector",
        )


def load_plugins(
    *,
    no_plugins: bool = False,
    only: Iterable[str] | None = None,
    environ: Mapping[str, str] = os.environ,
    entry_points: Iterable[EntryPoint] | None = None,
) -> Registry:
    """Loads the installed plug-ins in name order. What is wrong with one is noted in its line and stops no other.

    Args:
        no_plugins: safe mode: list them, load none.
        only: names to load, instead of what the environment variable says.
        entry_points: instead of the installed ones, for tests.
    """
    entries = importlib.metadata.entry_points(group=hookspecs.PROJECT) if entry_points is None else entry_points
    wanted = _wanted(only, environ.get(PLUGINS_VARIABLE))
    loading = _Loading()
    points = sorted({_identity(point): point for point in entries}.items())
    for (name, distribution, version, _), point in points:
        info = PluginInfo(name, distribution, version)
        if no_plugins:
            loading.note(replace(info, state="disabled", error="Safe mode: no plug-in is loaded."))
        elif wanted is not None and name not in wanted:
            loading.note(replace(info, state="disabled", error=f"{PLUGINS_VARIABLE} does not name it."))
        else:
            loading.load(info, point.load)
    if not no_plugins:
        names = [name for (name, *_), _ in points]
        for name in sorted((wanted or set()) - set(names)):
            loading.note(PluginInfo(name, state="failed", error=f"Not installed. Installed are: {', '.join(names)}."))
    return loading.finish()


def register_plugins(plugins: Mapping[str, object]) -> Registry:
    """A registry of plug-in objects by name, nothing else: for tests and embedding."""
    loading = _Loading()
    for name, plugin in sorted(plugins.items()):
        loading.load(PluginInfo(name), partial(_itself, plugin))
    return loading.finish()


class _Loading:
    """Collects plug-ins, then settles which of them run."""

    def __init__(self) -> None:
        self._relay = pluggy.PluginManager(hookspecs.PROJECT)
        self._relay.add_hookspecs(hookspecs)
        self._infos: list[PluginInfo] = []
        self._declared: dict[str, list[Connector]] = {}

    def note(self, info: PluginInfo) -> None:
        self._infos.append(info)

    def load(self, info: PluginInfo, load: Callable[[], object]) -> None:
        """Imports, registers and asks one plug-in; whatever it raises becomes its line's error."""
        if any(known.name == info.name for known in self._infos):
            self._withdraw(info)
            return
        try:
            plugin = load()
            hash(plugin)  # pluggy keeps plug-ins in sets; one that cannot be in a set must not fail all the others
            hooks = self._hooks_of(plugin)
            self._relay.register(plugin, name=info.name)
            info = replace(info, hooks=hooks)
            declared = self._ask(info.name)
            info = replace(info, connectors=tuple(connector.name for connector in declared), api=_api(declared))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            # Anything at all, SystemExit included: a plug-in must not decide whether the hub starts.
            log.debug("The plug-in %s failed to load", info.name, exc_info=True)
            self._relay.unregister(name=info.name)
            self.note(replace(info, state="failed", error=_one_line(error)))
            return
        self._declared[info.name] = declared
        self.note(info)

    def finish(self) -> Registry:
        """Settles versions and name conflicts, and builds the calls of those that are left."""
        claims: dict[str, list[str]] = {}
        for plugin, declared in self._declared.items():
            for connector in declared:
                claims.setdefault(connector.name, []).append(plugin)
        infos = tuple(self._settled(info, claims) for info in sorted(self._infos, key=lambda info: info.name))
        running = [info.name for info in infos if info.state == "ok"]
        for info in infos:
            if info.state != "ok":
                self._relay.unregister(name=info.name)
                if info.state != "disabled":
                    log.warning("The plug-in %s does not run (%s): %s", info.name, info.state, info.error)
        connectors = {
            connector.name: connector for name in sorted(running) for connector in self._declared.get(name, ())
        }
        hooks = Hooks(
            map=self._calls(MAP, running), event=self._calls(EVENT, running), skill=self._calls(SKILL, running)
        )
        return Registry(infos, dict(sorted(connectors.items())), hooks)

    def _withdraw(self, info: PluginInfo) -> None:
        """Two distributions chose one plug-in name: neither runs."""
        others = [other for other in self._infos if other.name == info.name]
        both = " and ".join(f"{other.distribution} {other.version}" for other in [*others, info])
        error = f"Two distributions offer a plug-in {info.name!r}: {both}. Uninstall one."
        self._relay.unregister(name=info.name)
        self._declared.pop(info.name, None)
        self._infos = [
            replace(known, state="conflict", error=error) if known.name == info.name else known for known in self._infos
        ]
        self.note(replace(info, state="conflict", error=error))

    def _settled(self, info: PluginInfo, claims: Mapping[str, list[str]]) -> PluginInfo:
        declared = self._declared.get(info.name, [])
        foreign = [connector for connector in declared if connector.api != API_VERSION]
        if foreign:
            advice = "Update Echo Hub" if foreign[0].api > API_VERSION else "Update the plug-in"
            error = (
                f"The connector {foreign[0].name!r} needs contract version {foreign[0].api}; "
                f"this Echo Hub speaks {API_VERSION}. {advice}."
            )
            return replace(info, state="unsupported", error=error)
        for connector in declared:
            if len(rivals := sorted(claims[connector.name])) > 1:
                both = " and ".join(rivals)
                error = f"The plug-ins {both} both offer a connector {connector.name!r}. Disable one of them."
                return replace(info, state="conflict", error=error)
        return info

    def _hooks_of(self, plugin: object) -> tuple[str, ...]:
        """The hooks a plug-in implements.

        pluggy passes over a misspelt hook in silence until `check_pending`, which stops at the first; and over an
        unmarked one for ever. Here the plug-in that has one fails, and is told.
        """
        hooks = []
        for attribute in dir(plugin):
            options = self._relay.parse_hookimpl_opts(plugin, attribute)
            if options is None:
                if attribute in HOOK_NAMES and getattr(plugin, attribute) is not getattr(hookspecs, attribute):
                    raise TypeError(f"{attribute} is not marked with @hookimpl")
                continue
            name = options.get("specname") or attribute
            if name not in HOOK_NAMES and not options.get("optionalhook"):
                raise TypeError(f"there is no hook {name}; hooks are {', '.join(HOOK_NAMES)}")
            if options.get("wrapper") or options.get("hookwrapper"):
                raise TypeError(f"{name} is a wrapper; the contract has none")
            if name in HOOK_NAMES:
                hooks.append(name)
        return tuple(hooks)

    def _ask(self, name: str) -> list[Connector]:
        declared: list[Connector] = []
        for call in self._calls(CONNECTORS, [name]).values():
            declared.extend(call() or ())
        for connector in declared:
            if not isinstance(connector, Connector):
                raise TypeError(f"{CONNECTORS} gave a {type(connector).__name__} instead of a Connector")
            # Names and versions of all plug-ins are compared with one another later, where none can fail alone.
            if not isinstance(connector.name, str) or not CONNECTOR_NAME.fullmatch(connector.name):
                raise ValueError("it names a connector with something else than lower-case letters, digits, - and _")
            if type(connector.api) is not int:
                raise TypeError(
                    f"the contract version of {connector.name!r} is a {type(connector.api).__name__}, not an int"
                )
        names = [connector.name for connector in declared]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"it declares the connector {twice[0]!r} twice")
        return declared

    def _calls(self, hook: str, names: Iterable[str]) -> dict[str, Callable[..., Any]]:
        """One call per plug-in that implements `hook`, in name order: a raising one must not stop the others."""
        calls: dict[str, Callable[..., Any]] = {}
        implementing = {
            hookimpl.plugin_name: hookimpl.plugin for hookimpl in getattr(self._relay.hook, hook).get_hookimpls()
        }
        for name in sorted(set(names) & set(implementing)):
            others = [plugin for other, plugin in implementing.items() if other != name]
            calls[name] = _first_of(self._relay.subset_hook_caller(hook, others))
        return calls


def _import_error(connector: Connector) -> str:
    """What keeps the code a connector names from being imported; "" when nothing does."""
    for part in ("config", "http", "streams", "check", "sandbox"):
        reference = getattr(connector, part)
        if reference is None:
            continue
        try:
            load(reference)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001, as at loading: SystemExit of one must not end the others
            return f"The connector {connector.name!r} cannot be used, its {part} {reference!r}: {_one_line(error)}"
    return ""


def _itself(plugin: object) -> object:
    return plugin


def _first_of(caller: Callable[..., list[Any]]) -> Callable[..., Any]:
    """A hook's answer from the only plug-in it is called on: None where pluggy dropped a None."""

    def call(**arguments: Any) -> Any:
        answers = caller(**arguments)
        return answers[0] if answers else None

    return call


def _identity(point: EntryPoint) -> tuple[str, str, str, str]:
    distribution = point.dist
    if distribution is None:
        return point.name, "", "", point.value
    return point.name, distribution.name, distribution.version, point.value


def _wanted(only: Iterable[str] | None, variable: str | None) -> set[str] | None:
    names = variable.split(",") if only is None and variable is not None else only
    return None if names is None else {name.strip() for name in names if name.strip()}


def _api(declared: Iterable[Connector]) -> int | None:
    return max((connector.api for connector in declared), default=None)


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return redact(f"{type(error).__name__}: {text}" if text else type(error).__name__)[:300]
