"""`echo-hub quarantine` and `echo-hub replay`: records that could not be read, why, and reading them again."""

from __future__ import annotations

from typing import Annotated

import typer

from echo_hub.surfaces.cli.output import Json, print_json, print_table, say
from echo_hub.surfaces.cli.state import acting, open_hub
from echo_hub.surfaces.ids import LARGEST_ID

Stream = Annotated[str | None, typer.Option(help="Only of this stream.")]


def quarantine(
    context: typer.Context,
    connection: Annotated[str | None, typer.Argument(help="Only this connection.")] = None,
    stream: Stream = None,
    resolved: Annotated[bool, typer.Option("--resolved", help="Also those that have been mended since.")] = False,
    reasons: Annotated[bool, typer.Option("--reasons", help="How many there are of each reason.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many records, the latest first.")] = 200,
    json: Json = False,
) -> None:
    """List records that could not be read: field, value and reason."""
    from echo_hub.services.intents import quarantine as aside

    with open_hub(context) as hub:
        actor = acting(context, hub)
        records = aside.records(
            actor, hub, connection, stream, resolved=resolved, limit=1 if reasons else limit, configured=True
        )
        counted = aside.reasons(actor, hub, connection, stream, resolved=resolved)
        values = {} if json or reasons else {record.id: aside.value(actor, hub, record.id).value for record in records}
    if json:
        print_json(counted if reasons else records)
    elif reasons:
        print_table(
            ("Connection", "Stream", "Field", "Records", "Reason", "Code"),
            [(row.connection, row.stream, row.field, row.count, row.message, row.code) for row in counted],
            empty="Nothing is in quarantine.",
        )
    else:
        print_table(
            ("Record", "Connection", "Stream", "Key", "Field", "Value", "Last seen", "Reason"),
            [
                (
                    *(row.id, row.connection, row.stream, row.source_key, row.field, values[row.id]),
                    *(row.last_seen_at, row.message),
                )
                for row in records
            ],
            empty="Nothing is in quarantine.",
        )
        left_out = sum(row.count for row in counted) - len(records)
        if left_out > 0:
            say(f"{left_out:,} more: --limit {len(records) + left_out} lists all of them, --reasons counts them.")


def replay(
    context: typer.Context,
    connection: Annotated[str | None, typer.Argument(help="Records of this connection.")] = None,
    stream: Stream = None,
    record: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, help="Only this record; the connection need not be named.")
    ] = None,
    json: Json = False,
) -> None:
    """Read records in quarantine again, after a fix of the settings or the connector; the source is not asked."""
    from echo_hub.services.intents import quarantine as aside

    if (connection is None) == (record is None) or (record is not None and stream is not None):
        raise typer.BadParameter("Name a connection, and a stream if you like; or one --record.")
    with open_hub(context) as hub:
        actor = acting(context, hub)
        if record is not None:
            results = [aside.replay_record(actor, hub, record)]
        else:
            results = aside.replay(actor, hub, connection or "", stream)
    if json:
        print_json(results)
        return
    print_table(
        ("Connection", "Stream", "Came in", "Stay in quarantine"),
        [(row.connection, row.stream, row.resolved, row.remaining) for row in results],
        empty="Nothing was read before.",
    )
