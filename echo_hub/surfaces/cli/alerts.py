"""`echo-hub alerts`: what is broken, a test of the channels, and silence for a while."""

from __future__ import annotations

from typing import Annotated

import typer

from echo_hub.surfaces.cli.decisions import Most
from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import acting, open_hub

app = typer.Typer(help="What is broken in syncing, and who is told of it.", no_args_is_help=True, rich_markup_mode=None)
NOT_DELIVERED = 1


@app.command("list")
def list_all(
    context: typer.Context,
    closed: Annotated[bool, typer.Option("--closed", help="Also what is over.")] = False,
    limit: Most = 50,
    json: Json = False,
) -> None:
    """List what is broken, the latest first."""
    from echo_hub.services.intents import alerts
    from echo_hub.surfaces.messages.wording import worded

    with open_hub(context) as hub:
        view = worded(alerts.alerts(acting(context, hub), hub, closed=closed, limit=limit))
    if json:
        print_json(view)
        return
    print_table(
        ("Alert", "Kind", "Connection", "What", "Since", "Told", "Over"),
        [
            (row.id, row.kind, row.connection, row.what.text, row.opened_at, row.told_at, row.closed_at)
            for row in view.alerts
        ],
        empty="No alert.",
    )
    for connection, until in view.muted.items():
        typer.echo(f"{connection} is muted until {until:%Y-%m-%d %H:%M} UTC.")
    if not view.channels:
        typer.echo("Nobody is told: no channel is set under [alerts].")


@app.command("test")
def try_channels(
    context: typer.Context,
    channel: Annotated[str | None, typer.Argument(help="mail, slack or a webhook's name; all unless given.")] = None,
    json: Json = False,
) -> None:
    """Send a test through the channels and say what came of it; exit code 1 where one is not delivered."""
    from echo_hub.services.intents import alerts
    from echo_hub.surfaces.messages.locales import current_locale
    from echo_hub.surfaces.messages.wording import saying

    with open_hub(context) as hub:
        tried = alerts.try_channels(acting(context, hub), hub, saying(current_locale()), channel)
    if json:
        print_json(tried)
    else:
        print_table(
            ("Channel", "Delivered", "What came of it"),
            [(row.channel, "yes" if row.ok else "no", row.outcome) for row in tried],
            empty="",
        )
    if not all(row.ok for row in tried):
        raise typer.Exit(NOT_DELIVERED)


@app.command()
def mute(
    context: typer.Context,
    connection: Annotated[str, typer.Argument(help="The connection.")],
    hours: Annotated[int, typer.Option(min=0, max=744, help="For how many hours; 0 ends it.")] = 24,
    json: Json = False,
) -> None:
    """Tell nobody of a connection's alerts for a while; what is still broken then is told."""
    from echo_hub.services.intents import alerts

    with open_hub(context) as hub:
        until = alerts.mute(acting(context, hub), hub, connection, hours)
    if json:
        print_json({"connection": connection, "muted_until": until})
    elif until is None:
        typer.echo(f"{connection} is not muted.")
    else:
        typer.echo(f"{connection} is muted until {until:%Y-%m-%d %H:%M} UTC.")
