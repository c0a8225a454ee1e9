"""`echo-hub tasks`: what waits, what is under way, what failed; cancelling and trying again."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from echo_hub.surfaces.cli.decisions import Most
from echo_hub.surfaces.cli.output import Json, print_json, print_table
from echo_hub.surfaces.cli.state import acting, open_hub
from echo_hub.surfaces.ids import LARGEST_ID

app = typer.Typer(
    help="Work that waits for a worker, is under way or is over.", no_args_is_help=True, rich_markup_mode=None
)
TaskId = Annotated[int, typer.Argument(metavar="TASK", min=1, max=LARGEST_ID, help="The task's number.")]
States = Literal["waiting", "leased", "done", "failed", "cancelled"]


@app.command("list")
def list_all(
    context: typer.Context,
    state: Annotated[States | None, typer.Option(help="Only in this state.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only of this kind.")] = None,
    limit: Most = 50,
    json: Json = False,
) -> None:
    """List tasks, the latest first."""
    from echo_hub.services.intents import tasks

    with open_hub(context) as hub:
        listed = tasks.tasks(acting(context, hub), hub, state=state, kind=kind, limit=limit)
    if json:
        print_json(listed)
        return
    print_table(
        ("Task", "Kind", "Key", "State", "Attempts", "Not before", "Over", "Progress", "What went wrong"),
        [
            (
                *(task.id, task.kind, task.key, task.state, f"{task.attempts}/{task.most_attempts}", task.not_before),
                *(task.finished_at, task.progress, task.error_message),
            )
            for task in listed
        ],
        empty="No task.",
    )


@app.command()
def show(context: typer.Context, task_id: TaskId, json: Json = False) -> None:
    """Show one task: how far it is, and what went wrong last."""
    from echo_hub.services.intents import tasks

    with open_hub(context) as hub:
        task = tasks.task(acting(context, hub), hub, task_id)
    if json:
        print_json(task)
        return
    print_table(("Task", str(task.id)), [(name, value) for name, value in task if name != "id"], empty="")


@app.command()
def cancel(context: typer.Context, task_id: TaskId) -> None:
    """Cancel a task; one that is under way is stopped soon, and stores nothing more."""
    from echo_hub.services.intents import tasks

    with open_hub(context) as hub:
        task = tasks.cancel(acting(context, hub), hub, task_id)
    typer.echo(f"Task {task.id} ({task.kind}) is cancelled.")


@app.command()
def retry(context: typer.Context, task_id: TaskId) -> None:
    """Let a task that failed or was cancelled begin anew, with all its attempts."""
    from echo_hub.services.intents import tasks

    with open_hub(context) as hub:
        task = tasks.retry(acting(context, hub), hub, task_id)
    typer.echo(f"Task {task.id} ({task.kind}) waits for a worker.")
