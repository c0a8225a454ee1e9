"""`echo-hub policy`: what HR operations switch off. `echo-hub matching`: a person's own word on being matched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from echo_hub.surfaces.cli.decisions import Most, Note
from echo_hub.surfaces.cli.output import Json, print_json, print_table, say
from echo_hub.surfaces.cli.state import acting, open_hub
from echo_hub.surfaces.ids import LARGEST_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from echo_hub.services.policy_views import MatchingView, Scope, SwitchView

app = typer.Typer(help="What is switched off, and for whom.", no_args_is_help=True)
matching_app = typer.Typer(help="Whether a person is matched.", no_args_is_help=True)

Switched = Annotated[
    Literal["matching", "job", "project", "mentorship", "learning_path"],
    typer.Argument(help="Matching, or a kind of opportunity."),
]
Country = Annotated[str | None, typer.Option(help="Only for people in this country: ISO code or name.")]
Unit = Annotated[str | None, typer.Option(help="Only for people in this unit or below it.")]
Everybody = Annotated[bool, typer.Option("--everybody", help="For everybody.")]
Person = Annotated[str | None, typer.Argument(help="Id, employee id, work e-mail or name; left out, whoever acts.")]


@app.command("list")
def list_switches(context: typer.Context, json: Json = False) -> None:
    """List what is off now."""
    _listed(context, json, history=False, limit=200, empty="Nothing is switched off.")


@app.command("history")
def history(context: typer.Context, limit: Most = 50, json: Json = False) -> None:
    """List every decision, the latest first."""
    _listed(context, json, history=True, limit=limit, empty="Nothing was ever switched off.")


def _switching(is_off: bool) -> Callable[..., None]:
    def switch(
        context: typer.Context,
        what: Switched,
        reason: Note,
        country: Country = None,
        unit: Unit = None,
        everybody: Everybody = False,
        json: Json = False,
    ) -> None:
        from echo_hub.services.intents import policy

        if sum((country is not None, unit is not None, everybody)) != 1:
            raise typer.BadParameter("say for whom: --country, --unit or --everybody, one of them")
        scope: Scope = "country" if country is not None else "unit" if unit is not None else "everybody"
        with open_hub(context) as hub:
            made = policy.switch(
                acting(context, hub), hub, what, off=is_off, scope=scope, value=country or unit or "", reason=reason
            )
        _show((made,), json, empty="")
        say(f"Undo with: echo-hub policy undo {made.id}")

    return switch


app.command("off", help="Switch matching or a kind off for some people, from their next request on.")(_switching(True))
app.command("on", help="Switch on again what was switched off for these very people.")(_switching(False))


@app.command("undo")
def undo(
    context: typer.Context,
    decisions: Annotated[list[int], typer.Argument(min=0, max=LARGEST_ID, help="Numbers that `history` shows.")],
    json: Json = False,
) -> None:
    """Take decisions back; what counted before each counts again."""
    from echo_hub.services.intents import policy

    with open_hub(context) as hub:
        undone = policy.undo(acting(context, hub), hub, decisions)
    _show(undone, json, empty="")


@matching_app.command("status")
def status(context: typer.Context, person: Person = None, json: Json = False) -> None:
    """Say whether a person is matched, and which kinds are there for them."""
    from echo_hub.services.intents import matching
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        state = worded(matching.matching(acting(context, hub), hub, person))
    _say(state, json)


@matching_app.command("opt-out")
def opt_out(context: typer.Context, person: Person = None, json: Json = False) -> None:
    """Take a person out of matching, from the next request on; search still works, unranked."""
    _opt(context, person, True, json)


@matching_app.command("opt-in")
def opt_in(context: typer.Context, person: Person = None, json: Json = False) -> None:
    """Match a person again."""
    _opt(context, person, False, json)


def _listed(context: typer.Context, json: bool, *, history: bool, limit: int, empty: str) -> None:
    from echo_hub.services.intents import policy

    with open_hub(context) as hub:
        shown = policy.switches(acting(context, hub), hub, history=history, limit=limit)
    _show(shown, json, empty=empty)


def _show(switches: tuple[SwitchView, ...], json: bool, *, empty: str) -> None:
    if json:
        print_json(switches)
        return
    print_table(
        ("Decision", "What", "For", "Is", "People", "Counts", "By", "At", "Why"),
        [
            (
                *(switch.id, switch.what.replace("_", " "), switch.whom, "off" if switch.off else "on"),
                *(switch.people, switch.counts, switch.decider, switch.decided_at, switch.reason),
            )
            for switch in switches
        ],
        empty=empty,
    )


def _opt(context: typer.Context, person: str | None, out: bool, json: bool) -> None:
    from echo_hub.services.intents import matching
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        state = worded(matching.opt(acting(context, hub), hub, person, out=out))
    _say(state, json)


def _say(state: MatchingView, json: bool) -> None:
    if json:
        print_json(state)
        return
    typer.echo(f"{state.name} is matched." if state.unranked is None else state.unranked.text)
    if state.opted_out and state.matched is False:
        typer.echo("Opted out. The way back: echo-hub matching opt-in")
    typer.echo(f"Kinds: {', '.join(kind.replace('_', ' ') for kind in state.kinds) or 'none'}")
