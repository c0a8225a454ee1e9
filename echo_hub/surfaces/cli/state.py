"""What the global options chose, and the hub they open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from echo_hub.surfaces.cli.output import say
from echo_hub.surfaces.messages.locales import choose_locale

if TYPE_CHECKING:
    from echo_hub.application import Hub
    from echo_hub.services.actor import Actor


@dataclass(frozen=True, slots=True)
class Chosen:
    """The settings file, whether plug-ins are loaded, whom the command acts as, and the language asked for.

    Without `person` the operator acts; without `locale` the settings say the language.
    """

    config: Path
    no_plugins: bool
    person: str | None = None
    locale: str | None = None
    verbose: bool = False


def chosen(context: typer.Context) -> Chosen:
    """What the global options chose."""
    state: Chosen = context.obj
    return state


def open_hub(context: typer.Context, *, lenient: bool = True) -> Hub:
    """The hub of the chosen settings file. Use it as a context manager.

    Args:
        lenient: what only reads the database works although a connection cannot be used; it is named on standard error.
    """
    from echo_hub.application import Hub

    state = chosen(context)
    hub = Hub.open(state.config, no_plugins=state.no_plugins, lenient=lenient)
    if state.locale is None:
        choose_locale(hub.settings.locale)
    for name, problems in hub.settings.unusable.items():
        say(f"{name} cannot be synced now: {problems[0]}")
    return hub


def acting(context: typer.Context, hub: Hub) -> Actor:
    """Who acts: the operator of this machine, or the person that `--as` names.

    Raises:
        UnknownPersonError, AmbiguousPersonError: `--as` names nobody, or several people.
        ForbiddenError: that person has left or has not started yet.
    """
    from echo_hub.services.actor import OPERATOR
    from echo_hub.services.actors import act_as

    person = chosen(context).person
    return OPERATOR if person is None else act_as(hub, person, came_by="command line")
