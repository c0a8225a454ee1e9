"""`echo-hub doctor`: what is wrong with a set-up, and how to mend it."""

from __future__ import annotations

from typing import Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, say
from echo_hub.surfaces.cli.state import chosen


def doctor(
    context: typer.Context,
    online: Annotated[bool, typer.Option("--online", help="Also ask every connection's host.")] = False,
    host: Annotated[str, typer.Option(help="The address `echo-hub serve` is to listen on.")] = "127.0.0.1",
    json: Json = False,
) -> None:
    """Look for the likeliest mistakes of a set-up. Writes nothing; exit code 1 when something is wrong."""
    from echo_hub.upkeep.doctor import examine

    state = chosen(context)
    findings = examine(state.config, no_plugins=state.no_plugins, host=host, online=online)
    if json:
        print_json(findings)
    else:
        for each in findings:
            typer.echo(f"{each.level}: {each.where} [{each.code}]\n  {each.what}\n  {each.mend}")
        if not findings:
            say("Nothing is wrong." if online else "Nothing is wrong. --online also asks the connections' hosts.")
    if any(each.level == "wrong" for each in findings):
        raise typer.Exit(1)
