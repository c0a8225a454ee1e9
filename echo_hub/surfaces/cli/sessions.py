"""Where somebody is signed in, signing them out, and giving up an account that was joined to them."""

from __future__ import annotations

from typing import Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table, say
from echo_hub.surfaces.cli.state import acting, open_hub

app = typer.Typer(help="Sessions of people who are signed in.", no_args_is_help=True)
Person = Annotated[str, typer.Argument(help="Employee id, work e-mail or name.")]


@app.command("list")
def list_sessions(context: typer.Context, person: Person, json: Json = False) -> None:
    """List where a person is signed in, the latest first."""
    from echo_hub.services.intents import sessions

    with open_hub(context) as hub:
        listed = sessions.sessions(acting(context, hub), hub, person)
    if json:
        print_json(listed)
        return
    print_table(
        ("Session", "Since", "Last used"),
        [(session.id, session.started_at, session.seen_at) for session in listed],
        empty="Not signed in anywhere.",
    )


@app.command("end")
def end(context: typer.Context, person: Person) -> None:
    """Sign a person out everywhere, at once."""
    from echo_hub.services.intents import sessions

    with open_hub(context) as hub:
        ended = sessions.end(acting(context, hub), hub, person)
    say(f"{ended} {'session' if ended == 1 else 'sessions'} ended.")


@app.command("unlink")
def unlink(context: typer.Context, person: Person) -> None:
    """Forget which account is a person's, and sign them out; the next sign-in that fits joins one anew."""
    from echo_hub.services.intents import sessions

    with open_hub(context) as hub:
        accounts = sessions.unlink(acting(context, hub), hub, person)
    say(f"{accounts} {'account' if accounts == 1 else 'accounts'} unlinked.")
